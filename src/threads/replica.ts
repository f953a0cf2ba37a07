// The thread of the replica: owns the writing connection and runs the core. Its imports of blocks hold up nobody but
// those who wait for the mempool.

import { createGenesisBlock } from "../core/chain/index.ts";
import { useCryptoBackend } from "../core/crypto/index.ts";
import { createEngine, Replica } from "../core/node/index.ts";
import { assert, type Height } from "../core/primitives/index.ts";
import { assumeVerified, decodeTransaction, type VerifiedTransaction } from "../core/protocol/index.ts";
import { systemClock } from "../io/clock/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { createLogger } from "../io/logging/index.ts";
import { type OpenStore, openStore, StoreError } from "../io/sqlite/index.ts";
import { type Request, WorkerSealer } from "../io/workers/index.ts";
import type { ReplicaNotice, ReplicaProtocol, ReplicaThreadOptions, StartAnswer, VerifiedItem } from "./protocol.ts";

declare const self: Worker;

// Late enough not to keep an idle machine awake, early enough for a block's timing.
const TICK_INTERVAL_MS = 100;
// A page takes about 1.3 kB; an eighth of the configured cache goes to decoded pages.
const CACHED_PAGES_PER_MB = 100;

interface Running {
  readonly replica: Replica;
  readonly store: OpenStore;
  readonly sealer: WorkerSealer;
  readonly timer: Timer;
}

let running: Running | undefined;

function notify(notice: ReplicaNotice): void {
  self.postMessage(notice);
}

function start(options: ReplicaThreadOptions): StartAnswer {
  const { genesis, logging } = options;
  const { backend, reason } = chooseCryptoBackend();
  useCryptoBackend(backend);
  const logger = createLogger(logging);
  logger.module("crypto").log("info", "backend chosen", { backend: backend.name, reason });
  const engine = createEngine(genesis);
  const store = openStore({
    path: options.databasePath,
    cacheSizeMb: options.cacheSizeMb,
    compression: options.compression,
  });
  const found = store.hashAt(0 as Height);
  const expected = createGenesisBlock({ genesis, engine }).hash;
  if (found !== undefined && found !== expected) {
    store.close();
    const message = `the data folder holds the chain ${found}, but the configuration describes ${expected}`;
    return { ok: false, code: "genesis_mismatch", message };
  }
  const sealer = new WorkerSealer({
    threads: options.mining.threads,
    hashRateLimit: options.mining.hashRateLimit,
    createWorker: () => new Worker(new URL("./sealer.ts", import.meta.url).href),
    onSealed: (result) => replica.onSealed(result),
    onError: (message) => notify({ kind: "failed", message: `the sealer's thread failed: ${message}` }),
  });
  const replica = new Replica({
    store,
    genesis,
    engine,
    clock: systemClock,
    sealer,
    logger,
    listener: {
      committed: ({ header, hash, transactions }) => {
        const transactionHashes = transactions.map((transaction) => transaction.hash);
        notify({ kind: "committed", height: header.height, hash, transactionHashes, status: replica.status() });
      },
    },
    settings: {
      mining: options.mining,
      mempool: options.mempool,
      cachedPagesMax: Math.max(options.cacheSizeMb * CACHED_PAGES_PER_MB, 256),
    },
  });
  const timer = setInterval(() => replica.tick(), TICK_INTERVAL_MS);
  running = { replica, store, sealer, timer };
  return { ok: true, status: replica.status() };
}

function startOrExplain(options: ReplicaThreadOptions): StartAnswer {
  try {
    return start(options);
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, code: error.code, message: error.message };
    return {
      ok: false,
      code: "fault",
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function toVerified(item: VerifiedItem): VerifiedTransaction {
  const decoded = decodeTransaction(item.encoded);
  assert(decoded.ok, "the main thread sends canonical transactions");
  return assumeVerified({ signed: decoded.value, hash: item.hash, encoded: item.encoded });
}

function replica(): Replica {
  assert(running !== undefined, "the replica has been started");
  return running.replica;
}

function stop(): undefined {
  if (running === undefined) return;
  clearInterval(running.timer);
  running.sealer.terminate();
  running.store.close();
  running = undefined;
}

const handlers: {
  readonly [Kind in keyof ReplicaProtocol]: (
    payload: ReplicaProtocol[Kind]["payload"],
  ) => ReplicaProtocol[Kind]["answer"];
} = {
  start: startOrExplain,
  submit: (items) => replica().submit(items.map(toVerified)),
  pending: (hash) => replica().pendingTransaction(hash)?.encoded,
  nextNonce: (address) => replica().nextNonce(address),
  waiting: () => replica().waiting(),
  sender: (address) => replica().senderView(address),
  mempool: (options) => replica().mempoolView(options),
  stop,
};

self.onmessage = (event: MessageEvent<Request<keyof ReplicaProtocol, never>>) => {
  const { id, kind, payload } = event.data;
  self.postMessage({ id, value: handlers[kind](payload) });
};
