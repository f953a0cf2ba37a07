// A bounded set of hashes that forgets its oldest members. It only ever saves work: what has been forgotten is looked at
// again, and nothing is valid or invalid because it is in here under a hash that covers less than all of its bytes.

import { assert, type Hash } from "../../primitives/index.ts";

export class KnownSet {
  private readonly countMax: number;
  private readonly members = new Set<Hash>();

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
    this.members.add(hash);
    if (this.members.size <= this.countMax) return;
    for (const oldest of this.members) {
      this.members.delete(oldest);
      return;
    }
  }

  delete(hash: Hash): void {
    this.members.delete(hash);
  }

  clear(): void {
    this.members.clear();
  }
}
