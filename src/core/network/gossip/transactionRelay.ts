// Sends admitted transactions on to the peers that lack them, in batches, and offers a new peer what waits in the mempool
// (docs/spec/gossip.md, "Relay"). It never asks and never answers: a transaction is pushed once to each peer.

import type { Clock } from "../../ports/index.ts";
import { assert, type Bytes, type Hash, type TimestampMs } from "../../primitives/index.ts";
import type { VerifiedTransaction } from "../../protocol/index.ts";
import type { TransactionPool } from "../chainAccess.ts";
import { TRANSACTIONS_PER_MESSAGE_MAX } from "../limits.ts";
import type { PeerLinks } from "../peer.ts";
import { KnownSet } from "./knownSet.ts";
import { wireIdOf } from "./wireId.ts";

/** Two seconds of a busy chain, at about 150 bytes each; who is sent one again loses nothing but its size. */
const KNOWN_PER_PEER_MAX = 8192;
/** What a message gathers at most, unless one transaction alone is larger: a few packets, and no long wait for a block. */
export const MESSAGE_SIZE_BYTES_MAX = 128 * 1024;
/** How long the first transaction of a batch waits for others where no tick comes earlier. */
export const FLUSH_MS = 50;
/** What waits for one congested peer: some seconds of a busy chain. */
export const BACKLOG_COUNT_MAX = 4096;
export const BACKLOG_SIZE_BYTES_MAX = 1024 * 1024;
/** Messages that a peer gets at once when its congestion ends, so that it does not return at once. */
const BACKLOG_MESSAGES_PER_TICK = 4;
/** What a peer is offered of the mempool: three times as much as one holds by default. */
const OFFER_COUNT_MAX = 65_536;
/** A list of the mempool is sorted for it, so peers that come and go must not have one made at every tick. */
export const OFFER_INTERVAL_MS = 1000;
/** Offers go out beside the traffic of the moment: at most this much in a tick to all peers together. */
export const OFFER_SIZE_BYTES_PER_TICK = 1024 * 1024;

/** A transaction on its way out. */
interface Outgoing {
  readonly wireId: Hash;
  readonly encoded: Bytes;
}

interface RelayPeer {
  readonly connectionId: number;
  /** By wire id: what it has sent or been sent. */
  readonly known: KnownSet;
  /** Oldest first. */
  backlog: Outgoing[];
  backlogSizeBytes: number;
  /** Whether it is still to be offered what waits in the mempool. */
  needsOffer: boolean;
  /** What is left of an offer under way, from `offered` on. */
  offer: readonly VerifiedTransaction[];
  offered: number;
}

export class TransactionRelay {
  private readonly pool: TransactionPool;
  private readonly links: PeerLinks;
  private readonly clock: Clock;
  private readonly messageSizeBytesMax: number;
  private readonly peers = new Map<number, RelayPeer>();
  private batch: Outgoing[] = [];
  private batchSizeBytes = 0;
  private batchSinceMs = 0 as TimestampMs;
  private listedMs: TimestampMs | undefined;

  /** @param options.blockSizeBytesMax of the chain, from which the length of a line follows */
  constructor(options: { pool: TransactionPool; links: PeerLinks; clock: Clock; blockSizeBytesMax: number }) {
    this.pool = options.pool;
    this.links = options.links;
    this.clock = options.clock;
    this.messageSizeBytesMax = Math.min(MESSAGE_SIZE_BYTES_MAX, options.blockSizeBytesMax);
  }

  onPeerReady(connectionId: number): void {
    assert(!this.peers.has(connectionId), "a peer becomes ready once");
    this.peers.set(connectionId, {
      connectionId,
      known: new KnownSet({ countMax: KNOWN_PER_PEER_MAX }),
      backlog: [],
      backlogSizeBytes: 0,
      needsOffer: true,
      offer: [],
      offered: 0,
    });
  }

  onPeerGone(connectionId: number): void {
    this.peers.delete(connectionId);
  }

  /** The peer has this transaction, whatever it is worth. */
  markKnown(connectionId: number, wireId: Hash): void {
    this.peers.get(connectionId)?.known.add(wireId);
  }

  backlogCount(connectionId: number): number {
    return this.peers.get(connectionId)?.backlog.length ?? 0;
  }

  onAdmitted(transactions: readonly VerifiedTransaction[]): void {
    // Whoever becomes ready is offered the mempool.
    if (this.peers.size === 0) return;
    for (const { encoded } of transactions) {
      const isFull =
        this.batch.length >= TRANSACTIONS_PER_MESSAGE_MAX ||
        this.batchSizeBytes + encoded.length > this.messageSizeBytesMax;
      if (isFull) this.flush();
      if (this.batch.length === 0) this.batchSinceMs = this.clock.nowMs();
      this.batch.push({ wireId: wireIdOf(encoded), encoded });
      this.batchSizeBytes += encoded.length;
    }
    const isReady =
      this.batch.length >= TRANSACTIONS_PER_MESSAGE_MAX || this.batchSizeBytes >= this.messageSizeBytesMax;
    if (isReady) this.flush();
    else this.flushIfDue();
  }

  /** Sends the batch when its first transaction has waited long enough. The clock may have jumped back. */
  flushIfDue(): void {
    if (this.batch.length === 0) return;
    const ageMs = this.clock.nowMs() - this.batchSinceMs;
    if (ageMs >= FLUSH_MS || ageMs < 0) this.flush();
  }

  tick(): void {
    this.flush();
    for (const peer of [...this.peers.values()]) this.workOffBacklog(peer);
    this.startOffers();
    let sizeBytesLeft = OFFER_SIZE_BYTES_PER_TICK;
    for (const peer of [...this.peers.values()]) {
      if (sizeBytesLeft <= 0) return;
      sizeBytesLeft -= this.continueOffer(peer);
    }
  }

  private isCongested(peer: RelayPeer): boolean {
    return this.links.peer(peer.connectionId)?.isCongested ?? true;
  }

  /** Most peers lack the whole batch, so it is put into words once for all of them. */
  private flush(): void {
    if (this.batch.length === 0) return;
    const batch = this.batch;
    this.batch = [];
    this.batchSizeBytes = 0;
    const lackingAll: number[] = [];
    for (const peer of this.peers.values()) {
      const lacking = batch.filter(({ wireId }) => !peer.known.has(wireId));
      if (lacking.length === 0) continue;
      // What waits already goes first: a sender's transactions keep their order.
      if (peer.backlog.length > 0 || this.isCongested(peer)) this.putBack(peer, lacking);
      else if (lacking.length === batch.length) lackingAll.push(peer.connectionId);
      else this.send(peer, lacking);
    }
    if (lackingAll.length === 0) return;
    for (const connectionId of lackingAll) {
      for (const { wireId } of batch) this.markKnown(connectionId, wireId);
    }
    this.links.broadcast(lackingAll, { type: "Transactions", transactions: batch.map(({ encoded }) => encoded) });
  }

  private send(peer: RelayPeer, transactions: readonly Outgoing[]): void {
    for (const { wireId } of transactions) peer.known.add(wireId);
    const encoded = transactions.map((transaction) => transaction.encoded);
    this.links.send(peer.connectionId, { type: "Transactions", transactions: encoded });
  }

  private putBack(peer: RelayPeer, lacking: readonly Outgoing[]): void {
    for (const transaction of lacking) {
      peer.backlog.push(transaction);
      peer.backlogSizeBytes += transaction.encoded.length;
    }
    let dropped = 0;
    while (peer.backlog.length - dropped > BACKLOG_COUNT_MAX || peer.backlogSizeBytes > BACKLOG_SIZE_BYTES_MAX) {
      peer.backlogSizeBytes -= peer.backlog[dropped++]?.encoded.length ?? 0;
    }
    if (dropped === 0) return;
    peer.backlog.splice(0, dropped);
    // What was dropped still waits in the mempool, or a block has it.
    peer.needsOffer = true;
  }

  private workOffBacklog(peer: RelayPeer): void {
    for (let count = 0; count < BACKLOG_MESSAGES_PER_TICK && peer.backlog.length > 0; count++) {
      if (this.isCongested(peer)) return;
      let taken = 0;
      let sizeBytes = 0;
      const message: Outgoing[] = [];
      for (const transaction of peer.backlog) {
        const size = transaction.encoded.length;
        const isFull = message.length >= TRANSACTIONS_PER_MESSAGE_MAX || sizeBytes + size > this.messageSizeBytesMax;
        if (isFull && message.length > 0) break;
        taken++;
        peer.backlogSizeBytes -= size;
        // The peer may have sent it meanwhile.
        if (peer.known.has(transaction.wireId)) continue;
        message.push(transaction);
        sizeBytes += size;
      }
      peer.backlog.splice(0, taken);
      if (message.length > 0) this.send(peer, message);
    }
  }

  /** One list serves all peers that want one. */
  private startOffers(): void {
    const wanting = [...this.peers.values()].filter(
      (peer) => peer.needsOffer && peer.backlog.length === 0 && !this.isCongested(peer),
    );
    if (wanting.length === 0) return;
    const nowMs = this.clock.nowMs();
    const sinceMs = this.listedMs === undefined ? OFFER_INTERVAL_MS : nowMs - this.listedMs;
    if (sinceMs >= 0 && sinceMs < OFFER_INTERVAL_MS) return;
    this.listedMs = nowMs;
    const offer = this.pool.list(OFFER_COUNT_MAX);
    for (const peer of wanting) {
      peer.needsOffer = false;
      peer.offer = offer;
      peer.offered = 0;
    }
  }

  /** Sends one message of the peer's offer, and returns its size. */
  private continueOffer(peer: RelayPeer): number {
    if (peer.offer.length === 0 || this.isCongested(peer)) return 0;
    const message: Outgoing[] = [];
    let sizeBytes = 0;
    // As many are looked at as a message may have, so that a peer that has them all does not cost a long tick.
    const end = Math.min(peer.offer.length, peer.offered + TRANSACTIONS_PER_MESSAGE_MAX);
    for (; peer.offered < end; peer.offered++) {
      const encoded = (peer.offer[peer.offered] as VerifiedTransaction).encoded;
      if (sizeBytes + encoded.length > this.messageSizeBytesMax && message.length > 0) break;
      const wireId = wireIdOf(encoded);
      if (peer.known.has(wireId)) continue;
      message.push({ wireId, encoded });
      sizeBytes += encoded.length;
    }
    if (peer.offered >= peer.offer.length) peer.offer = [];
    if (message.length > 0) this.send(peer, message);
    return sizeBytes;
  }
}
