// The thread of the replica: owns the writing connection and runs the core. Its imports of blocks hold up nobody but
// those who wait for the mempool.

import { createGenesisBlock } from "../core/chain/index.ts";
import { useCryptoBackend } from "../core/crypto/index.ts";
import { createEngine, Replica } from "../core/node/index.ts";
import type { Logger } from "../core/ports/index.ts";
import { AssertionError, assert, type Height } from "../core/primitives/index.ts";
import { assumeVerified, decodeTransaction, type VerifiedTransaction } from "../core/protocol/index.ts";
import { checkStack, ExecutionFault, VirtualMachine } from "../core/vm/index.ts";
import { systemClock } from "../io/clock/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { createLogger } from "../io/logging/index.ts";
import { createCollector } from "../io/memory/index.ts";
import { createSystemRng } from "../io/rng/index.ts";
import { explainStoreFailure, type OpenStore, openStore, StoreError } from "../io/sqlite/index.ts";
import { wasmRuntime } from "../io/wasm/index.ts";
import { type Request, WorkerSealer } from "../io/workers/index.ts";
import { CommandTransport } from "./commandTransport.ts";
import { genesisMismatch, INCONSISTENT_STATE, stackTooSmall, toOpeningFailure } from "./failure.ts";
import type {
  ReplicaNotice,
  ReplicaProtocol,
  ReplicaThreadOptions,
  StartAnswer,
  StartFailureCode,
  VerifiedItem,
} from "./protocol.ts";

declare const self: Worker;

// Late enough not to keep an idle machine awake; what has to come sooner is asked of the replica.
const TICK_INTERVAL_MS = 100;
// A page takes about 0.7 kB; an eighth of the configured cache goes to decoded pages.
const CACHED_PAGES_PER_MB = 180;
/** Bytes of lines whose messages were worked off, after which garbage is collected; they take some times as much here. */
const GARBAGE_LINE_BYTES_MAX = 4 * 1024 * 1024;

interface Running {
  readonly replica: Replica;
  readonly store: OpenStore;
  readonly sealer: WorkerSealer;
  readonly timer: Timer;
}

let running: Running | undefined;
let logger: Logger | undefined;
let hasFailed = false;
let isStepping = false;
const transport = new CommandTransport();
/** Runs out when the replica wants to be ticked before the next regular tick. */
let earlyTick: Timer | undefined;
const noteLineBytes = createCollector({ bytesMax: GARBAGE_LINE_BYTES_MAX });

function notify(notice: ReplicaNotice): void {
  self.postMessage(notice);
}

function start(options: ReplicaThreadOptions): StartAnswer {
  const { genesis, logging } = options;
  const { backend, reason } = chooseCryptoBackend();
  useCryptoBackend(backend);
  const threadLogger = createLogger(logging);
  logger = threadLogger.module("replica");
  threadLogger.module("crypto").log("info", "backend chosen", { backend: backend.name, reason });
  const machine = new VirtualMachine({ runtime: wasmRuntime });
  const stackFault = checkStack(machine);
  if (stackFault !== undefined) return { ok: false, ...stackTooSmall(stackFault) };
  const engine = createEngine(genesis, { reorgDepthMax: options.reorgDepthMax });
  const store = openStore({
    path: options.databasePath,
    cacheSizeMb: options.cacheSizeMb,
    compression: options.compression,
  });
  const expected = createGenesisBlock({ genesis, engine }).hash;
  const mismatch = genesisMismatch(store.hashAt(0 as Height), expected);
  if (mismatch !== undefined) {
    store.close();
    return { ok: false, ...mismatch };
  }
  const sealer = new WorkerSealer({
    threads: options.mining.threads,
    hashRateLimit: options.mining.hashRateLimit,
    createWorker: () => new Worker(new URL("./sealer.ts", import.meta.url).href),
    onSealed: (result) => guarded(() => replica.onSealed(result)),
    onError: (message) => notify({ kind: "failed", code: "fault", message: `the sealer's thread failed: ${message}` }),
  });
  const { network } = options;
  const replica = new Replica({
    store,
    genesis,
    engine,
    machine,
    clock: systemClock,
    sealer,
    logger: threadLogger,
    listener: {
      committed: ({ header, hash, transactions }) => {
        const transactionHashes = transactions.map((transaction) => transaction.hash);
        notify({ kind: "committed", height: header.height, hash, transactionHashes, status: replica.status() });
      },
      reorganized: (reorganization) => notify({ kind: "reorganized", reorganization }),
      statusChanged: (status) => notify({ kind: "status", status }),
      admitted: (transactions) => notify({ kind: "admitted", encoded: transactions.map(({ encoded }) => encoded) }),
    },
    network: network && {
      ...network,
      transport,
      verifier: { verify: (job) => notify({ kind: "verify", job }) },
      rng: createSystemRng(),
    },
    settings: {
      mining: options.mining,
      mempool: options.mempool,
      cachedPagesMax: Math.max(options.cacheSizeMb * CACHED_PAGES_PER_MB, 256),
    },
  });
  if (!replica.chain.isConsistent()) {
    sealer.terminate();
    store.close();
    return { ok: false, ...INCONSISTENT_STATE };
  }
  const timer = setInterval(() => guarded(() => replica.tick()), TICK_INTERVAL_MS);
  running = { replica, store, sealer, timer };
  return { ok: true, status: replica.status() };
}

/** What went wrong, for the operator; a fault of ours has its stack, which the main thread shows at level debug. */
function explain(error: unknown): { readonly code: StartFailureCode; readonly message: string } {
  // What the store throws while a contract runs comes inside of a fault of the execution.
  const cause = error instanceof ExecutionFault ? error.origin : error;
  const failure = cause instanceof StoreError ? cause : explainStoreFailure(cause);
  if (failure !== undefined) return { code: failure.code, message: failure.message };
  const message = error instanceof Error ? error.message : String(error);
  logger?.log("error", "fault", { message, stack: error instanceof Error ? error.stack : undefined });
  return { code: "fault", message: `the node can't go on: ${message}. This is a bug; the log says where` };
}

/** Sends what the network wants done. */
function sendCommands(): void {
  const commands = transport.take();
  if (commands.length > 0) notify({ kind: "transport", commands });
}

/** Follows every event: the replica goes on with its sync between others. */
function settle(): void {
  sendCommands();
  if (isStepping || running?.replica.hasWork() !== true) return;
  isStepping = true;
  setImmediate(() => {
    isStepping = false;
    guarded(() => running?.replica.step());
  });
}

/** Runs what nobody waits for an answer from; a failure ends the node, with what is committed on the disk. */
function guarded(run: () => void): void {
  if (hasFailed) return;
  try {
    run();
    settle();
  } catch (error) {
    hasFailed = true;
    notify({ kind: "failed", ...explain(error) });
    return;
  }
  armEarlyTick();
}

function armEarlyTick(): void {
  if (earlyTick !== undefined || running === undefined) return;
  const nextTickMs = running.replica.nextTickMs();
  if (nextTickMs === undefined) return;
  earlyTick = setTimeout(
    () => {
      earlyTick = undefined;
      guarded(() => running?.replica.tick());
    },
    Math.max(0, nextTickMs - systemClock.nowMs()),
  );
}

function startOrExplain(options: ReplicaThreadOptions): StartAnswer {
  try {
    return start(options);
  } catch (error) {
    return { ok: false, ...(error instanceof AssertionError ? toOpeningFailure(error) : explain(error)) };
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
  running.replica.stop();
  // Before the answer, after which the sockets close.
  sendCommands();
  clearInterval(running.timer);
  clearTimeout(earlyTick);
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
  transport: (events) => {
    for (const event of events) {
      running?.replica.onTransport(event);
      if (event.kind === "message") noteLineBytes(event.sizeBytes);
    }
    return undefined;
  },
  verified: (result) => {
    running?.replica.onVerified(result);
    return undefined;
  },
  network: () => replica().networkView(),
  stop,
};

self.onmessage = (event: MessageEvent<Request<keyof ReplicaProtocol, never>>) => {
  const { id, kind, payload } = event.data;
  guarded(() => self.postMessage({ id, value: handlers[kind](payload) }));
};
