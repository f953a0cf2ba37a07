// Signed transfers a second, from HTTP to included: durable on Aureon's disk, in Anvil's memory. Beside the rate at which one
// core recovers signatures, and beside Anvil with the same load. TRANSFERS and ROUNDS in the environment change the size.

import { keccak256 } from "viem";
import { useCryptoBackend } from "../src/core/crypto/index.ts";
import type { Hash } from "../src/core/primitives/index.ts";
import { createSigningDomain } from "../src/core/protocol/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { freePort } from "../test/support/binary.ts";
import { signedTransfer } from "../test/support/chainFixture.ts";
import { type BenchAccount, benchAccounts } from "./support/accounts.ts";
import { startAnvil } from "./support/anvil.ts";
import { type MiningMode, startAureon } from "./support/aureon.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { startLoad } from "./support/load.ts";
import { canReadProcesses, processorMs } from "./support/processor.ts";
import { measureRecovery } from "./support/recovery.ts";

const CLIENTS = 64;
const BATCH = 50;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
// Sent before the clock starts, so that no node is measured cold.
const WARM_UP_EACH = 100;
const MEASURED_EACH = Math.ceil(Number(process.env.TRANSFERS ?? 32_000) / CLIENTS / BATCH) * BATCH;
const MEASURED = MEASURED_EACH * CLIENTS;
const POLL_MS = 5;
const INCLUSION_TIMEOUT_MS = 120_000;
const AIM_OF_RECOVERY = 0.5;
const AIM_OF_ANVIL = 2;

/** One client's transfers, by one account and in the order of their nonces. */
interface Signed {
  readonly hash: string;
  readonly body: string;
}

interface Target {
  readonly port: number;
  readonly pid: number;
  readonly isIncluded: (hash: string) => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

interface Shape {
  readonly batch: number;
  readonly path: string;
  readonly join: (bodies: readonly string[]) => string;
}

/** Cuts each client's transfers into requests. */
function requestsOf(signed: readonly (readonly Signed[])[], shape: Shape): string[][] {
  return signed.map((transfers) => {
    const requests: string[] = [];
    for (let start = 0; start < transfers.length; start += shape.batch) {
      requests.push(shape.join(transfers.slice(start, start + shape.batch).map(({ body }) => body)));
    }
    return requests;
  });
}

/** The last of each client's transfers is included, and with it, since nonces leave no gap, all before it. */
async function untilIncluded(target: Target, signed: readonly (readonly Signed[])[]): Promise<void> {
  const deadlineMs = performance.now() + INCLUSION_TIMEOUT_MS;
  for (const transfers of signed) {
    const { hash } = transfers.at(-1) as Signed;
    while (!(await target.isIncluded(hash))) {
      if (performance.now() > deadlineMs) throw new RangeError(`transfer ${hash} was not included in time`);
      await Bun.sleep(POLL_MS);
    }
  }
}

interface Rate {
  readonly perSecond: number;
  /** Processor time of the node for a transfer; undefined where it can't be read. */
  readonly processorUs: number | undefined;
}

/** One run against a fresh node. */
async function measureOnce(target: Target, signed: readonly (readonly Signed[])[], shape: Shape): Promise<Rate> {
  const parts = [
    signed.map((transfers) => transfers.slice(0, WARM_UP_EACH)),
    signed.map((transfers) => transfers.slice(WARM_UP_EACH)),
  ] as const;
  const load = await startLoad({
    port: target.port,
    path: shape.path,
    phases: parts.map((part) => requestsOf(part, shape)),
  });
  try {
    await load.runPhase();
    await untilIncluded(target, parts[0]);
    const before = { ms: performance.now(), processorMs: canReadProcesses ? processorMs(target.pid) : 0 };
    await load.runPhase();
    await untilIncluded(target, parts[1]);
    return {
      perSecond: (MEASURED / (performance.now() - before.ms)) * 1000,
      processorUs: canReadProcesses ? ((processorMs(target.pid) - before.processorMs) * 1000) / MEASURED : undefined,
    };
  } finally {
    await load.stop();
    await target.stop();
  }
}

async function bestOf(name: string, run: () => Promise<Rate>): Promise<Rate> {
  const rates: Rate[] = [];
  for (let round = 0; round < ROUNDS; round++) rates.push(await run());
  const shown = rates.map(
    ({ perSecond, processorUs }) => `${perSecond.toFixed(0)} (${processorUs?.toFixed(0) ?? "?"} us)`,
  );
  progress(`${name}: ${shown.join(", ")} a second`);
  return rates.reduce((best, rate) => (rate.perSecond > best.perSecond ? rate : best));
}

async function openAureon(accounts: readonly BenchAccount[], mode: MiningMode): Promise<Target & { url: string }> {
  const node = await startAureon({ accounts: accounts.map(({ address }) => address), mode });
  const isIncluded = async (hash: string) => {
    const answer = await fetch(`${node.url}/tx/${hash}`);
    return ((await answer.json()) as { tx: { state: string } }).tx.state !== "pending";
  };
  return { port: node.port, pid: node.pid, url: node.url, isIncluded, stop: node.stop };
}

async function openAnvil(flags: readonly string[]): Promise<Target | undefined> {
  const anvil = await startAnvil({ port: freePort(), accounts: CLIENTS, flags });
  if (anvil === undefined) return undefined;
  const isIncluded = async (hash: string) => (await anvil.rpc("eth_getTransactionReceipt", [hash])) !== null;
  return { port: anvil.port, pid: anvil.pid, isIncluded, stop: anvil.stop };
}

const perClient = WARM_UP_EACH + MEASURED_EACH;

async function signForAureon(accounts: readonly BenchAccount[]): Promise<Signed[][]> {
  const node = await openAureon(accounts, "onDemand");
  const { chain } = (await (await fetch(`${node.url}/chain/info`)).json()) as { chain: { genesisHash: Hash } };
  await node.stop();
  const domain = createSigningDomain(chain.genesisHash);
  return accounts.map((sender, index) => {
    const to = (accounts[(index + 1) % accounts.length] as BenchAccount).address;
    return Array.from({ length: perClient }, (_, nonce) => {
      const { transaction, signature, hash } = signedTransfer({ sender, to, amount: 1, nonce, domain });
      return { hash, body: JSON.stringify({ ...transaction, signature }) };
    });
  });
}

async function signForAnvil(accounts: readonly BenchAccount[]): Promise<Signed[][]> {
  const chainId = 31_337;
  const fees = { gas: 21_000n, maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1n };
  const signed: Signed[][] = [];
  for (const [index, { viem }] of accounts.entries()) {
    const to = (accounts[(index + 1) % accounts.length] as BenchAccount).address;
    const ofAccount: Signed[] = [];
    for (let nonce = 0; nonce < perClient; nonce++) {
      const raw = await viem.signTransaction({ type: "eip1559", chainId, to, value: 1n, nonce, ...fees });
      const body = JSON.stringify({ jsonrpc: "2.0", id: nonce, method: "eth_sendRawTransaction", params: [raw] });
      ofAccount.push({ hash: keccak256(raw), body });
    }
    signed.push(ofAccount);
  }
  return signed;
}

const AUREON_SHAPES: readonly Shape[] = [
  { batch: 1, path: "/submit-tx", join: ([body]) => body as string },
  { batch: BATCH, path: "/submit-txs", join: (bodies) => `{"txs":[${bodies.join(",")}]}` },
];
const ANVIL_SHAPES: readonly Shape[] = [
  { batch: 1, path: "/", join: ([body]) => body as string },
  { batch: BATCH, path: "/", join: (bodies) => `[${bodies.join(",")}]` },
];
const AUREON_MODES: readonly { readonly mode: MiningMode; readonly name: string }[] = [
  { mode: "onDemand", name: "blocks on demand" },
  { mode: "blocks", name: "a block a second" },
];
// Where Anvil makes a block for each transaction that comes, many of them stay in its pool under this load.
const ANVIL_FLAGS = ["--block-time", "1"];

/** Undefined where Anvil is not installed. */
async function measureAnvil(signed: readonly (readonly Signed[])[], shape: Shape): Promise<Rate | undefined> {
  const probe = await openAnvil(ANVIL_FLAGS);
  if (probe === undefined) return undefined;
  await probe.stop();
  return bestOf(`Anvil, ${shape.batch} a request`, async () =>
    measureOnce((await openAnvil(ANVIL_FLAGS)) as Target, signed, shape),
  );
}

useCryptoBackend(chooseCryptoBackend().backend);
const accounts = benchAccounts(CLIENTS);
progress(`signing ${perClient * CLIENTS} transfers for each node`);
const forAureon = await signForAureon(accounts);
const forAnvil = await signForAnvil(accounts);
const recovery = measureRecovery();
const figures: Figure[] = [];
for (const [index, shape] of AUREON_SHAPES.entries()) {
  const anvil = await measureAnvil(forAnvil, ANVIL_SHAPES[index] as Shape);
  for (const { mode, name } of AUREON_MODES) {
    const { perSecond, processorUs } = await bestOf(`Aureon, ${name}, ${shape.batch} a request`, async () =>
      measureOnce(await openAureon(accounts, mode), forAureon, shape),
    );
    const what = `transfers, ${shape.batch} a request, ${name}`;
    const measured = `${readable(perSecond)} a second`;
    figures.push({
      what,
      measured,
      beside: `recovery, one core: ${readable(recovery.perSecond)} a second`,
      ratio: perSecond / recovery.perSecond,
      aim: { atLeast: AIM_OF_RECOVERY },
    });
    if (processorUs !== undefined) {
      figures.push({
        what: `${what}: processor time of the node for one`,
        measured: `${readable(processorUs)} us`,
        beside: `recovery ${readable(recovery.microseconds)} us`,
        ratio: processorUs / recovery.microseconds,
      });
    }
    if (anvil === undefined) continue;
    figures.push({
      what,
      measured,
      beside: `Anvil: ${readable(anvil.perSecond)} a second`,
      ratio: perSecond / anvil.perSecond,
      aim: { atLeast: AIM_OF_ANVIL },
    });
  }
}
publish({
  title: "Transfers over HTTP, to included",
  figures,
  notes: [
    `${CLIENTS} clients with an account and a connection each send ${MEASURED.toLocaleString("en-US")} transfers that were signed beforehand; the best of ${ROUNDS} runs, each on a fresh node. The load generator has a process of its own on the same cores.`,
    `The clock stops when the last transfer of every account is included: on Aureon on the disk, on Anvil in memory. Recovery: ${recovery.backend}.`,
    "Anvil makes a block a second, without a limit that the load would reach; with a block for each transaction, many of them stay in its pool.",
  ],
});
