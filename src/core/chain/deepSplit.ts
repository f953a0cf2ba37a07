// Remembers a branch that is better than the head and that this node does not follow, since it would take back more
// blocks than it may. What is to be done about that is its operator's decision.

import type { Hash, Height } from "../primitives/index.ts";
import type { BlockTree } from "./blockTree.ts";
import type { ChainHeader, HeaderOverlay } from "./headers.ts";

export interface DeepSplit {
  /** The last block that both chains have. */
  readonly ancestorHeight: Height;
  /** The best block that is known of the other chain, whose header has been checked. */
  readonly tip: { readonly hash: Hash; readonly height: Height; readonly totalWork: bigint };
  /** Whether this node's undo records reach down to the ancestor. */
  readonly isUndoKept: boolean;
}

/** Where the branch of a checked header leaves the canonical chain. */
interface Trace {
  readonly tip: ChainHeader;
  readonly ancestor: ChainHeader;
  /** The block of the branch on the ancestor: the trace holds as long as it is not canonical. */
  readonly first: ChainHeader;
}

/** Branches whose headers come at the same time: that of a sync, and what is gossiped beside it. */
const TRACES_MAX = 16;

export class SplitWatch {
  private readonly tree: BlockTree;
  private split: Omit<DeepSplit, "isUndoKept"> | undefined;
  /**
   * By the hash of their tips, oldest first. Headers come one upon the other, thousands of them, and those in between may
   * be forgotten by whoever checks them.
   */
  private readonly traces = new Map<Hash, Trace>();

  constructor(tree: BlockTree) {
    this.tree = tree;
  }

  /** A header has been checked, whose last ancestors are kept or in the overlay. */
  onHeader(tip: ChainHeader, overlay: HeaderOverlay): void {
    const trace = this.trace(tip, overlay);
    if (trace === undefined) return;
    this.traces.delete(tip.header.parentHash);
    this.traces.delete(tip.hash);
    this.traces.set(tip.hash, trace);
    for (const oldest of this.traces.keys()) {
      if (this.traces.size <= TRACES_MAX) break;
      this.traces.delete(oldest);
    }
    if (trace.ancestor.header.height < this.tree.ancestorHeightMin()) this.note(tip, trace.ancestor.header.height);
  }

  /** Undefined where the way down to the canonical chain is not known any more. */
  private trace(tip: ChainHeader, overlay: HeaderOverlay): Trace | undefined {
    const { tree } = this;
    let first = tip;
    // Ends: heights fall, and block 0 is canonical.
    for (;;) {
      const { parentHash } = first.header;
      const known = this.traces.get(parentHash);
      if (known !== undefined && !tree.isCanonical(known.first)) {
        if (tree.isCanonical(known.ancestor)) return { tip, ancestor: known.ancestor, first: known.first };
        first = known.ancestor;
        continue;
      }
      const parent = overlay(parentHash) ?? tree.headers.get(parentHash);
      if (parent === undefined) return undefined;
      if (tree.isCanonical(parent)) return { tip, ancestor: parent, first };
      first = parent;
    }
  }

  /** A block was refused since its branch begins too deep, perhaps the first of one whose headers are known already. */
  onRefused(tip: ChainHeader, ancestor: ChainHeader): void {
    const { height } = ancestor.header;
    this.note(tip, height);
    for (const trace of this.traces.values()) {
      if (trace.ancestor.hash === ancestor.hash) this.note(trace.tip, height);
    }
  }

  private note({ hash, header, totalWork }: ChainHeader, ancestorHeight: Height): void {
    if (!this.tree.isBetterThanHead({ hash, totalWork })) return;
    const known = this.current();
    const tip = { hash, height: header.height, totalWork };
    if (known === undefined || this.tree.engine.isBetter({ candidate: tip, current: known.tip })) {
      this.split = { ancestorHeight, tip };
    }
  }

  /** The best such branch, for as long as it is better than the head. */
  current(): DeepSplit | undefined {
    if (this.split === undefined) return undefined;
    if (!this.tree.isBetterThanHead(this.split.tip)) {
      this.split = undefined;
      return undefined;
    }
    return { ...this.split, isUndoKept: this.split.ancestorHeight >= this.tree.undoneHeightMin() };
  }
}
