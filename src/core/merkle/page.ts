// A page of the state tree: four binary levels, kept as the sixteen slots at its lower edge. The inner nodes of a page are
// folded from its slots when they are needed, so a changed leaf rewrites one record for four levels.

import { assert, type Bytes } from "../primitives/index.ts";
import { innerHash, leafHash } from "./proof.ts";

export const SLOTS = 16;
export const HASH_SIZE = 32;
const LEAF_SIZE = 64;
const HEADER_SIZE = 4;

export const EMPTY = 0;
export const LEAF = 1;
export const INNER = 2;
export type SlotKind = typeof EMPTY | typeof LEAF | typeof INNER;

/** Slots lie 64 bytes apart: a leaf's path and the hash of its value, or the hash of an inner node. */
export class Page {
  readonly kinds: Uint8Array;
  readonly data: Uint8Array;

  constructor(kinds: Uint8Array = new Uint8Array(SLOTS), data: Uint8Array = new Uint8Array(SLOTS * LEAF_SIZE)) {
    this.kinds = kinds;
    this.data = data;
  }

  copy(): Page {
    return new Page(this.kinds.slice(), this.data.slice());
  }

  kind(slot: number): SlotKind {
    return this.kinds[slot] as SlotKind;
  }

  leafPath(slot: number): Bytes {
    return this.data.subarray(slot * LEAF_SIZE, slot * LEAF_SIZE + HASH_SIZE);
  }

  leafValueHash(slot: number): Bytes {
    return this.data.subarray(slot * LEAF_SIZE + HASH_SIZE, (slot + 1) * LEAF_SIZE);
  }

  innerHash(slot: number): Bytes {
    return this.data.subarray(slot * LEAF_SIZE, slot * LEAF_SIZE + HASH_SIZE);
  }

  setEmpty(slot: number): void {
    this.kinds[slot] = EMPTY;
  }

  setLeaf(slot: number, options: { path: Bytes; valueHash: Bytes }): void {
    this.kinds[slot] = LEAF;
    this.data.set(options.path, slot * LEAF_SIZE);
    this.data.set(options.valueHash, slot * LEAF_SIZE + HASH_SIZE);
  }

  setInner(slot: number, hash: Bytes): void {
    this.kinds[slot] = INNER;
    this.data.set(hash, slot * LEAF_SIZE);
  }
}

/** Two masks of 16 bits that say which slots are leaves and which inner nodes, then the slots that are not empty. */
export function encodePage(page: Page): Bytes {
  let leaves = 0;
  let inners = 0;
  let size = HEADER_SIZE;
  for (let slot = 0; slot < SLOTS; slot++) {
    const kind = page.kind(slot);
    if (kind === LEAF) {
      leaves |= 1 << slot;
      size += LEAF_SIZE;
    } else if (kind === INNER) {
      inners |= 1 << slot;
      size += HASH_SIZE;
    }
  }
  const body = new Uint8Array(size);
  body[0] = leaves >> 8;
  body[1] = leaves;
  body[2] = inners >> 8;
  body[3] = inners;
  let offset = HEADER_SIZE;
  for (let slot = 0; slot < SLOTS; slot++) {
    const kind = page.kind(slot);
    if (kind === EMPTY) continue;
    const length = kind === LEAF ? LEAF_SIZE : HASH_SIZE;
    body.set(page.data.subarray(slot * LEAF_SIZE, slot * LEAF_SIZE + length), offset);
    offset += length;
  }
  return body;
}

/** Reads what `encodePage` wrote; a body of another form is a damaged store. */
export function decodePage(body: Bytes): Page {
  assert(body.length >= HEADER_SIZE, "a tree page has its masks");
  const leaves = ((body[0] as number) << 8) | (body[1] as number);
  const inners = ((body[2] as number) << 8) | (body[3] as number);
  assert((leaves & inners) === 0, "a tree page's slot is a leaf or an inner node");
  const page = new Page();
  let offset = HEADER_SIZE;
  for (let slot = 0; slot < SLOTS; slot++) {
    const bit = 1 << slot;
    if (((leaves | inners) & bit) === 0) continue;
    const isLeaf = (leaves & bit) !== 0;
    const length = isLeaf ? LEAF_SIZE : HASH_SIZE;
    page.kinds[slot] = isLeaf ? LEAF : INNER;
    page.data.set(body.subarray(offset, offset + length), slot * LEAF_SIZE);
    offset += length;
  }
  assert(offset === body.length, "a tree page ends after its slots");
  return page;
}

/**
 * The binary nodes of one page, numbered as a heap: 1 is its top, 2i and 2i+1 are the children of i, and 16 to 31 are its
 * slots. A subtree with one leaf is that leaf, and an empty one has the hash of 32 zero bytes.
 */
export class PageNodes {
  readonly kinds = new Uint8Array(2 * SLOTS);
  /** For a node that is a leaf, the slot where that leaf lies. */
  readonly leafSlots = new Uint8Array(2 * SLOTS);
  private readonly hashes = new Uint8Array(2 * SLOTS * HASH_SIZE);
  private readonly views: readonly Uint8Array[] = Array.from({ length: 2 * SLOTS }, (_, node) =>
    this.hashes.subarray(node * HASH_SIZE, (node + 1) * HASH_SIZE),
  );

  hash(node: number): Uint8Array {
    return this.views[node] as Uint8Array;
  }

  /** Computes all nodes of `page`, replacing those of the page before. */
  fold(page: Page): void {
    for (let slot = 0; slot < SLOTS; slot++) this.foldSlot(page, slot);
    for (let node = SLOTS - 1; node > 0; node--) this.foldNode(node);
  }

  private foldSlot(page: Page, slot: number): void {
    const node = SLOTS + slot;
    const kind = page.kind(slot);
    this.kinds[node] = kind;
    this.leafSlots[node] = slot;
    if (kind === LEAF) {
      leafHash({ path: page.leafPath(slot), valueHash: page.leafValueHash(slot) }, this.hash(node));
    } else if (kind === INNER) {
      this.hash(node).set(page.innerHash(slot));
    } else {
      this.hash(node).fill(0);
    }
  }

  private foldNode(node: number): void {
    const left = node * 2;
    const right = left + 1;
    const leftKind = this.kinds[left] as SlotKind;
    const rightKind = this.kinds[right] as SlotKind;
    if (leftKind === EMPTY ? rightKind !== INNER : rightKind === EMPTY && leftKind === LEAF) {
      // At most one leaf below: this node is that leaf, or empty.
      const source = leftKind === EMPTY ? right : left;
      this.kinds[node] = this.kinds[source] as number;
      this.leafSlots[node] = this.leafSlots[source] as number;
      this.hash(node).set(this.hash(source));
      return;
    }
    this.kinds[node] = INNER;
    innerHash({ left: this.hash(left), right: this.hash(right) }, this.hash(node));
  }
}
