// Headers that are known to be invalid, themselves or by their blocks; the oldest are forgotten.

import type { Hash } from "../../primitives/index.ts";
import { INVALID_HASHES_MAX } from "./bounds.ts";

export class InvalidHashes {
  /** Oldest first. */
  private readonly hashes = new Set<Hash>();

  has(hash: Hash): boolean {
    return this.hashes.has(hash);
  }

  add(hash: Hash): void {
    this.hashes.add(hash);
    for (const oldest of this.hashes) {
      if (this.hashes.size <= INVALID_HASHES_MAX) return;
      this.hashes.delete(oldest);
    }
  }
}
