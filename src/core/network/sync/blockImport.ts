// Imports recovered blocks in order, a bounded batch at a time, and draws the consequences of each verdict.

import { assert, defined } from "../../primitives/index.ts";
import type { BlockVerdict, ChainAccess } from "../chainAccess.ts";
import type { BodySync, InvalidBlock } from "./bodySync.ts";
import type { BodyWindow, HeldBlock } from "./bodyWindow.ts";
import { EARLY_PAUSE_MS, IMPORT_BLOCKS_MAX, IMPORT_BYTES_MAX, IMPORT_TRANSACTIONS_MAX } from "./bounds.ts";
import type { HeaderSync } from "./headerSync.ts";
import type { SyncPeers } from "./syncPeers.ts";

export interface BlockImportOptions {
  readonly chain: ChainAccess;
  readonly peers: SyncPeers;
  readonly headerSync: HeaderSync;
  readonly bodySync: BodySync;
  readonly window: BodyWindow;
  readonly onInvalidBlock: (invalid: InvalidBlock) => void;
}

export class BlockImport {
  private readonly options: BlockImportOptions;
  private pausedUntilMs = 0;

  constructor(options: BlockImportOptions) {
    this.options = options;
  }

  /** Whether a block can be imported now. */
  isReady(nowMs: number): boolean {
    const { headerSync } = this.options;
    const { first } = headerSync.headers.pending;
    if (first === undefined || this.pausedUntilMs > nowMs || !headerSync.mayImport()) return false;
    return this.options.window.held(first.hash)?.transactions !== undefined;
  }

  private batch(): HeldBlock[] {
    const { headerSync, window } = this.options;
    const blocks: HeldBlock[] = [];
    let sizeBytes = 0;
    let transactionCount = 0;
    while (blocks.length < IMPORT_BLOCKS_MAX) {
      const header = headerSync.headers.pending.at(blocks.length);
      const block = header === undefined ? undefined : window.held(header.hash);
      if (block?.transactions === undefined) break;
      sizeBytes += block.sizeBytes;
      transactionCount += block.transactions.length;
      const isOver = sizeBytes > IMPORT_BYTES_MAX || transactionCount > IMPORT_TRANSACTIONS_MAX;
      if (blocks.length > 0 && isOver) break;
      blocks.push(block);
    }
    return blocks;
  }

  /** @returns how many blocks the chain has taken */
  step(nowMs: number): number {
    const blocks = this.batch();
    const verdicts = this.options.chain.importBlocks(
      blocks.map(({ block, transactions }) => ({ block, transactions: defined(transactions, "it is recovered") })),
    );
    assert(verdicts.length <= blocks.length, "there is a verdict for each block at most");
    let count = 0;
    for (const [index, verdict] of verdicts.entries()) {
      if (!this.take(blocks[index] as HeldBlock, verdict, nowMs)) break;
      count++;
    }
    return count;
  }

  /** Takes out those at the front that have come another way. */
  shiftKnown(): void {
    const { chain, headerSync } = this.options;
    const { pending } = headerSync.headers;
    for (let first = pending.first; first !== undefined; first = pending.first) {
      if (chain.header(first.hash) === undefined) return;
      this.shift();
    }
  }

  private shift(): void {
    const { hash } = this.options.headerSync.headers.pending.shift();
    this.options.bodySync.shift(hash);
  }

  /** @returns whether the chain has the block now */
  private take(held: HeldBlock, verdict: BlockVerdict, nowMs: number): boolean {
    const { headerSync, peers, bodySync, onInvalidBlock } = this.options;
    const { header, giverId } = held;
    switch (verdict.kind) {
      case "adopted":
      case "kept":
      case "known":
        this.shift();
        return true;
      case "early":
        this.pausedUntilMs = nowMs + EARLY_PAUSE_MS;
        return false;
      case "unknown_parent":
        // The chain has lost what this stands on: an operator took blocks back.
        headerSync.abandon();
        return false;
      case "too_deep":
        headerSync.reportDeepSplit(nowMs);
        return false;
      case "invalid":
        // A node may keep it beside its chain and give it in good faith, since it is not executed there.
        if (verdict.isHashInvalid) onInvalidBlock({ header, giverId: undefined, reason: verdict.message });
        else {
          peers.drop(giverId, "invalid_block", `block ${header.hash}: ${verdict.message}`);
          bodySync.forget(header.hash);
        }
        return false;
    }
  }
}
