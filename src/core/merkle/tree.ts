// The state tree: a sparse Merkle tree over 256-bit paths, kept in pages of four levels (docs/spec/state.md). Its root
// depends on the leaves alone, never on the order in which they came.

import type { PageChange } from "../ports/index.ts";
import { AssertionError, assert, type Bytes, bytesToHash, type Hash, ZERO_HASH } from "../primitives/index.ts";
import { EMPTY, HASH_SIZE, INNER, LEAF, type Leaf, PageNodes, SLOTS, slotKind, slotLeaf } from "./page.ts";
import { PageCache } from "./pageCache.ts";
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
  /** The bodies of changed pages; undefined for a page that is gone. */
  readonly pages: ReadonlyMap<string, Bytes | undefined>;
}

/** The records that bring the stored pages up to an update. */
export function pageChanges(update: TreeUpdate): PageChange[] {
  return Array.from(update.pages, ([prefix, body]) => ({ prefix, body }));
}

type Subtree =
  | { readonly kind: typeof EMPTY }
  | { readonly kind: typeof LEAF; readonly leaf: Leaf }
  | { readonly kind: typeof INNER; readonly hash: Bytes };

/** A stretch of sorted changes, all of which lie below `prefix`. */
interface Stretch {
  readonly prefix: string;
  readonly changes: readonly LeafChange[];
  readonly start: number;
  readonly end: number;
}

const EMPTY_SUBTREE: Subtree = { kind: EMPTY };
const nodes = new PageNodes();

export class StateTree {
  private readonly readPage: ReadPage;
  private readonly cache: PageCache;

  /** @param options.cachedPagesMax pages, of half a kilobyte mostly, that stay in memory */
  constructor(options: { readPage: ReadPage; cachedPagesMax: number }) {
    this.readPage = options.readPage;
    this.cache = new PageCache({ countMax: options.cachedPagesMax });
  }

  /** Computes the tree after `changes`, which name each path at most once; the tree itself stays as it is. */
  update(changes: readonly LeafChange[]): TreeUpdate {
    const sorted = changes.toSorted((left, right) => (left.path < right.path ? -1 : 1));
    const pages = new Map<string, Bytes | undefined>();
    const update = new Update((prefix) => this.load(prefix), pages);
    const root = update.run(sorted);
    return { root, pages };
  }

  /** Makes an update, whose pages have been stored, the tree's own. */
  adopt(update: TreeUpdate): void {
    for (const [prefix, body] of update.pages) {
      if (body === undefined) this.cache.delete(prefix);
      else this.cache.set(prefix, body);
    }
  }

  /** What was read or adopted may not be what is stored any more. */
  forget(): void {
    this.cache.clear();
  }

  private load(prefix: string): Bytes | undefined {
    const cached = this.cache.get(prefix);
    if (cached !== undefined) return cached;
    const body = this.readPage(prefix);
    if (body !== undefined) this.cache.set(prefix, body);
    return body;
  }
}

/** One run over the pages that a list of changes touches, from the root down and back up. */
class Update {
  private readonly load: (prefix: string) => Bytes | undefined;
  private readonly pages: Map<string, Bytes | undefined>;

  constructor(load: (prefix: string) => Bytes | undefined, pages: Map<string, Bytes | undefined>) {
    this.load = load;
    this.pages = pages;
  }

  run(changes: readonly LeafChange[]): Hash {
    const body = this.load("");
    if (changes.length > 0) {
      this.rebuild(body, { prefix: "", changes, start: 0, end: changes.length });
      const isEmpty = nodes.kinds[1] === EMPTY;
      if (!isEmpty || body !== undefined) this.pages.set("", isEmpty ? undefined : nodes.encode());
    } else if (body === undefined) {
      return ZERO_HASH;
    } else {
      nodes.load(body);
      nodes.fold();
    }
    return bytesToHash(nodes.hash(1));
  }

  /** Applies changes to a page. It is left folded in `nodes`, which the pages below it have used before. */
  private rebuild(body: Bytes | undefined, stretch: Stretch): void {
    const { prefix, changes, end } = stretch;
    const depth = prefix.length;
    const changed: { readonly slot: number; readonly subtree: Subtree }[] = [];
    let start = stretch.start;
    while (start < end) {
      const digit = (changes[start] as LeafChange).path[depth] as string;
      let next = start + 1;
      while (next < end && (changes[next] as LeafChange).path[depth] === digit) next++;
      const slot = Number.parseInt(digit, 16);
      changed.push({
        slot,
        subtree: this.applyToSlot(body, slot, { prefix: prefix + digit, changes, start, end: next }),
      });
      start = next;
    }
    nodes.load(body);
    for (const { slot, subtree } of changed) {
      if (subtree.kind === INNER) nodes.setInner(slot, subtree.hash);
      else if (subtree.kind === LEAF) nodes.setLeaf(slot, subtree.leaf);
      else nodes.setEmpty(slot);
    }
    nodes.fold();
  }

  private applyToSlot(body: Bytes | undefined, slot: number, stretch: Stretch): Subtree {
    const { prefix } = stretch;
    const kind = slotKind(body, slot);
    if (kind === INNER) {
      const child = this.load(prefix);
      assert(child !== undefined, `the tree has the page ${prefix} that its parent names`);
      return this.settle(child, stretch);
    }
    const changes = stretch.changes.slice(stretch.start, stretch.end);
    const leaves = changes.filter((change) => change.valueHash !== undefined);
    if (kind === LEAF) {
      const leaf = slotLeaf(body as Bytes, slot);
      const path = leaf.path.toHex();
      if (!changes.some((change) => change.path === path)) {
        const place = leaves.findIndex((change) => change.path > path);
        leaves.splice(place === -1 ? leaves.length : place, 0, { path, valueHash: leaf.valueHash });
      }
    }
    const [only] = leaves;
    if (only === undefined) return EMPTY_SUBTREE;
    if (leaves.length === 1) {
      return { kind: LEAF, leaf: { path: Uint8Array.fromHex(only.path), valueHash: only.valueHash as Bytes } };
    }
    return this.settle(undefined, { prefix, changes: leaves, start: 0, end: leaves.length });
  }

  /** Applies changes to a page below the root, and hands a page with one leaf or none up to its parent. */
  private settle(body: Bytes | undefined, stretch: Stretch): Subtree {
    const { prefix } = stretch;
    this.rebuild(body, stretch);
    if (nodes.kinds[1] === INNER) {
      this.pages.set(prefix, nodes.encode());
      return { kind: INNER, hash: nodes.hash(1).slice() };
    }
    if (body !== undefined) this.pages.set(prefix, undefined);
    if (nodes.kinds[1] === EMPTY) return EMPTY_SUBTREE;
    return { kind: LEAF, leaf: nodes.leaf(nodes.leafSlots[1] as number) };
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
    nodes.load(body);
    nodes.fold();
    const slot = Number.parseInt(digits[depth] as string, 16);
    for (let level = 0; level <= 4; level++) {
      const node = (SLOTS + slot) >> (4 - level);
      if (level > 0) siblings.push(bytesToHash(nodes.hash(node ^ 1)));
      const kind = nodes.kinds[node];
      if (kind === EMPTY) return { siblings, leaf: undefined };
      if (kind === LEAF) {
        const { path, valueHash } = nodes.leaf(nodes.leafSlots[node] as number);
        return { siblings, leaf: { path: bytesToHash(path), valueHash: bytesToHash(valueHash) } };
      }
    }
  }
  throw new AssertionError("the tree is not deeper than its paths are long");
}
