// Transactions that this node has failed to execute, by a fault of its own: it neither keeps nor relays them again.

import type { Hash } from "../primitives/index.ts";
import type { AdmissionRefusal } from "./admission.ts";

/** Faults of a node are few; a forgotten transaction is tried once more. */
const QUARANTINED_MAX = 1024;

export class Quarantine {
  /** Oldest first. */
  private readonly hashes = new Set<Hash>();

  add(hash: Hash): void {
    this.hashes.add(hash);
    for (const oldest of this.hashes) {
      if (this.hashes.size <= QUARANTINED_MAX) return;
      this.hashes.delete(oldest);
    }
  }

  check(hash: Hash): AdmissionRefusal | undefined {
    if (!this.hashes.has(hash)) return undefined;
    return {
      code: "quarantined",
      message: "this node has failed to execute the transaction, by a fault of its own, and does not take it again",
      details: { hash },
    };
  }
}
