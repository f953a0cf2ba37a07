// One node's core: events come in (submissions, seals, time), and what it decides goes out through the ports and the
// listener. It is synchronous from end to end, so an event is finished before the next one is looked at.

import { Chain, type DeepSplit, type ImportedBlock, type ImportItem, type ImportResult } from "../chain/index.ts";
import type { ConsensusEngine } from "../consensus/index.ts";
import { Mempool, type MempoolLimits } from "../mempool/index.ts";
import {
  type Message,
  Network,
  type NetworkPorts,
  type NetworkSettings,
  type NetworkView,
  type NodeIdentity,
  type SyncProgress,
} from "../network/index.ts";
import type { Clock, Logger, Sealer, SealResult, Store, TransportEvent, VerificationResult } from "../ports/index.ts";
import {
  type Address,
  type Bytes,
  defined,
  type Hash,
  type Height,
  type Nonce,
  type TimestampMs,
} from "../primitives/index.ts";
import { encodeBlock, type Genesis, type VerifiedTransaction } from "../protocol/index.ts";
import type { State } from "../state/index.ts";
import type { VirtualMachine } from "../vm/index.ts";
import { checkContract, checkEnabled } from "./admission.ts";
import { viewMempool, viewSender } from "./mempoolViews.ts";
import { Miner, type MiningSettings } from "./miner.ts";
import { createChainAccess, createTransactionPool } from "./networkAccess.ts";
import type { MempoolView, NodeStatus, SenderMempoolView, SubmitRefusal } from "./status.ts";

export interface ReplicaSettings {
  readonly mining: MiningSettings;
  readonly mempool: MempoolLimits;
  /** Pages of the state tree, of about 0.7 kB, that stay decoded in memory. */
  readonly cachedPagesMax: number;
}

/** How the node went over to another branch. */
export interface Reorganization {
  /** The last block that both branches have. */
  readonly ancestorHeight: Height;
  readonly abandonedCount: number;
  readonly adoptedCount: number;
  /** The head before. */
  readonly from: Hash;
  /** The head now. */
  readonly to: Hash;
}

/** Why the node can't do its part now. */
interface Obstacle {
  readonly event: string;
  readonly reason: string;
}

/** What happened, told once it is durable. */
export interface ReplicaListener {
  /** A block is canonical now; each one, the lowest first. */
  committed(block: ImportedBlock): void;
  /** Blocks are canonical no more; those in their place are told of after it. */
  reorganized(reorganization: Reorganization): void;
  /** The node has become ready, or is not any more; or it has other peers, or is further with its sync. */
  statusChanged(status: NodeStatus): void;
  /** The mempool has taken these in from other nodes. */
  admitted(transactions: readonly VerifiedTransaction[]): void;
}

/** A replica's part in the network; without one it stays alone. */
export interface ReplicaNetworkOptions extends NetworkPorts {
  readonly identity: NodeIdentity;
  readonly settings: NetworkSettings;
}

/** How often the progress of a sync is told of. */
const PROGRESS_INTERVAL_MS = 1000;
/** Blocks that come one by one are told of in the log; of more at once, only at level debug. */
const LOGGED_BLOCKS_MAX = 2;

export class Replica {
  readonly chain: Chain;
  private readonly machine: VirtualMachine;
  private readonly mempool: Mempool;
  private readonly miner: Miner;
  private readonly clock: Clock;
  private readonly chainLogger: Logger;
  private readonly mempoolLogger: Logger;
  private readonly minerLogger: Logger;
  private readonly listener: ReplicaListener;
  private readonly network: Network | undefined;
  private lastObstacle: Obstacle | undefined;
  private lastToldMs = 0;
  private lastPeerCount = 0;
  private wasSyncing = false;

  constructor(options: {
    store: Store;
    genesis: Genesis;
    engine: ConsensusEngine;
    machine: VirtualMachine;
    clock: Clock;
    sealer: Sealer;
    logger: Logger;
    listener: ReplicaListener;
    settings: ReplicaSettings;
    network?: ReplicaNetworkOptions | undefined;
  }) {
    const { store, genesis, engine, machine, clock, sealer, settings, network } = options;
    this.machine = machine;
    this.clock = clock;
    this.chainLogger = options.logger.module("chain");
    this.mempoolLogger = options.logger.module("mempool");
    this.minerLogger = options.logger.module("miner");
    this.listener = options.listener;
    this.chain = new Chain({ store, genesis, engine, machine, cachedPagesMax: settings.cachedPagesMax });
    this.mempool = new Mempool({
      limits: settings.mempool,
      parameters: genesis.parameters,
      allowList: genesis.allowList,
    });
    this.miner = new Miner({
      chain: this.chain,
      engine,
      mempool: this.mempool,
      sealer,
      clock,
      logger: options.logger,
      settings: settings.mining,
      isHeldUp: () => this.holdUp() !== undefined,
    });
    this.network = network && this.createNetwork(network, options);
  }

  private createNetwork(
    network: ReplicaNetworkOptions,
    { store, genesis, engine, clock, logger }: ConstructorParameters<typeof Replica>[0],
  ): Network {
    const { chain, mempool } = this;
    return new Network({
      ...network,
      genesisHash: chain.genesisHash,
      consensus: engine.name,
      blockSizeBytesMax: genesis.parameters.blockSizeBytesMax,
      chain: createChainAccess({ chain, store, clock, importBlocks: (items) => this.onBlocks(items) }),
      pool: createTransactionPool({
        chain,
        mempool,
        genesis,
        admit: (transactions) => this.admitOfPeers(transactions),
      }),
      notes: store,
      clock,
      logger,
    });
  }

  /** Time has passed. The host calls this several times a second. */
  tick(): void {
    this.network?.tick();
    this.tellObstacle();
    this.tellProgress();
    this.miner.tick();
  }

  /** Something has happened on a connection. */
  onTransport(event: TransportEvent<Message>): void {
    this.network?.onTransport(event);
  }

  /** The verifier has worked off a job. */
  onVerified(result: VerificationResult): void {
    this.network?.onVerified(result);
  }

  /** Whether `step` has something to do; the host calls it between other events. */
  hasWork(): boolean {
    return this.network?.hasWork() ?? false;
  }

  /** Goes on with the sync for a bounded time. */
  step(): void {
    this.network?.step();
  }

  /** Takes leave of other nodes, and saves what is known of them. */
  stop(): void {
    this.network?.stop();
  }

  networkView(): NetworkView | undefined {
    return this.network?.view();
  }

  /** Why blocks made now would be thrown away. */
  private holdUp(): Obstacle | undefined {
    const split = this.chain.deepSplit();
    if (split !== undefined) return { event: "split from a better chain", reason: explainSplit(split) };
    const reason = this.network?.obstacle();
    return reason === undefined ? undefined : { event: "not level with other nodes", reason };
  }

  private obstacle(): Obstacle | undefined {
    const heldUp = this.holdUp();
    if (heldUp !== undefined) return heldUp;
    const reason = this.miner.obstacle();
    return reason === undefined ? undefined : { event: "clock behind the head", reason };
  }

  private tellObstacle(): void {
    const obstacle = this.obstacle();
    if (obstacle?.event === this.lastObstacle?.event) return;
    this.lastObstacle = obstacle;
    if (obstacle !== undefined) this.minerLogger.log("warn", obstacle.event, { reason: obstacle.reason });
    this.tellStatus();
  }

  private tellStatus(): void {
    this.lastToldMs = this.clock.nowMs();
    this.listener.statusChanged(this.status());
  }

  /** Other peers are told of at once, the progress of a sync once a second. */
  private tellProgress(): void {
    if (this.network === undefined) return;
    const { peerCount } = this.network;
    const isSyncing = this.network.progress().state !== "idle";
    const isNews = peerCount !== this.lastPeerCount || isSyncing !== this.wasSyncing;
    const isDue = isSyncing && Math.abs(this.clock.nowMs() - this.lastToldMs) >= PROGRESS_INTERVAL_MS;
    this.lastPeerCount = peerCount;
    this.wasSyncing = isSyncing;
    if (isNews || isDue) this.tellStatus();
  }

  /** Blocks of other nodes, in order, their signatures verified; answers as `Chain.importBlocks` does. */
  onBlocks(items: readonly ImportItem[]): readonly ImportResult[] {
    const { results, abandoned, adopted } = this.chain.importBlocks({ items, nowMs: this.clock.nowMs() });
    this.followChain({ abandoned, adopted });
    this.tellObstacle();
    return results;
  }

  /** When the host should tick the next time, where its own rhythm may come later; undefined leaves it to that. */
  nextTickMs(): TimestampMs | undefined {
    return this.miner.nextTickMs();
  }

  /** Puts transactions into the mempool; for each, in order, why it was refused, or undefined. */
  submit(transactions: readonly VerifiedTransaction[]): (SubmitRefusal | undefined)[] {
    return this.takeIn(transactions).refusals;
  }

  private admitOfPeers(transactions: readonly VerifiedTransaction[]): readonly (SubmitRefusal | undefined)[] {
    const { refusals, admitted } = this.takeIn(transactions);
    if (admitted.length > 0) this.listener.admitted(admitted);
    return refusals;
  }

  private takeIn(transactions: readonly VerifiedTransaction[]) {
    const state = this.chain.state();
    const refusals = transactions.map((transaction) => this.admit(transaction, state));
    const admitted = transactions.filter((_, index) => refusals[index] === undefined);
    if (admitted.length > 0) {
      this.miner.onMempoolChanged();
      this.network?.onAdmitted(admitted);
    }
    return { refusals, admitted };
  }

  private admit(transaction: VerifiedTransaction, state: State): SubmitRefusal | undefined {
    const { from, nonce } = transaction.transaction;
    const { height } = this.chain.head.header;
    const refusal =
      checkEnabled(transaction.transaction) ??
      checkContract(transaction, { machine: this.machine, height, pool: this.mempool }) ??
      this.mempool.add({ transaction, account: state.account(from), height });
    const event = refusal === undefined ? "transaction admitted" : "transaction refused";
    this.mempoolLogger.log("debug", event, { hash: transaction.hash, from, nonce, code: refusal?.code });
    return refusal;
  }

  /** A sealer has found a nonce. */
  onSealed(result: SealResult): void {
    const sealed = this.miner.takeSealed(result);
    if (sealed === undefined) return;
    const imported = this.chain.commitTemplate(sealed.template, sealed.header, this.clock.nowMs());
    if (imported.ok) {
      const { hash } = imported.block;
      // The block itself goes out before the announcement of a new head, which would have others ask for it.
      this.network?.onOwnBlock({
        hash,
        encoded: encodeBlock({ header: sealed.header, body: sealed.template.body }),
      });
      this.followChain({ abandoned: [], adopted: [imported.block] });
    } else {
      this.minerLogger.log("warn", "own block refused", {
        code: imported.refusal.code,
        reason: imported.refusal.message,
      });
      this.miner.onHeadChanged();
    }
  }

  /** The canonical chain has changed: brings the mempool up to it, tells of it, and has the miner begin anew. */
  private followChain(change: { abandoned: readonly ImportedBlock[]; adopted: readonly ImportedBlock[] }): void {
    const { abandoned, adopted } = change;
    if (adopted.length === 0) return;
    if (abandoned.length > 0) {
      this.followBranch({ abandoned, adopted });
    } else {
      for (const { header, transactions } of adopted) this.mempool.applyBlock({ transactions, height: header.height });
    }
    for (const block of adopted) {
      const { hash, header } = block;
      this.chainLogger.log(adopted.length > LOGGED_BLOCKS_MAX ? "debug" : "info", "block committed", {
        height: header.height,
        hash,
        transactions: header.transactionCount,
        gasUsed: header.gasUsed,
      });
      this.listener.committed(block);
    }
    this.network?.onHeadChanged();
    this.miner.onHeadChanged();
  }

  private followBranch(change: { abandoned: readonly ImportedBlock[]; adopted: readonly ImportedBlock[] }): void {
    const { abandoned, adopted } = change;
    const state = this.chain.state();
    const { height } = this.chain.head.header;
    const returned = this.mempool.applyReorganization({
      ...change,
      account: (sender) => state.account(sender),
      height,
    });
    const reorganization = {
      ancestorHeight: (defined(abandoned[0], "a branch has blocks").header.height - 1) as Height,
      abandonedCount: abandoned.length,
      adoptedCount: adopted.length,
      from: defined(abandoned.at(-1), "a branch has blocks").hash,
      to: this.chain.head.hash,
    };
    const { abandonedCount: depth, from, to, ancestorHeight } = reorganization;
    this.chainLogger.log("info", "chain reorganized", { depth, from, to, ancestorHeight, returned });
    this.listener.reorganized(reorganization);
  }

  pendingTransaction(hash: Hash): VerifiedTransaction | undefined {
    return this.mempool.get(hash);
  }

  /** The encodings of all that waits, those of one sender by rising nonce as far as they are ready. */
  waiting(): Bytes[] {
    return this.mempool.list(this.mempool.count).map(({ transaction }) => transaction.encoded);
  }

  nextNonce(address: Address): Nonce {
    return this.mempool.nextNonce(address, this.chain.state().account(address).nonce);
  }

  mempoolView(options: { countMax: number }): MempoolView {
    return viewMempool(this.mempool, { height: this.chain.head.header.height, ...options });
  }

  /** What waits of one sender, and what each waits for. */
  senderView(address: Address): SenderMempoolView {
    return viewSender(this.mempool, { address, account: this.chain.account(address) });
  }

  status(): NodeStatus {
    const reason = this.obstacle()?.reason;
    return {
      ready: reason === undefined,
      reason,
      mining: this.miner.enabled,
      mempoolCount: this.mempool.count,
      mempoolSizeBytes: this.mempool.sizeBytes,
      peerCount: this.network?.peerCount ?? 0,
      sync: this.network?.progress() ?? this.idle(),
    };
  }

  /** A node that stays alone is level with all that it knows. */
  private idle(): SyncProgress {
    const { height } = this.chain.head.header;
    return { state: "idle", height, targetHeight: height, blocksPerSecond: 0, secondsLeft: undefined };
  }
}

function explainSplit({ ancestorHeight, tip, isUndoKept }: DeepSplit): string {
  const remedy = isUndoKept
    ? `To follow it, stop the node and run \`aureon rollback --height ${ancestorHeight}\`.`
    : "Its undo records do not reach back there: to follow the other chain, stop the node, remove its chain folder and start it again.";
  return (
    `another chain, whose block ${tip.hash} is at height ${tip.height}, has more work; it splits off after height ` +
    `${ancestorHeight}, further back than this node goes by itself (network.max_reorg_depth). ${remedy}`
  );
}
