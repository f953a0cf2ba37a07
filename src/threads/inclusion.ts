// Those who wait until a block includes a transaction, or until there is another block.

import type { Hash, Height } from "../core/primitives/index.ts";

type Settle = (inclusion: { readonly height: number } | undefined) => void;

const WAITERS_MAX = 10_000;

export class InclusionWaiters {
  private readonly waiters = new Map<Hash, Set<Settle>>();
  private readonly blockWaiters = new Set<(isCommitted: boolean) => void>();
  private count = 0;

  /** Resolves with the height; undefined after `timeoutMs`, or at once when too many wait already. */
  wait(hash: Hash, timeoutMs: number): Promise<{ readonly height: number } | undefined> {
    if (this.count >= WAITERS_MAX) return Promise.resolve(undefined);
    this.count++;
    return new Promise((resolve) => {
      const ofHash = this.waiters.get(hash) ?? new Set<Settle>();
      this.waiters.set(hash, ofHash);
      const settle: Settle = (inclusion) => {
        clearTimeout(timer);
        this.count--;
        ofHash.delete(settle);
        if (ofHash.size === 0) this.waiters.delete(hash);
        resolve(inclusion);
      };
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      ofHash.add(settle);
    });
  }

  /** Resolves with true when the next block has been committed; with false as `wait` does with undefined. */
  waitForBlock(timeoutMs: number): Promise<boolean> {
    if (this.count >= WAITERS_MAX) return Promise.resolve(false);
    this.count++;
    return new Promise((resolve) => {
      const settle = (isCommitted: boolean) => {
        clearTimeout(timer);
        this.count--;
        this.blockWaiters.delete(settle);
        resolve(isCommitted);
      };
      const timer = setTimeout(() => settle(false), timeoutMs);
      this.blockWaiters.add(settle);
    });
  }

  /** A block with these transactions has been committed. */
  settle(hashes: readonly Hash[], height: Height): void {
    for (const settle of [...this.blockWaiters]) settle(true);
    if (this.waiters.size === 0) return;
    for (const hash of hashes) {
      for (const settle of [...(this.waiters.get(hash) ?? [])]) settle({ height });
    }
  }
}
