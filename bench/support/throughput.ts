// How many transactions a second a node takes from HTTP to included: the nodes as targets, requests of one or many
// transactions, and a run against a fresh node.

import type { Address } from "../../src/core/primitives/index.ts";
import { freePort } from "../../test/support/binary.ts";
import { startAnvil } from "./anvil.ts";
import { type MiningMode, startAureon } from "./aureon.ts";
import { progress } from "./figures.ts";
import { startLoad } from "./load.ts";
import { canReadProcesses, processorMs } from "./processor.ts";

export const BATCH = 50;
const POLL_MS = 5;
const INCLUSION_TIMEOUT_MS = 120_000;

/** One transaction, as a request has it. */
export interface Signed {
  readonly hash: string;
  readonly body: string;
}

/** For each client its transactions: of one account, and in the order of their nonces. */
export type SignedByClient = readonly (readonly Signed[])[];

export interface Target {
  readonly port: number;
  readonly pid: number;
  /** @throws RangeError when the transaction is included, but has failed */
  readonly isIncluded: (hash: string) => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

export interface Shape {
  readonly batch: number;
  readonly path: string;
  readonly join: (bodies: readonly string[]) => string;
}

export const AUREON_SHAPES: readonly Shape[] = [
  { batch: 1, path: "/submit-tx", join: ([body]) => body as string },
  { batch: BATCH, path: "/submit-txs", join: (bodies) => `{"txs":[${bodies.join(",")}]}` },
];
export const ANVIL_SHAPES: readonly Shape[] = [
  { batch: 1, path: "/", join: ([body]) => body as string },
  { batch: BATCH, path: "/", join: (bodies) => `[${bodies.join(",")}]` },
];

// Where Anvil makes a block for each transaction that comes, many of them stay in its pool under this load.
const ANVIL_FLAGS = ["--block-time", "1"];

/** Cuts each client's transactions into requests. */
function requestsOf(signed: SignedByClient, shape: Shape): string[][] {
  return signed.map((transactions) => {
    const requests: string[] = [];
    for (let start = 0; start < transactions.length; start += shape.batch) {
      requests.push(shape.join(transactions.slice(start, start + shape.batch).map(({ body }) => body)));
    }
    return requests;
  });
}

/** The last of each client's transactions is included, and with it, since nonces leave no gap, all before it. */
async function untilIncluded(target: Target, signed: SignedByClient): Promise<void> {
  const deadlineMs = performance.now() + INCLUSION_TIMEOUT_MS;
  for (const transactions of signed) {
    const last = transactions.at(-1);
    while (last !== undefined && !(await target.isIncluded(last.hash))) {
      if (performance.now() > deadlineMs) throw new RangeError(`transaction ${last.hash} was not included in time`);
      await Bun.sleep(POLL_MS);
    }
  }
}

export interface Rate {
  readonly perSecond: number;
  /** Processor time of the node for a transaction; undefined where it can't be read. */
  readonly processorUs: number | undefined;
}

/**
 * One run against a fresh node, which it stops.
 * @param options.phases of as many clients each; the clock runs in the last
 */
export async function measureOnce(options: {
  target: Target;
  phases: readonly SignedByClient[];
  shape: Shape;
}): Promise<Rate> {
  const { target, phases, shape } = options;
  const load = await startLoad({
    port: target.port,
    path: shape.path,
    phases: phases.map((signed) => requestsOf(signed, shape)),
  });
  const usedMs = () => (canReadProcesses ? processorMs(target.pid) : 0);
  try {
    let before = { ms: 0, processorMs: 0 };
    for (const signed of phases) {
      before = { ms: performance.now(), processorMs: usedMs() };
      await load.runPhase();
      await untilIncluded(target, signed);
    }
    const elapsedMs = performance.now() - before.ms;
    const count = (phases.at(-1) ?? []).reduce((sum, transactions) => sum + transactions.length, 0);
    return {
      perSecond: (count / elapsedMs) * 1000,
      processorUs: canReadProcesses ? ((usedMs() - before.processorMs) * 1000) / count : undefined,
    };
  } finally {
    await load.stop();
    await target.stop();
  }
}

/** What is sent before the clock starts, so that no node is measured cold, and what is measured. */
export function phasesOf(signed: SignedByClient, warmUpEach: number): readonly SignedByClient[] {
  return [
    signed.map((transactions) => transactions.slice(0, warmUpEach)),
    signed.map((transactions) => transactions.slice(warmUpEach)),
  ];
}

/** The fastest, after all of them have been told. */
export function bestOf(name: string, rates: readonly Rate[]): Rate {
  const shown = rates.map(
    ({ perSecond, processorUs }) => `${perSecond.toFixed(0)} (${processorUs?.toFixed(0) ?? "?"} us)`,
  );
  progress(`${name}: ${shown.join(", ")} a second`);
  return rates.reduce((best, rate) => (rate.perSecond > best.perSecond ? rate : best));
}

function checkOutcome(hash: string, outcome: string, expected: string): void {
  if (outcome !== expected) throw new RangeError(`transaction ${hash} came to ${outcome}`);
}

export async function openAureon(options: {
  accounts: readonly Address[];
  mode: MiningMode;
}): Promise<Target & { url: string }> {
  const node = await startAureon(options);
  const isIncluded = async (hash: string) => {
    const { tx } = (await (await fetch(`${node.url}/tx/${hash}`)).json()) as {
      tx: { state: string; receipt?: { outcome: string } };
    };
    if (tx.receipt !== undefined) checkOutcome(hash, tx.receipt.outcome, "success");
    return tx.state !== "pending";
  };
  return { port: node.port, pid: node.pid, url: node.url, isIncluded, stop: node.stop };
}

/** @returns undefined where Anvil is not installed */
export async function openAnvil(accountCount: number): Promise<Target | undefined> {
  const anvil = await startAnvil({ port: freePort(), accounts: accountCount, flags: ANVIL_FLAGS });
  if (anvil === undefined) return undefined;
  const isIncluded = async (hash: string) => {
    const receipt = await anvil.rpc<{ status: string } | null>("eth_getTransactionReceipt", [hash]);
    if (receipt !== null) checkOutcome(hash, receipt.status, "0x1");
    return receipt !== null;
  };
  return { port: anvil.port, pid: anvil.pid, isIncluded, stop: anvil.stop };
}
