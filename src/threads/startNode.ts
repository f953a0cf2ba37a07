// Starts a node's threads: locks the data folder, opens the socket, has the replica open the chain, and then reads it.

import { useCryptoBackend } from "../core/crypto/index.ts";
import { createEngine, createQueries } from "../core/node/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { createLogger } from "../io/logging/index.ts";
import { openStoreReader } from "../io/sqlite/index.ts";
import { type Answer, Caller } from "../io/workers/index.ts";
import { type NodeFailure, toFailure } from "./failure.ts";
import { lockFolders } from "./folders.ts";
import { NodeThreads } from "./node.ts";
import type { ReplicaNotice, ReplicaProtocol, ReplicaThreadOptions } from "./protocol.ts";
import { type NetworkThreadOptions, type StartedNetwork, startNetwork } from "./startNetwork.ts";

export interface NodeThreadsOptions extends Omit<ReplicaThreadOptions, "network"> {
  readonly datadir: string;
  /** Undefined for a node that stays alone. */
  readonly network: NetworkThreadOptions | undefined;
}

export type NodeThreadsResult =
  | { readonly ok: true; readonly node: NodeThreads }
  | { readonly ok: false; readonly failure: NodeFailure };

const CALLS_PENDING_MAX = 4096;
// What the node itself needs of the replica, at most some seventy at a time: users of the API have no part in it.
const INDISPENSABLE_CALLS = ["start", "submit", "transport", "verified", "waiting", "stop"] as const;
// Reads are points and short ranges; the writer has the large cache.
const READER_CACHE_SIZE_MB = 8;

function isNotice(message: ReplicaNotice | Answer): message is ReplicaNotice {
  return "kind" in message;
}

/** Opens the node's socket, where it has one. */
async function openNetwork(
  options: NodeThreadsOptions,
): Promise<
  | { readonly ok: true; readonly network: StartedNetwork | undefined }
  | { readonly ok: false; readonly failure: NodeFailure }
> {
  const { network, datadir, genesis } = options;
  if (network === undefined) return { ok: true, network };
  const { blockSizeBytesMax } = genesis.parameters;
  const logger = createLogger(options.logging);
  const started = await startNetwork({ datadir, network, blockSizeBytesMax, logger });
  if (started.ok) return { ok: true, network: started.value };
  return { ok: false, failure: { code: "network_unavailable", message: started.refusal.message } };
}

/** Locks the data folder and starts all threads; returns once the chain is open and can be read. */
export async function startNodeThreads(options: NodeThreadsOptions): Promise<NodeThreadsResult> {
  const { datadir, databasePath, genesis } = options;
  useCryptoBackend(chooseCryptoBackend().backend);
  const lock = lockFolders({ datadir, databasePath });
  if (!lock.ok) return lock;
  const { releaseLock } = lock;
  const opened = await openNetwork(options);
  if (!opened.ok) {
    releaseLock();
    return opened;
  }
  const { network } = opened;
  const abandon = async () => {
    await network?.host.stop();
    releaseLock();
  };
  const replicaWorker = new Worker(new URL("./replica.ts", import.meta.url).href);
  const replica = new Caller<ReplicaProtocol>({
    port: replicaWorker,
    pendingMax: CALLS_PENDING_MAX,
    indispensable: INDISPENSABLE_CALLS,
  });
  // Until the node is there, only what the network wants done is of interest.
  const notices = {
    listener: (notice: ReplicaNotice) => {
      if (notice.kind === "transport") network?.host.run(notice.commands);
    },
  };
  const died = new Promise<NodeFailure>((resolve) => {
    replicaWorker.onerror = (event) => resolve({ code: "fault", message: event.message });
  });
  replicaWorker.onmessage = (event: MessageEvent<ReplicaNotice | Answer>) => {
    if (isNotice(event.data)) notices.listener(event.data);
    else replica.settle(event.data);
  };
  const started = await Promise.race([
    replica.call("start", { ...options, network: network?.replica }),
    died.then((failure) => ({ ok: false as const, ...failure })),
  ]);
  if (!started.ok) {
    replicaWorker.terminate();
    await abandon();
    return { ok: false, failure: { code: started.code, message: started.message } };
  }
  try {
    const reader = openStoreReader({ path: databasePath, cacheSizeMb: READER_CACHE_SIZE_MB });
    const queries = createQueries({
      store: reader,
      genesis,
      engine: createEngine(genesis, { reorgDepthMax: options.reorgDepthMax }),
    });
    const node = new NodeThreads({
      replicaWorker,
      replica,
      reader,
      queries,
      status: started.status,
      releaseLock,
      network: network?.host,
      databasePath,
      logger: createLogger(options.logging).module("mempool"),
      genesis,
      notices,
    });
    await node.replayPending();
    node.openNetwork();
    return { ok: true, node };
  } catch (error) {
    replicaWorker.terminate();
    await abandon();
    return { ok: false, failure: toFailure(error) };
  }
}
