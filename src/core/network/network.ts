// One node's part in the network: leads what happens on its connections to the peers' table, gossip and sync, and what
// its own chain does to the others. It owns no rule itself.

import type {
  Clock,
  Logger,
  Rng,
  SignatureVerifier,
  Transport,
  TransportEvent,
  VerificationResult,
} from "../ports/index.ts";
import type { Bytes, Hash, TimestampMs } from "../primitives/index.ts";
import type { VerifiedTransaction } from "../protocol/index.ts";
import type { ChainAccess, NodeIdentity, NoteStore, TransactionPool } from "./chainAccess.ts";
import { BlockGossip } from "./gossip/blockGossip.ts";
import { TransactionGossip } from "./gossip/transactionGossip.ts";
import { MiningGate } from "./miningGate.ts";
import type { Peer } from "./peer.ts";
import type { BootstrapPeerState } from "./peers/dialler.ts";
import { PeerManager } from "./peers/peerManager.ts";
import type { NetworkSettings } from "./settings.ts";
import { Sync } from "./sync/sync.ts";
import { VerificationJobs } from "./verificationJobs.ts";
import type { NetworkView, SyncProgress } from "./views.ts";
import type { Message } from "./wire/message.ts";

/** What the network needs of the world around the replica. */
export interface NetworkPorts {
  readonly transport: Transport<Message>;
  readonly verifier: SignatureVerifier;
  readonly rng: Rng;
}

export interface NetworkOptions extends NetworkPorts {
  readonly identity: NodeIdentity;
  readonly settings: NetworkSettings;
  readonly genesisHash: Hash;
  /** The engine's name. */
  readonly consensus: string;
  readonly blockSizeBytesMax: number;
  readonly chain: ChainAccess;
  readonly pool: TransactionPool;
  readonly notes: NoteStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Jobs of signature recovery that are under way at a time; gossip and sync share them. */
const VERIFICATION_JOBS_MAX = 64;

/** Between two looks at connections, handshakes and whom to call. */
const PEERS_TICK_MS = 500;

/** Bootstrap peers that may have a better chain than any that was heard of. */
const UNTRIED: ReadonlySet<BootstrapPeerState["kind"]> = new Set(["trying", "never_tried"]);

export class Network {
  private readonly peers: PeerManager;
  private readonly transactions: TransactionGossip;
  private readonly blocks: BlockGossip;
  private readonly sync: Sync;
  private readonly jobs: VerificationJobs;
  private readonly clock: Clock;
  private readonly self: Pick<NetworkView, "nodeKey" | "listenEndpoint">;
  private readonly gate: MiningGate;
  private peersTickedAtMs: TimestampMs | undefined;

  constructor(options: NetworkOptions) {
    const { chain, pool, clock, transport, rng, notes, identity, settings, blockSizeBytesMax } = options;
    const logger = options.logger.module("network");
    this.clock = clock;
    this.self = { nodeKey: identity.nodeKey, listenEndpoint: settings.listenEndpoint };
    this.gate = new MiningGate(clock.nowMs());
    this.jobs = new VerificationJobs({ verifier: options.verifier, jobsMax: VERIFICATION_JOBS_MAX });
    this.peers = new PeerManager({
      identity,
      settings,
      genesisHash: options.genesisHash,
      consensus: options.consensus,
      head: () => chain.head(),
      transport,
      clock,
      rng,
      logger,
      notes,
      hooks: {
        onReady: (peer) => this.onPeerReady(peer),
        onGone: (connectionId) => this.onPeerGone(connectionId),
        onHead: (peer) => this.sync.onPeerHead(peer),
      },
    });
    const shared = { links: this.peers, chain, jobs: this.jobs, clock, logger };
    this.transactions = new TransactionGossip({ ...shared, pool, blockSizeBytesMax });
    this.blocks = new BlockGossip({
      ...shared,
      pool,
      onUnknownParent: (connectionId, header) => {
        const peer = this.peers.peer(connectionId);
        if (peer !== undefined) this.sync.onUnknownParent(peer, header);
      },
    });
    this.sync = new Sync({
      ...shared,
      logger: options.logger,
      blockSizeBytesMax,
      isUnderway: (hash) => this.blocks.isPending(hash),
      // The chain has seen the headers too, and holds mining up; here it is for the log.
      hooks: {
        onDeepSplit: ({ ancestorHeight, tip }) => {
          logger.log("warn", "better chain begins too deep", { ancestorHeight, height: tip.height, hash: tip.hash });
        },
      },
    });
  }

  private onPeerReady(peer: Peer): void {
    this.transactions.onPeerReady(peer.connectionId);
    this.blocks.onPeerReady(peer.connectionId);
    this.sync.onPeerReady(peer);
  }

  private onPeerGone(connectionId: number): void {
    this.transactions.onPeerGone(connectionId);
    this.blocks.onPeerGone(connectionId);
    this.sync.onPeerGone(connectionId);
  }

  onTransport(event: TransportEvent<Message>): void {
    const received = this.peers.onTransportEvent(event);
    if (event.kind === "congestion" && !event.isCongested) this.sync.onPeerDrained(event.connectionId);
    if (received === undefined) return;
    const { peer, message } = received;
    switch (message.type) {
      case "Transactions":
        this.transactions.onTransactions(peer.connectionId, message.transactions);
        return;
      case "Block":
        this.blocks.onBlock(peer.connectionId, message.block);
        return;
      case "GetBlock":
      case "GetBlockResponse":
      case "SyncRequest":
      case "SyncResponse":
        this.sync.onMessage(peer, message);
        return;
      default:
        // Votes belong to an engine that this chain does not run.
        this.peers.punish(peer.connectionId, "unexpected_message", `${message.type} has no use on this chain`);
    }
  }

  onVerified(result: VerificationResult): void {
    this.jobs.onVerified(result);
  }

  /** The canonical chain has another head. */
  onHeadChanged(): void {
    this.peers.announceHead();
  }

  /** This node has made a block, which is its head. */
  onOwnBlock(block: { readonly hash: Hash; readonly encoded: Bytes }): void {
    this.blocks.onOwnBlock(block);
  }

  /** The mempool has taken these in, wherever they came from. */
  onAdmitted(transactions: readonly VerifiedTransaction[]): void {
    this.transactions.onAdmitted(transactions);
  }

  tick(): void {
    this.tickPeers();
    this.blocks.tick();
    this.transactions.tick();
    this.sync.tick();
  }

  /** What peers need is due in seconds, and takes a look at all known endpoints. */
  private tickPeers(): void {
    const nowMs = this.clock.nowMs();
    if (this.peersTickedAtMs !== undefined && Math.abs(nowMs - this.peersTickedAtMs) < PEERS_TICK_MS) return;
    this.peersTickedAtMs = nowMs;
    this.peers.tick();
  }

  /** Takes leave of the peers, and saves what is known of them. */
  stop(): void {
    this.peers.stop();
  }

  /** Whether `step` has something to do; the host calls it between other events. */
  hasWork(): boolean {
    return this.sync.hasWork();
  }

  step(): void {
    this.sync.step();
  }

  /** One sentence: why this node must not make blocks now; undefined when it may. */
  obstacle(nowMs: TimestampMs = this.clock.nowMs()): string | undefined {
    const isLevel = this.sync.isLevel();
    // Asked at every change of the mempool.
    if (isLevel && this.gate.isOpen) return undefined;
    const untriedCount = this.peers.bootstrapState().filter(({ state }) => UNTRIED.has(state.kind)).length;
    const { height, targetHeight } = this.sync.progress();
    return this.gate.obstacle({ untriedCount, isLevel, height, targetHeight }, nowMs);
  }

  get peerCount(): number {
    return this.peers.peers().length;
  }

  progress(): SyncProgress {
    const { state, height, targetHeight, blocksPerSecond, secondsLeft } = this.sync.progress();
    return { state, height, targetHeight, blocksPerSecond: blocksPerSecond ?? 0, secondsLeft };
  }

  view(): NetworkView {
    return { ...this.self, ...this.peers.view() };
  }
}
