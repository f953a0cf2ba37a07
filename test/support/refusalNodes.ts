// The two nodes that refusals are tried on, as compiled programs: one that mines and has an open mempool, and one that
// does not mine, whose mempool is full and whose wallet is on.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, type ClientResult, createClient } from "../../src/client/index.ts";
import { type ChainInfoJson, type TransactionJson, transactionToJson } from "../../src/client/json/index.ts";
import { type Address, bytesToHex, type Hash } from "../../src/core/primitives/index.ts";
import { createSigningDomain, signTransaction, type Transaction } from "../../src/core/protocol/index.ts";
import { type RunningBinary, startBinary } from "./binary.ts";
import { TEST_BALANCE, type TestAccount, testAccount, testAccounts, transfer } from "./chainFixture.ts";

export type RefusalNodeName = "open" | "narrow";

/** Who has done what before the first refusal: see `createRefusalNodes`. */
export const people = {
  /** Has sent one transaction, which is included; her key is in the wallet of the narrow node. */
  alice: testAccount(0),
  /** Has one transaction in either mempool: on the open node with nonce 1, which waits for nonce 0. */
  bob: testAccount(1),
  /** Has one transaction in the mempool of the narrow node. */
  carol: testAccount(2),
  /** Has sent nothing. */
  dave: testAccount(3),
} as const;

/** What bob's transaction in the open mempool takes and offers. */
export const WAITING = { amount: 600_000_000, gasPrice: 10 } as const;
/** The least price on the narrow node, which the transactions in its mempool offer. */
export const NARROW_GAS_PRICE = 3;
export const OPEN_BODY_SIZE_BYTES_MAX = 16_384;

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

[api]
body_size_bytes_max = ${OPEN_BODY_SIZE_BYTES_MAX}
`,
  narrow: `
[mining]
enabled = false

[mempool]
count_max = 2
per_account_max = 1

[wallet]
enabled = true
keys = ["${bytesToHex(people.alice.secretKey)}"]
`,
};

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

async function createRefusalNode({ url }: RunningBinary): Promise<RefusalNode> {
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

/** Starts both nodes, and has the people send what the refusals need to be there. */
export async function createRefusalNodes(): Promise<RefusalNodes> {
  const folder = mkdtempSync(join(tmpdir(), "aureon-refusals-"));
  const start = (name: RefusalNodeName) => {
    const datadir = join(folder, name);
    mkdirSync(datadir);
    writeFileSync(join(datadir, "config.toml"), configText(name));
    return startBinary({ command: ["start"], datadir });
  };
  const running = await Promise.all([start("open"), start("narrow")]);
  const [open, narrow] = await Promise.all([createRefusalNode(running[0]), createRefusalNode(running[1])]);
  const { alice, bob, carol } = people;
  await accepted(open.client.submit(open.signed(alice), { waitMs: 10_000 }));
  await accepted(open.client.submit(open.signed(bob, { nonce: 1, ...WAITING })));
  for (const sender of [bob, carol]) await accepted(narrow.client.submit(narrow.signed(sender)));
  return {
    open,
    narrow,
    stop: async () => {
      await Promise.all(running.map((node) => node.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
