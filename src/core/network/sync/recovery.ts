// Recovers the signers of blocks ahead of their import, in jobs that join the transactions of many blocks, so that all
// cores have work while the replica executes.

import { assert, type Bytes, defined, type Hash } from "../../primitives/index.ts";
import { assumeVerified, type VerifiedTransaction } from "../../protocol/index.ts";
import type { BodyWindow, HeldBlock } from "./bodyWindow.ts";
import {
  RECOVERY_BLOCKS_MAX,
  RECOVERY_JOBS_MAX,
  RECOVERY_TRANSACTIONS_MAX,
  RECOVERY_TRANSACTIONS_MIN,
} from "./bounds.ts";
import type { PendingHeaders } from "./pendingHeaders.ts";

/** Recovers signers off the replica's thread. */
export interface RecoveryJobs {
  /** @returns false when no more jobs are taken now; `done` is then not called. It may be called before this returns. */
  verify(encoded: readonly Bytes[], done: (hashes: readonly (Hash | undefined)[]) => void): boolean;
}

export interface RecoveryOptions {
  readonly jobs: RecoveryJobs;
  readonly pending: PendingHeaders;
  readonly window: BodyWindow;
  /** A transaction's signature is not its sender's. */
  readonly onBadSignature: (block: HeldBlock, index: number) => void;
  /** A job is finished. */
  readonly onDone: () => void;
}

export class Recovery {
  private readonly options: RecoveryOptions;
  private jobCount = 0;

  constructor(options: RecoveryOptions) {
    this.options = options;
  }

  /** Starts the jobs that may be started. */
  advance(): void {
    // Ends: each job makes a block held to one being recovered.
    while (this.jobCount < RECOVERY_JOBS_MAX) {
      const blocks = this.gather();
      if (blocks.length === 0 || !this.start(blocks)) return;
    }
  }

  /** Blocks of one job, from the first pending header on. */
  private gather(): HeldBlock[] {
    const { pending, window } = this.options;
    const blocks: HeldBlock[] = [];
    let count = 0;
    let isFull = false;
    for (let index = 0; index < window.reach && !isFull; index++) {
      const block = window.held(defined(pending.at(index), "the window reaches over pending headers").hash);
      if (block === undefined || block.isRecovering || block.transactions !== undefined) continue;
      if (block.signed.length === 0) {
        block.transactions = [];
        continue;
      }
      isFull = blocks.length > 0 && count + block.signed.length > RECOVERY_TRANSACTIONS_MAX;
      if (isFull) break;
      blocks.push(block);
      count += block.signed.length;
      isFull = blocks.length >= RECOVERY_BLOCKS_MAX;
    }
    const isWorthwhile = isFull || count >= RECOVERY_TRANSACTIONS_MIN || this.jobCount === 0;
    return isWorthwhile ? blocks : [];
  }

  private start(blocks: readonly HeldBlock[]): boolean {
    for (const block of blocks) block.isRecovering = true;
    this.jobCount++;
    const encoded = blocks.flatMap(({ block }) => block.body.transactions);
    const isTaken = this.options.jobs.verify(encoded, (hashes) => this.onRecovered(blocks, hashes));
    if (isTaken) return true;
    this.jobCount--;
    for (const block of blocks) block.isRecovering = false;
    return false;
  }

  private onRecovered(blocks: readonly HeldBlock[], hashes: readonly (Hash | undefined)[]): void {
    this.jobCount--;
    let offset = 0;
    for (const block of blocks) {
      const count = block.signed.length;
      this.finish(block, hashes.slice(offset, offset + count));
      offset += count;
    }
    assert(offset === hashes.length, "a job answers for each of its transactions");
    this.options.onDone();
  }

  private finish(block: HeldBlock, hashes: readonly (Hash | undefined)[]): void {
    block.isRecovering = false;
    // It may have been dropped while its signatures were under way.
    if (this.options.window.held(block.header.hash) !== block) return;
    const verified: VerifiedTransaction[] = [];
    for (const [index, signed] of block.signed.entries()) {
      const hash = hashes[index];
      if (hash === undefined) {
        this.options.onBadSignature(block, index);
        return;
      }
      const encoded = block.block.body.transactions[index] as Bytes;
      verified.push(assumeVerified({ signed, hash, encoded }));
    }
    block.transactions = verified;
  }
}
