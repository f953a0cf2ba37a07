// The state tree: a sparse Merkle tree over 256-bit paths, kept in pages of four levels (docs/spec/state.md). Its root
// depends on the leaves alone, never on the order in which they came.

import type { PageChange } from "../ports/index.ts";
import { AssertionError, assert, type Bytes, bytesToHash, type Hash, ZERO_HASH } from "../primitives/index.ts";
import { decodePage, EMPTY, encodePage, HASH_SIZE, INNER, LEAF, Page, PageNodes, SLOTS } from "./page.ts";
import type { StateProof } from "./proof.ts";

/** The new hash of one leaf's value; undefined removes the leaf. */
export interface LeafChange {
  /** 64 hex digits without a prefix: strings sort and compare faster than bytes. */
  readonly path: string;
  readonly valueHash: Bytes | undefined;
}

export type ReadPage = (prefix: string) => Bytes | undefined;

/** What an update came to. Nothing of it is in the tree before `adopt`. */
export interface TreeUpdate {
  readonly root: Hash;
  /** Undefined for a page that is gone. */
  readonly pages: ReadonlyMap<string, Page | undefined>;
}

/** The records that bring the stored pages up to an update. */
export function pageChanges(update: TreeUpdate): PageChange[] {
  return Array.from(update.pages, ([prefix, page]) => ({
    prefix,
    body: page === undefined ? undefined : encodePage(page),
  }));
}

interface Subtree {
  readonly kind: typeof EMPTY | typeof LEAF | typeof INNER;
  /** Of an inner node: its hash. Of a leaf: its path. */
  readonly first: Bytes;
  /** Of a leaf: the hash of its value. */
  readonly second: Bytes;
}

const NOTHING = new Uint8Array(0);
const EMPTY_SUBTREE: Subtree = { kind: EMPTY, first: NOTHING, second: NOTHING };
const nodes = new PageNodes();

export class StateTree {
  private readonly readPage: ReadPage;
  private readonly cachedPagesMax: number;
  /** Least recently used first. */
  private readonly cache = new Map<string, Page>();

  /** @param options.cachedPagesMax pages of about 1.3 kB that stay decoded in memory */
  constructor(options: { readPage: ReadPage; cachedPagesMax: number }) {
    this.readPage = options.readPage;
    this.cachedPagesMax = options.cachedPagesMax;
  }

  /** Computes the tree after `changes`, which name each path at most once; the tree itself stays as it is. */
  update(changes: readonly LeafChange[]): TreeUpdate {
    const sorted = changes.toSorted((left, right) => (left.path < right.path ? -1 : 1));
    const pages = new Map<string, Page | undefined>();
    const update = new Update((prefix) => this.load(prefix), pages);
    const root = update.run(sorted);
    return { root, pages };
  }

  /** Makes an update, whose pages have been stored, the tree's own. */
  adopt(update: TreeUpdate): void {
    for (const [prefix, page] of update.pages) {
      this.cache.delete(prefix);
      if (page !== undefined) this.cache.set(prefix, page);
    }
    this.trim();
  }

  private load(prefix: string): Page | undefined {
    const cached = this.cache.get(prefix);
    if (cached !== undefined) {
      this.cache.delete(prefix);
      this.cache.set(prefix, cached);
      return cached;
    }
    const body = this.readPage(prefix);
    if (body === undefined) return undefined;
    const page = decodePage(body);
    this.cache.set(prefix, page);
    this.trim();
    return page;
  }

  private trim(): void {
    for (const prefix of this.cache.keys()) {
      if (this.cache.size <= this.cachedPagesMax) return;
      this.cache.delete(prefix);
    }
  }
}

/** One run over the pages that a list of changes touches, from the root down and back up. */
class Update {
  private readonly load: (prefix: string) => Page | undefined;
  private readonly pages: Map<string, Page | undefined>;

  constructor(load: (prefix: string) => Page | undefined, pages: Map<string, Page | undefined>) {
    this.load = load;
    this.pages = pages;
  }

  run(changes: readonly LeafChange[]): Hash {
    const stored = this.load("");
    if (changes.length > 0) {
      const page = stored?.copy() ?? new Page();
      this.applyToPage({ page, prefix: "", changes });
      nodes.fold(page);
      const kind = nodes.kinds[1];
      if (kind !== EMPTY || stored !== undefined) this.pages.set("", kind === EMPTY ? undefined : page);
    } else if (stored === undefined) {
      return ZERO_HASH;
    } else {
      nodes.fold(stored);
    }
    return bytesToHash(nodes.hash(1));
  }

  /** Changes the slots of `page`, which is a copy of this run's own. */
  private applyToPage(options: { page: Page; prefix: string; changes: readonly LeafChange[] }): void {
    const { page, prefix, changes } = options;
    const depth = prefix.length;
    let start = 0;
    while (start < changes.length) {
      const digit = (changes[start] as LeafChange).path[depth] as string;
      let end = start + 1;
      while (end < changes.length && (changes[end] as LeafChange).path[depth] === digit) end++;
      const slot = Number.parseInt(digit, 16);
      const subtree = this.applyToSlot({ page, slot, prefix: prefix + digit, changes: changes.slice(start, end) });
      if (subtree.kind === INNER) page.setInner(slot, subtree.first);
      else if (subtree.kind === LEAF) page.setLeaf(slot, { path: subtree.first, valueHash: subtree.second });
      else page.setEmpty(slot);
      start = end;
    }
  }

  private applyToSlot(options: { page: Page; slot: number; prefix: string; changes: readonly LeafChange[] }): Subtree {
    const { page, slot, prefix, changes } = options;
    if (page.kind(slot) === INNER) {
      const child = this.load(prefix);
      assert(child !== undefined, `the tree has the page ${prefix} that its parent names`);
      return this.settle({ page: child.copy(), prefix, changes, wasStored: true });
    }
    const leaves = changes.filter((change) => change.valueHash !== undefined);
    if (page.kind(slot) === LEAF) {
      const path = page.leafPath(slot).toHex();
      if (!changes.some((change) => change.path === path)) {
        const kept = { path, valueHash: page.leafValueHash(slot).slice() };
        const place = leaves.findIndex((change) => change.path > path);
        leaves.splice(place === -1 ? leaves.length : place, 0, kept);
      }
    }
    const [only] = leaves;
    if (only === undefined) return EMPTY_SUBTREE;
    if (leaves.length === 1) {
      return { kind: LEAF, first: Uint8Array.fromHex(only.path), second: only.valueHash as Bytes };
    }
    return this.settle({ page: new Page(), prefix, changes: leaves, wasStored: false });
  }

  /** Applies changes to a page below the root, and hands a page with one leaf or none up to its parent. */
  private settle(options: { page: Page; prefix: string; changes: readonly LeafChange[]; wasStored: boolean }): Subtree {
    const { page, prefix, wasStored } = options;
    this.applyToPage(options);
    nodes.fold(page);
    if (nodes.kinds[1] === INNER) {
      this.pages.set(prefix, page);
      return { kind: INNER, first: nodes.hash(1).slice(), second: NOTHING };
    }
    if (wasStored) this.pages.set(prefix, undefined);
    if (nodes.kinds[1] === EMPTY) return EMPTY_SUBTREE;
    const slot = nodes.leafSlots[1] as number;
    return { kind: LEAF, first: page.leafPath(slot).slice(), second: page.leafValueHash(slot).slice() };
  }
}

/** Proves what stands at `path` (32 bytes), reading pages as they are stored. */
export function prove(options: { readPage: ReadPage; path: Bytes }): StateProof {
  const { readPage, path } = options;
  const digits = path.toHex();
  const siblings: Hash[] = [];
  for (let depth = 0; depth < HASH_SIZE * 2; depth++) {
    const body = readPage(digits.slice(0, depth));
    if (body === undefined) {
      assert(depth === 0, "a page that its parent names is stored");
      return { siblings, leaf: undefined };
    }
    const page = decodePage(body);
    nodes.fold(page);
    const slot = Number.parseInt(digits[depth] as string, 16);
    for (let level = 0; level <= 4; level++) {
      const node = (SLOTS + slot) >> (4 - level);
      if (level > 0) siblings.push(bytesToHash(nodes.hash(node ^ 1)));
      const kind = nodes.kinds[node];
      if (kind === EMPTY) return { siblings, leaf: undefined };
      if (kind === LEAF) {
        const leafSlot = nodes.leafSlots[node] as number;
        const leaf = {
          path: bytesToHash(page.leafPath(leafSlot)),
          valueHash: bytesToHash(page.leafValueHash(leafSlot)),
        };
        return { siblings, leaf };
      }
    }
  }
  throw new AssertionError("the tree is not deeper than its paths are long");
}
