// A whole replica in this process over the in-memory store, with a sealer that works at once: what the API is tested on.

import type { NodeHandle } from "../../src/app/node.ts";
import type { ImportedBlock } from "../../src/core/chain/index.ts";
import { searchNonce } from "../../src/core/consensus/pow/index.ts";
import { ContractViews, createEngine, createQueries, PastProofs, Replica } from "../../src/core/node/index.ts";
import type { Clock, Logger, SealJob, Store } from "../../src/core/ports/index.ts";
import { accept, type Hash, type TimestampMs } from "../../src/core/primitives/index.ts";
import { type Genesis, verifyTransaction } from "../../src/core/protocol/index.ts";
import { testAccount, testGenesis } from "./chainFixture.ts";
import { createTestMachine } from "./machine.ts";
import { MemoryStore } from "./memoryStore.ts";

const SEARCH_COUNT_MAX = 1_000_000;

export const silentLogger: Logger = { log: () => undefined, module: () => silentLogger };

export interface TestNode {
  readonly handle: NodeHandle;
  readonly replica: Replica;
  readonly store: Store;
  readonly genesis: Genesis;
  /** Lets the sealer work until it has nothing to do; blocks come about as the settings say. */
  settle(): void;
  /** With `autoSeal: false`: builds and seals one block of what is ready, after moving the clock on. */
  advance(ms: number): void;
}

/** @param options.autoSeal whether a submission is sealed into a block by itself, as on a development chain */
export function createTestNode(
  options: { genesis?: Genesis; store?: Store; autoSeal?: boolean; startMs?: number } = {},
): TestNode {
  const genesis = options.genesis ?? testGenesis();
  const store = options.store ?? new MemoryStore();
  const autoSeal = options.autoSeal ?? true;
  const engine = createEngine(genesis);
  let nowMs = options.startMs ?? genesis.timestampMs + 1000;
  const clock: Clock = { nowMs: () => nowMs as TimestampMs };
  let job: SealJob | undefined;
  const machine = createTestMachine();
  const blockWaiters = new Set<() => void>();
  const waiters = new Map<Hash, ((height: number) => void)[]>();
  const replica = new Replica({
    store,
    genesis,
    engine,
    machine,
    clock,
    sealer: {
      start: (next) => {
        job = next;
      },
      cancel: () => {
        job = undefined;
      },
    },
    logger: silentLogger,
    listener: {
      committed: (block) => notify(block),
      reorganized: () => undefined,
      statusChanged: () => undefined,
      admitted: () => undefined,
    },
    settings: {
      mining: {
        enabled: true,
        beneficiary: testAccount(9).address,
        onDemand: true,
        intervalMsMax: 5000,
        intervalMsMin: 0,
      },
      mempool: { countMax: 1000, sizeBytesMax: 1_000_000, perAccountMax: 100 },
      cachedPagesMax: 64,
    },
  });
  const queries = createQueries({ store, genesis, engine });

  function notify(block: ImportedBlock): void {
    for (const { hash } of block.transactions) {
      for (const resolve of waiters.get(hash) ?? []) resolve(block.header.height);
      waiters.delete(hash);
    }
    for (const resolve of [...blockWaiters]) resolve();
  }

  function settle(): void {
    while (job !== undefined) {
      const { jobId, header, target } = job;
      const nonce = searchNonce({ header, target, start: 0, count: SEARCH_COUNT_MAX });
      job = undefined;
      if (nonce !== undefined) replica.onSealed({ jobId, nonce });
    }
  }

  function advance(ms: number): void {
    nowMs += ms;
    replica.tick();
    settle();
  }

  const pastProofs = new PastProofs({ store });
  const views = new ContractViews({ store, genesis, machine });
  const handle: NodeHandle = {
    queries,
    pastAccountProof: async (options) => pastProofs.accountProof(options),
    pastStorageProof: async (options) => pastProofs.storageProof(options),
    viewContract: async (request) => views.view(request),
    estimate: async (options) => views.estimate({ ...options, nowMs: clock.nowMs() }),
    contract: async (address) => views.describe(address),
    status: () => replica.status(),
    submit: (signed) => {
      const verified = verifyTransaction(signed, queries.domain);
      if (!verified.ok) return Promise.resolve(verified);
      const [refusal] = replica.submit([verified.value]);
      if (refusal !== undefined) return Promise.resolve({ ok: false, refusal });
      if (autoSeal) {
        nowMs++;
        settle();
      }
      return Promise.resolve(accept({ hash: verified.value.hash }));
    },
    pendingTransaction: async (hash) => replica.pendingTransaction(hash),
    mempool: async (view) => replica.mempoolView(view),
    mempoolOf: (address) => Promise.resolve(replica.senderView(address)),
    peers: () => Promise.resolve(undefined),
    nextNonce: async (address) => replica.nextNonce(address),
    waitForInclusion: (hash, { timeoutMs }) => {
      const included = queries.transaction(hash);
      if (included !== undefined) return Promise.resolve({ height: included.blockHeight });
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), timeoutMs);
        const done = (height: number) => {
          clearTimeout(timer);
          resolve({ height });
        };
        waiters.set(hash, [...(waiters.get(hash) ?? []), done]);
      });
    },
    waitForBlock: ({ timeoutMs }) =>
      new Promise((resolve) => {
        const settle = (isCommitted: boolean) => {
          clearTimeout(timer);
          blockWaiters.delete(onBlock);
          resolve(isCommitted);
        };
        const onBlock = () => settle(true);
        const timer = setTimeout(() => settle(false), timeoutMs);
        blockWaiters.add(onBlock);
      }),
  };
  return { handle, replica, store, genesis, settle, advance };
}
