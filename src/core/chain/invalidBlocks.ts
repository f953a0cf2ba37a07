// Blocks whose hash is known to be invalid, so that they and what rests on them are refused without being looked at again.
// A hash gets here only with its work done and with the body that it commits to, so that nobody fills the set for nothing.

import type { Hash } from "../primitives/index.ts";
import { type ImportRefusal, isHashInvalid } from "./codes.ts";

/** A tenth of a megabyte; a forgotten one costs one execution more. */
const INVALID_BLOCKS_MAX = 1024;

export class InvalidBlocks {
  /** Oldest first. */
  private readonly refusals = new Map<Hash, ImportRefusal>();

  get(hash: Hash): ImportRefusal | undefined {
    return this.refusals.get(hash);
  }

  /** Remembers the block where the refusal holds for its hash, whoever sends it. */
  add(hash: Hash, refusal: ImportRefusal): void {
    if (!isHashInvalid(refusal.code)) return;
    this.refusals.set(hash, refusal);
    for (const oldest of this.refusals.keys()) {
      if (this.refusals.size <= INVALID_BLOCKS_MAX) return;
      this.refusals.delete(oldest);
    }
  }
}
