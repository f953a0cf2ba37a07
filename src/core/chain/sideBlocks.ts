// The kept blocks that are not canonical: an index of the store's, so that a block that is imported on the head asks the
// store nothing about them. A block never stays when one that it rests on goes (docs/spec/fork-choice.md).

import type { Store } from "../ports/index.ts";
import { defined, type Hash, type Height } from "../primitives/index.ts";
import { type ChainHeader, loadHeader } from "./headers.ts";

export class SideBlocks {
  private readonly store: Store;
  private readonly blocks = new Map<Hash, ChainHeader>();
  /** By their parents, which may be canonical. */
  private readonly children = new Map<Hash, Set<Hash>>();
  private readonly byHeight = new Map<Height, Set<Hash>>();
  /** No block is below it. */
  private heightMin = Number.POSITIVE_INFINITY;

  constructor(store: Store) {
    this.store = store;
    this.load();
  }

  /** Reads anew what the store keeps. */
  load(): void {
    for (const index of [this.blocks, this.children, this.byHeight]) index.clear();
    this.heightMin = Number.POSITIVE_INFINITY;
    for (const { hash } of this.store.sideBlocks()) {
      this.add(defined(loadHeader(this.store, hash), "the header of a kept block is stored"));
    }
  }

  get count(): number {
    return this.blocks.size;
  }

  has(hash: Hash): boolean {
    return this.blocks.has(hash);
  }

  /** The store has a block more that is not canonical. */
  add(block: ChainHeader): void {
    const { hash, header } = block;
    this.blocks.set(hash, block);
    addTo(this.children, header.parentHash, hash);
    addTo(this.byHeight, header.height, hash);
    this.heightMin = this.blocks.size === 1 ? header.height : Math.min(this.heightMin, header.height);
  }

  /** A block has become canonical, or is kept no more; it may have been none of these. */
  remove(hash: Hash): void {
    const block = this.blocks.get(hash);
    if (block === undefined) return;
    this.blocks.delete(hash);
    removeFrom(this.children, block.header.parentHash, hash);
    removeFrom(this.byHeight, block.header.height, hash);
  }

  /** A block and all that rest on it, those first that others rest on. */
  withDescendants(root: Hash): Hash[] {
    const found = [root];
    for (const hash of found) found.push(...(this.children.get(hash) ?? []));
    return found;
  }

  /** Blocks at these heights or below; with all that rest on them. */
  upTo(height: Height): Hash[] {
    const found: Hash[] = [];
    for (; this.heightMin <= height; this.heightMin++)
      found.push(...(this.byHeight.get(this.heightMin as Height) ?? []));
    return [...new Set(found.flatMap((hash) => this.withDescendants(hash)))];
  }

  all(): Hash[] {
    return [...this.blocks.keys()];
  }

  /** The end of the branch with the least work, the higher hash of several, but for `spared`. */
  worstTip(spared: Hash | undefined): Hash | undefined {
    let worst: ChainHeader | undefined;
    for (const block of this.blocks.values()) {
      if (block.hash === spared || this.children.has(block.hash)) continue;
      const isWorse =
        worst === undefined ||
        block.totalWork < worst.totalWork ||
        (block.totalWork === worst.totalWork && block.hash > worst.hash);
      if (isWorse) worst = block;
    }
    return worst?.hash;
  }
}

function addTo<Key>(index: Map<Key, Set<Hash>>, key: Key, hash: Hash): void {
  const entries = index.get(key);
  if (entries === undefined) index.set(key, new Set([hash]));
  else entries.add(hash);
}

function removeFrom<Key>(index: Map<Key, Set<Hash>>, key: Key, hash: Hash): void {
  const entries = index.get(key);
  entries?.delete(hash);
  if (entries?.size === 0) index.delete(key);
}
