// The main thread's side of a node: leads what is asked to the threads that answer it, answers reads from its own read-only connection, and leads
// submissions through signature recovery to the replica.

import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import {
  type AccountProofView,
  type ChainQueries,
  type ContractDescription,
  type Estimate,
  type EstimateCode,
  type MempoolView,
  type NodeStatus,
  type PastProofCode,
  type PeersReport,
  Precheck,
  type SenderMempoolView,
  type StorageProofView,
  type SubmitCode,
  type ViewCode,
  type ViewRequest,
  type ViewResult,
} from "../core/node/index.ts";
import type { Logger, VerificationJob } from "../core/ports/index.ts";
import {
  type Address,
  accept,
  assert,
  type Bytes,
  type Gas,
  type Hash,
  type Height,
  type Nonce,
  type Result,
} from "../core/primitives/index.ts";
import {
  decodeTransaction,
  encodeTransaction,
  type Genesis,
  type SignedTransaction,
  type Transaction,
} from "../core/protocol/index.ts";
import type { SqliteStoreReader } from "../io/sqlite/index.ts";
import { Batcher, type Caller } from "../io/workers/index.ts";
import type { DemandThread } from "./demandThread.ts";
import type { NodeFailure } from "./failure.ts";
import { InclusionWaiters } from "./inclusion.ts";
import type { NetworkHost } from "./networkHost.ts";
import { createPastProofThread } from "./pastProofThread.ts";
import { PendingJournal } from "./pendingJournal.ts";
import type {
  PastProofProtocol,
  ReplicaNotice,
  ReplicaProtocol,
  StartFailureCode,
  VerifiedItem,
  ViewProtocol,
} from "./protocol.ts";
import { SignaturePool, signatureThreadCount } from "./signaturePool.ts";
import { createViewThread } from "./viewThread.ts";

const JOURNAL_FILE = "mempool.journal";
const SUBMISSION_BATCH_MAX = 512;
// While the replica takes one batch the next is on its way.
const ADMISSION_BATCHES_MAX = 2;
const SUBMISSIONS_WAITING_MAX = 16_384;

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
  private readonly pastProofs: DemandThread<PastProofProtocol>;
  private readonly views: DemandThread<ViewProtocol>;
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
    genesis: Genesis;
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
    this.pastProofs = createPastProofThread(parts.databasePath);
    this.views = createViewThread(parts);
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
    return this.pastProofs.call("prove", options);
  }

  pastStorageProof(options: {
    address: Address;
    key: Bytes;
    height: Height;
  }): Promise<Result<StorageProofView, PastProofCode>> {
    return this.pastProofs.call("proveStorage", options);
  }

  viewContract(request: ViewRequest): Promise<Result<ViewResult, ViewCode>> {
    return this.views.call("view", request);
  }

  estimate(options: { transaction: Transaction; gasLimit: Gas | undefined }): Promise<Result<Estimate, EstimateCode>> {
    return this.views.call("estimate", options);
  }

  contract(address: Address): Promise<ContractDescription | undefined> {
    return this.views.call("describe", address);
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

  waitForBlock(options: { timeoutMs: number }): Promise<boolean> {
    return this.waiters.waitForBlock(options.timeoutMs);
  }

  /** Finishes what is under way, folds the database's log into its file and lets go of the data folder. */
  async stop(): Promise<void> {
    // The last connection to close folds the log into the file, which only the writing one can do.
    this.reader.close();
    this.network?.close();
    await Promise.all([this.pastProofs.stop(), this.views.stop()]);
    await this.replica.call("stop", undefined);
    // The replica has taken leave of its peers.
    await this.network?.stop();
    this.replicaWorker.terminate();
    this.signatures.terminate();
    this.pending.close();
    this.releaseLock();
  }
}
