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

export class Network {
  private readonly peers: PeerManager;
  private readonly transactions: TransactionGossip;
  private readonly blocks: BlockGossip;
  private readonly sync: Sync;
  private readonly jobs: VerificationJobs;
  private readonly chain: ChainAccess;
  private readonly clock: Clock;
  private readonly gate: MiningGate;

  constructor(options: NetworkOptions) {
    const { chain, pool, clock, transport, rng, notes, identity, settings, blockSizeBytesMax } = options;
    const logger = options.logger.module("network");
    this.chain = chain;
    this.clock = clock;
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
    this.transactions = new TransactionGossip({ ...shared, pool });
    this.blocks = new BlockGossip({
      ...shared,
      pool,
      onUnknownParent: (peer, header) => this.sync.onUnknownParent(peer, header),
    });
    this.sync = new Sync({
      ...shared,
      pool,
      blockSizeBytesMax,
      isUnderway: (hash) => this.blocks.isPending(hash),
    });
  }

  private onPeerReady(peer: Peer): void {
    this.transactions.onPeerReady(peer);
    this.blocks.onPeerReady(peer);
    this.sync.onPeerReady(peer);
  }

  private onPeerGone(connectionId: number): void {
    this.transactions.onPeerGone(connectionId);
    this.blocks.onPeerGone(connectionId);
    this.sync.onPeerGone(connectionId);
  }

  onTransport(event: TransportEvent<Message>): void {
    const received = this.peers.onTransportEvent(event);
    if (received === undefined) return;
    const { peer, message } = received;
    switch (message.type) {
      case "Transactions":
        this.transactions.onMessage(peer, message);
        return;
      case "Block":
        this.blocks.onMessage(peer, message);
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
    this.blocks.onHeadChanged();
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
    this.peers.tick();
    this.blocks.tick();
    this.transactions.tick();
    this.sync.tick();
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
    const untriedCount = this.peers.bootstrapState().filter(({ state }) => state === "untried").length;
    const { height, targetHeight } = this.sync.progress();
    return this.gate.obstacle({ untriedCount, isLevel: this.sync.isLevel(), height, targetHeight }, nowMs);
  }

  get peerCount(): number {
    return this.peers.peers().length;
  }

  progress(): SyncProgress {
    return this.sync.progress();
  }

  view(): NetworkView {
    return this.peers.view();
  }
}
