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

export class SplitWatch {
  private readonly tree: BlockTree;
  private split: Omit<DeepSplit, "isUndoKept"> | undefined;
  /** The last better header and where its branch begins: headers come one upon the other, thousands of them. */
  private traced: { readonly tip: ChainHeader; readonly ancestor: ChainHeader } | undefined;

  constructor(tree: BlockTree) {
    this.tree = tree;
  }

  /** A header has been checked, whose ancestors are kept or in the overlay. */
  onHeader(tip: ChainHeader, overlay: HeaderOverlay): void {
    const { tree } = this;
    if (!tree.isBetterThanHead(tip)) return;
    const ancestor = tree.ancestorOf(tip, ({ parentHash }) => {
      const { traced } = this;
      if (traced?.tip.hash === parentHash && tree.isCanonical(traced.ancestor)) return traced.ancestor;
      return overlay(parentHash) ?? tree.headers.get(parentHash);
    });
    this.traced = { tip, ancestor };
    if (ancestor.header.height < tree.ancestorHeightMin()) this.note(tip, ancestor.header.height);
  }

  /** A block was refused since its branch begins too deep, perhaps the first of one whose headers are known already. */
  onRefused(tip: ChainHeader, ancestor: ChainHeader): void {
    const isOfTraced = this.traced?.ancestor.hash === ancestor.hash;
    this.note(isOfTraced ? (this.traced as { tip: ChainHeader }).tip : tip, ancestor.header.height);
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
