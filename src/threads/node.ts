// The main thread's side of a node: starts the other threads, answers reads from its own read-only connection, and leads
// submissions through signature recovery to the replica.

import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { useCryptoBackend } from "../core/crypto/index.ts";
import {
  type AccountProofView,
  type ChainQueries,
  createEngine,
  createQueries,
  type MempoolView,
  type NodeStatus,
  type PastProofCode,
  type PeersReport,
  Precheck,
  type SenderMempoolView,
  type SubmitCode,
} from "../core/node/index.ts";
import type { Logger, VerificationJob } from "../core/ports/index.ts";
import {
  type Address,
  accept,
  assert,
  type Hash,
  type Height,
  type Nonce,
  type Result,
} from "../core/primitives/index.ts";
import { decodeTransaction, encodeTransaction, type SignedTransaction } from "../core/protocol/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { createLogger } from "../io/logging/index.ts";
import { openStoreReader, type SqliteStoreReader } from "../io/sqlite/index.ts";
import { type Answer, Batcher, Caller } from "../io/workers/index.ts";
import { type NodeFailure, toFailure } from "./failure.ts";
import { lockFolders } from "./folders.ts";
import { InclusionWaiters } from "./inclusion.ts";
import type { NetworkHost } from "./networkHost.ts";
import { PastProofThread } from "./pastProofThread.ts";
import { PendingJournal } from "./pendingJournal.ts";
import type {
  ReplicaNotice,
  ReplicaProtocol,
  ReplicaThreadOptions,
  StartFailureCode,
  VerifiedItem,
} from "./protocol.ts";
import { SignaturePool, signatureThreadCount } from "./signaturePool.ts";
import { type NetworkThreadOptions, type StartedNetwork, startNetwork } from "./startNetwork.ts";

export interface NodeThreadsOptions extends Omit<ReplicaThreadOptions, "network"> {
  readonly datadir: string;
  /** Undefined for a node that stays alone. */
  readonly network: NetworkThreadOptions | undefined;
}

export type NodeThreadsResult =
  | { readonly ok: true; readonly node: NodeThreads }
  | { readonly ok: false; readonly failure: NodeFailure };

const JOURNAL_FILE = "mempool.journal";
const SUBMISSION_BATCH_MAX = 512;
// While the replica takes one batch the next is on its way.
const ADMISSION_BATCHES_MAX = 2;
const SUBMISSIONS_WAITING_MAX = 16_384;
const CALLS_PENDING_MAX = 4096;
// What the node itself needs of the replica, at most some seventy at a time: users of the API have no part in it.
const INDISPENSABLE_CALLS = ["start", "submit", "transport", "verified", "waiting", "stop"] as const;
// Reads are points and short ranges; the writer has the large cache.
const READER_CACHE_SIZE_MB = 8;

const BUSY = {
  ok: false,
  refusal: { code: "node_busy", message: "more requests wait than the node takes; try again in a moment" },
} as const;

/** A started node. Everything it answers of committed state is as durable as the disk. */
export class NodeThreads {
  readonly queries: ChainQueries;
  /** Resolves when a thread has failed; the process can't go on. */
  readonly failed: Promise<NodeFailure>;
  private readonly precheck: Precheck;
  private readonly replicaWorker: Worker;
  private readonly replica: Caller<ReplicaProtocol>;
  private readonly signatures: SignaturePool;
  private readonly pastProofs: PastProofThread;
  private readonly reader: SqliteStoreReader;
  private readonly releaseLock: () => void;
  private readonly verifications: Batcher<SignedTransaction, Result<VerifiedItem, SubmitCode>>;
  private readonly admissions: Batcher<VerifiedItem, Result<{ readonly hash: Hash }, SubmitCode>>;
  private readonly pending: PendingJournal;
  private readonly waiters = new InclusionWaiters();
  private readonly network: NetworkHost | undefined;
  private readonly onFault: (message: string) => void;
  private lastStatus: NodeStatus;

  constructor(parts: {
    replicaWorker: Worker;
    replica: Caller<ReplicaProtocol>;
    reader: SqliteStoreReader;
    queries: ChainQueries;
    status: NodeStatus;
    releaseLock: () => void;
    network: NetworkHost | undefined;
    databasePath: string;
    logger: Logger;
    notices: { listener: (notice: ReplicaNotice) => void };
  }) {
    this.replicaWorker = parts.replicaWorker;
    this.replica = parts.replica;
    this.reader = parts.reader;
    this.queries = parts.queries;
    this.precheck = new Precheck(parts.queries);
    this.lastStatus = parts.status;
    this.releaseLock = parts.releaseLock;
    this.network = parts.network;
    this.pastProofs = new PastProofThread(parts.databasePath);
    this.pending = new PendingJournal({
      path: join(dirname(parts.databasePath), JOURNAL_FILE),
      readWaiting: () => this.replica.call("waiting", undefined),
      onWriteError: (reason) =>
        parts.logger.log("warn", "waiting transactions would not outlive a restart", { reason }),
    });
    const { promise, resolve } = Promise.withResolvers<NodeFailure>();
    this.failed = promise;
    const fail = (message: string, code: StartFailureCode = "fault") => {
      this.replica.close(new Error(message));
      resolve({ code, message });
    };
    this.onFault = fail;
    this.signatures = new SignaturePool({
      threadsMax: signatureThreadCount(availableParallelism()),
      onError: (message) => fail(`a signature thread failed: ${message}`),
    });
    this.verifications = new Batcher({
      run: (items) => this.verify(items),
      underWayMax: this.signatures.batchesMax,
      batchMax: SUBMISSION_BATCH_MAX,
    });
    this.admissions = new Batcher({
      run: (items) => this.admit(items),
      underWayMax: ADMISSION_BATCHES_MAX,
      batchMax: SUBMISSION_BATCH_MAX,
    });
    this.replicaWorker.onerror = (event) => fail(`the replica's thread failed: ${event.message}`);
    parts.notices.listener = (notice) => {
      if (notice.kind === "failed") fail(notice.message, notice.code);
      else this.onNotice(notice);
    };
  }

  private onNotice(notice: Exclude<ReplicaNotice, { kind: "failed" }>): void {
    switch (notice.kind) {
      case "status":
        this.lastStatus = notice.status;
        break;
      case "committed":
        this.onCommitted(notice);
        break;
      case "reorganized":
        this.pending.onReorganized();
        break;
      case "transport":
        this.network?.run(notice.commands);
        break;
      case "verify":
        void this.verifyJob(notice.job);
        break;
      case "admitted":
        this.pending.append(notice.encoded);
        break;
    }
  }

  /** Recovers signers for the replica. What fails here is a thread that has ended, and the node ends with it. */
  private async verifyJob({ jobId, encoded }: VerificationJob): Promise<void> {
    try {
      const { genesisHash } = this.queries.domain;
      const verdicts = await this.signatures.verify({ genesisHash, encoded });
      const hashes = verdicts.map((verdict) => (verdict.ok ? verdict.hash : undefined));
      await this.replica.call("verified", { jobId, hashes });
    } catch (error) {
      this.onFault(`signatures could not be verified: ${(error as Error).message}`);
    }
  }

  /** Other nodes are heard from now on. */
  openNetwork(): void {
    this.network?.open((events) => this.replica.call("transport", events));
  }

  private onCommitted(notice: Extract<ReplicaNotice, { kind: "committed" }>): void {
    this.lastStatus = notice.status;
    this.pending.onCommitted(notice.status);
    this.waiters.settle(notice.transactionHashes, notice.height);
  }

  status(): NodeStatus {
    return this.lastStatus;
  }

  async submit(signed: SignedTransaction): Promise<Result<{ readonly hash: Hash }, SubmitCode>> {
    const refusal = this.precheck.check(signed);
    if (refusal !== undefined) return { ok: false, refusal };
    if (this.verifications.waitingCount + this.admissions.waitingCount >= SUBMISSIONS_WAITING_MAX) return BUSY;
    const verified = await this.verifications.add(signed);
    return verified.ok ? this.admissions.add(verified.value) : verified;
  }

  /** Submits what waited when the node last ended; what has been included since then is refused and left out. */
  async replayPending(): Promise<void> {
    const { recovered } = this.pending;
    for (let start = 0; start < recovered.length; start += SUBMISSION_BATCH_MAX) {
      const batch = recovered.slice(start, start + SUBMISSION_BATCH_MAX).map((encoded) => decodeTransaction(encoded));
      await Promise.all(batch.map((decoded) => (decoded.ok ? this.submit(decoded.value) : undefined)));
    }
    await this.pending.replayed();
  }

  private async verify(items: readonly SignedTransaction[]): Promise<Result<VerifiedItem, SubmitCode>[]> {
    const encoded = items.map(encodeTransaction);
    const { genesisHash } = this.queries.domain;
    const verdicts = await this.signatures.verify({ genesisHash, encoded });
    return verdicts.map((verdict, index) =>
      verdict.ok ? accept({ hash: verdict.hash, encoded: encoded[index] as Uint8Array }) : verdict,
    );
  }

  private async admit(items: readonly VerifiedItem[]): Promise<Result<{ readonly hash: Hash }, SubmitCode>[]> {
    const refusals = await this.replica.call("submit", items);
    this.pending.append(items.filter((_, index) => refusals[index] === undefined).map(({ encoded }) => encoded));
    return items.map(({ hash }, index) => {
      const refusal = refusals[index];
      return refusal === undefined ? accept({ hash }) : { ok: false, refusal };
    });
  }

  async pendingTransaction(hash: Hash): Promise<SignedTransaction | undefined> {
    const encoded = await this.replica.call("pending", hash);
    if (encoded === undefined) return undefined;
    const decoded = decodeTransaction(encoded);
    assert(decoded.ok, "the replica sends canonical transactions");
    return decoded.value;
  }

  pastAccountProof(options: { address: Address; height: Height }): Promise<Result<AccountProofView, PastProofCode>> {
    return this.pastProofs.prove(options);
  }

  mempool(options: { countMax: number }): Promise<MempoolView> {
    return this.replica.call("mempool", options);
  }

  mempoolOf(address: Address): Promise<SenderMempoolView> {
    return this.replica.call("sender", address);
  }

  async peers(): Promise<PeersReport | undefined> {
    const view = await this.replica.call("network", undefined);
    if (view === undefined) return undefined;
    const { nodeKey, listenEndpoint, bans } = view;
    const peers = view.peers.map((peer) => {
      const { bytesIn = 0, bytesOut = 0 } = this.network?.stats(peer.connectionId) ?? {};
      return { ...peer, bytesIn, bytesOut };
    });
    return { nodeKey, listenEndpoint, peers, bans };
  }

  nextNonce(address: Address): Promise<Nonce> {
    return this.replica.call("nextNonce", address);
  }

  waitForInclusion(hash: Hash, options: { timeoutMs: number }): Promise<{ readonly height: number } | undefined> {
    const included = this.queries.transaction(hash);
    if (included !== undefined) return Promise.resolve({ height: included.blockHeight });
    return this.waiters.wait(hash, options.timeoutMs);
  }

  /** Finishes what is under way, folds the database's log into its file and lets go of the data folder. */
  async stop(): Promise<void> {
    // The last connection to close folds the log into the file, which only the writing one can do.
    this.reader.close();
    this.network?.close();
    await this.pastProofs.stop();
    await this.replica.call("stop", undefined);
    // The replica has taken leave of its peers.
    await this.network?.stop();
    this.replicaWorker.terminate();
    this.signatures.terminate();
    this.pending.close();
    this.releaseLock();
  }
}

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
