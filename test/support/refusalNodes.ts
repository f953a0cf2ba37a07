// The nodes that refusals are tried on, as compiled programs: one that mines and has an open mempool; one that does not
// mine, whose mempool is full and whose wallet is on; and one whose chain begins in the future, so that it is not ready.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, type ClientResult, createClient } from "../../src/client/index.ts";
import { type ChainInfoJson, type TransactionJson, transactionToJson } from "../../src/client/json/index.ts";
import { type Address, bytesToHex, type Hash } from "../../src/core/primitives/index.ts";
import { createSigningDomain, signTransaction, type Transaction } from "../../src/core/protocol/index.ts";
import { type RunningBinary, startBinary } from "./binary.ts";
import { TEST_BALANCE, type TestAccount, testAccount, testAccounts, transfer } from "./chainFixture.ts";
import { createProgramRunner } from "./refusalProgram.ts";

export type RefusalNodeName = "open" | "narrow" | "early";

/** Who has done what before the first refusal: see `createRefusalNodes`. */
export const people = {
  /** Has sent one transaction, which is included; her key is in the wallet of the narrow node. */
  alice: testAccount(0),
  /** Has one transaction in either mempool: on the open node with nonce 1, which waits for nonce 0. */
  bob: testAccount(1),
  /** Has one transaction in the mempool of the narrow node, and as many as she may have in that of the open one. */
  carol: testAccount(2),
  /** Has sent nothing. */
  dave: testAccount(3),
} as const;

/** What bob's transaction in the open mempool takes and offers. */
export const WAITING = { amount: 600_000_000, gasPrice: 10 } as const;
/** The least price on the narrow node, which the transactions in its mempool offer. */
export const NARROW_GAS_PRICE = 3;
export const OPEN_BODY_SIZE_BYTES_MAX = 16_384;
export const OPEN_PER_ACCOUNT_MAX = 2;

export interface TransferFields {
  readonly amount?: number;
  readonly nonce?: number;
  readonly gasLimit?: number;
  readonly gasPrice?: number;
  readonly expiry?: number;
  /** Instead of this chain's. */
  readonly genesisHash?: Hash;
}

export interface RefusalNode {
  readonly url: string;
  readonly client: Client;
  readonly info: ChainInfoJson;
  /** A transfer to dave as JSON, signed by its sender; nothing of it is checked. */
  signed(sender: TestAccount, fields?: TransferFields): TransactionJson;
  signedAs(sender: TestAccount, transaction: Transaction): TransactionJson;
  /** All that a refused request must not change. */
  snapshot(): Promise<object>;
}

const SECTIONS: Readonly<Record<RefusalNodeName, string>> = {
  open: `
[mining]
on_demand = true
max_interval_ms = 3600000

[mempool]
per_account_max = ${OPEN_PER_ACCOUNT_MAX}

[api]
body_size_bytes_max = ${OPEN_BODY_SIZE_BYTES_MAX}
`,
  narrow: `
[mining]
enabled = false

[mempool]
count_max = 2

[wallet]
enabled = true
keys = ["${bytesToHex(people.alice.secretKey)}"]
`,
  early: "",
};
// 2100-01-01T00:00:00Z
const FUTURE_MS = 4_102_444_800_000;

function configText(name: RefusalNodeName): string {
  const balances = testAccounts.map(({ address }) => `"${address}" = ${TEST_BALANCE}\n`);
  return `
[consensus]
pow_difficulty = 1
pow_retarget = false
block_time_ms = 1000

[genesis]
chain_name = "${name}"
gas_price_min = ${name === "narrow" ? NARROW_GAS_PRICE : 0}
${name === "early" ? `timestamp_ms = ${FUTURE_MS}` : ""}
${SECTIONS[name]}
[state.accounts]
${balances.join("")}`;
}

export async function accepted<Value>(answer: Promise<ClientResult<Value>>): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new RangeError(JSON.stringify(result.error));
  return result.value;
}

async function takeSnapshot(client: Client): Promise<object> {
  const { transactions, count, sizeBytes } = await accepted(client.mempool({ countMax: 1000 }));
  const [{ stateRoot }, { supply }, accounts, waiting] = await Promise.all([
    accepted(client.head()),
    accepted(client.info()),
    Promise.all(Object.values(people).map(({ address }) => accepted(client.account(address)))),
    Promise.all(transactions.map(({ hash }) => accepted(client.transaction(hash)))),
  ]);
  // The head may go on by empty blocks, which leave the state as it is.
  return { stateRoot, supply, accounts, mempool: { count, sizeBytes, transactions, waiting } };
}

async function createRefusalNode({ url }: Pick<RunningBinary, "url">): Promise<RefusalNode> {
  const client = createClient({ url });
  const info = await accepted(client.info());
  const signWith = (genesisHash: Hash, sender: TestAccount, transaction: Transaction) => {
    const domain = createSigningDomain(genesisHash);
    const signed = signTransaction({ transaction, secretKey: sender.secretKey, domain });
    return transactionToJson({ signed, hash: signed.hash });
  };
  return {
    url,
    client,
    info,
    signed: (sender, { genesisHash, ...fields } = {}) => {
      const receiver: Address = people.dave.address;
      const preset = { amount: 5, nonce: 0, gasPrice: info.parameters.gasPriceMin };
      const draft = transfer({ from: sender.address, to: receiver, ...preset, ...fields });
      return signWith(genesisHash ?? info.genesisHash, sender, draft);
    },
    signedAs: (sender, transaction) => signWith(info.genesisHash, sender, transaction),
    snapshot: () => takeSnapshot(client),
  };
}

export interface RefusalNodes extends Readonly<Record<RefusalNodeName, RefusalNode>> {
  stop(): Promise<void>;
}

/** Starts the nodes, and has the people send what the refusals need to be there. */
export async function createRefusalNodes(): Promise<RefusalNodes> {
  const folder = mkdtempSync(join(tmpdir(), "aureon-refusals-"));
  const prepare = (name: RefusalNodeName) => {
    const datadir = join(folder, name);
    mkdirSync(datadir);
    writeFileSync(join(datadir, "config.toml"), configText(name));
    return datadir;
  };
  const start = (name: RefusalNodeName) => startBinary({ command: ["start"], datadir: prepare(name) });
  const program = createProgramRunner({ cwd: () => folder });
  // The last never gets ready, which `startBinary` would wait for.
  const early = program.serve(["start", "--datadir", prepare("early")]);
  const [first, second, third] = await Promise.all([start("open"), start("narrow"), early]);
  const nodes = await Promise.all([first, second, third].map(createRefusalNode));
  const [open, narrow, notReady] = nodes as [RefusalNode, RefusalNode, RefusalNode];
  const { alice, bob, carol } = people;
  await accepted(open.client.submit(open.signed(alice), { waitMs: 10_000 }));
  await accepted(open.client.submit(open.signed(bob, { nonce: 1, ...WAITING })));
  for (let nonce = 1; nonce <= OPEN_PER_ACCOUNT_MAX; nonce++) {
    await accepted(open.client.submit(open.signed(carol, { nonce })));
  }
  for (const sender of [bob, carol]) await accepted(narrow.client.submit(narrow.signed(sender)));
  return {
    open,
    narrow,
    early: notReady,
    stop: async () => {
      await Promise.all([first.stop(), second.stop(), program.stopAll()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
