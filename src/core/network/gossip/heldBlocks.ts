// A bounded pool of blocks that can't be imported yet. Who fills it loses its own blocks first: room is made at the cost of
// the peer that holds most.

import { assert, type Bytes, defined, type Hash } from "../../primitives/index.ts";
import type { Block } from "../../protocol/index.ts";

/** A block as it came from peers; seal and body are checked before one is held. */
export interface GossipedBlock {
  /** SHA-256 of the whole encoding. */
  readonly wireId: Hash;
  readonly hash: Hash;
  readonly block: Block;
  readonly encoded: Bytes;
  /** Connections that it came from, the first one first. It counts against the first one's share. */
  readonly senders: Set<number>;
}

function ownerOf({ senders }: GossipedBlock): number {
  const [first] = senders;
  return defined(first, "a held block has a sender");
}

export class HeldBlocks {
  private readonly countMax: number;
  private readonly sizeBytesMax: number;
  private readonly perPeerMax: number;
  /** By wire id, oldest first. */
  private readonly blocks = new Map<Hash, GossipedBlock>();
  private totalSizeBytes = 0;

  /** The bounds on counts are small: what the pool does takes time in their proportion. */
  constructor(options: { countMax: number; sizeBytesMax: number; perPeerMax: number }) {
    assert(options.countMax >= 1 && options.perPeerMax >= 1, "the pool has room for a block");
    this.countMax = options.countMax;
    this.sizeBytesMax = options.sizeBytesMax;
    this.perPeerMax = options.perPeerMax;
  }

  get count(): number {
    return this.blocks.size;
  }

  get sizeBytes(): number {
    return this.totalSizeBytes;
  }

  get(wireId: Hash): GossipedBlock | undefined {
    return this.blocks.get(wireId);
  }

  /** Whether a block with this header is here. */
  hasHash(hash: Hash): boolean {
    for (const held of this.blocks.values()) {
      if (held.hash === hash) return true;
    }
    return false;
  }

  /** Oldest first. */
  list(): readonly GossipedBlock[] {
    return [...this.blocks.values()];
  }

  childrenOf(hash: Hash): readonly GossipedBlock[] {
    return this.list().filter(({ block }) => block.header.parentHash === hash);
  }

  /** Adds a block that is not here, which may cost others their place, or itself. One that all have left is not kept. */
  add(held: GossipedBlock): void {
    assert(!this.blocks.has(held.wireId), "a block is held once");
    if (held.senders.size === 0 || held.encoded.length > this.sizeBytesMax) return;
    this.blocks.set(held.wireId, held);
    this.totalSizeBytes += held.encoded.length;
    const owner = ownerOf(held);
    if (this.countOf(owner) > this.perPeerMax) this.dropOldestOf(owner);
    while (this.blocks.size > this.countMax || this.totalSizeBytes > this.sizeBytesMax) {
      this.dropOldestOf(this.largestHolder());
    }
  }

  remove(wireId: Hash): void {
    const held = this.blocks.get(wireId);
    if (held === undefined) return;
    this.blocks.delete(wireId);
    this.totalSizeBytes -= held.encoded.length;
  }

  /** A connection has ended. What nobody else has sent goes with it, or a peer that comes back would have a new share. */
  onPeerGone(connectionId: number): void {
    for (const held of this.list()) {
      if (held.senders.size === 1 && held.senders.has(connectionId)) this.remove(held.wireId);
      held.senders.delete(connectionId);
    }
  }

  private countOf(connectionId: number): number {
    let count = 0;
    for (const held of this.blocks.values()) {
      if (ownerOf(held) === connectionId) count++;
    }
    return count;
  }

  /** By bytes where these are short, by count otherwise; among equals who came first. */
  private largestHolder(): number {
    const isShortOfBytes = this.totalSizeBytes > this.sizeBytesMax;
    const weights = new Map<number, number>();
    for (const held of this.blocks.values()) {
      const owner = ownerOf(held);
      weights.set(owner, (weights.get(owner) ?? 0) + (isShortOfBytes ? held.encoded.length : 1));
    }
    let largest = { owner: 0, weight: -1 };
    for (const [owner, weight] of weights) {
      if (weight > largest.weight) largest = { owner, weight };
    }
    return largest.owner;
  }

  private dropOldestOf(connectionId: number): void {
    for (const held of this.blocks.values()) {
      if (ownerOf(held) !== connectionId) continue;
      this.remove(held.wireId);
      return;
    }
  }
}
