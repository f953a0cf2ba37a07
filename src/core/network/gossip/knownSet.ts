// A bounded set of hashes that forgets its oldest members. It only ever saves work: what has been forgotten is looked at
// again, and nothing is valid or invalid because it is in here under a hash that covers less than all of its bytes.

import { assert, type Hash } from "../../primitives/index.ts";

export class KnownSet {
  private readonly countMax: number;
  private readonly members = new Set<Hash>();
  /** The members in a ring, the oldest at `next` once it is full: a Set finds its own oldest only past what it deleted. */
  private ring: Hash[] = [];
  private next = 0;

  constructor(options: { countMax: number }) {
    assert(options.countMax >= 1, "a known set has room for one");
    this.countMax = options.countMax;
  }

  get count(): number {
    return this.members.size;
  }

  has(hash: Hash): boolean {
    return this.members.has(hash);
  }

  /** Adds at the newest end; a member keeps its place. */
  add(hash: Hash): void {
    if (this.members.has(hash)) return;
    const oldest = this.ring[this.next];
    if (oldest !== undefined) this.members.delete(oldest);
    this.members.add(hash);
    this.ring[this.next] = hash;
    this.next = (this.next + 1) % this.countMax;
  }

  clear(): void {
    this.members.clear();
    this.ring = [];
    this.next = 0;
  }
}
