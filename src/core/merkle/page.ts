// One page of the state tree: four levels of it, kept as the 16 slots at their lower edge. The nodes of a page are folded
// from its slots when they are needed, so a changed leaf rewrites one record for four levels.

import { sha256 } from "../crypto/index.ts";
import { assert, type Bytes } from "../primitives/index.ts";
import { INNER_PREFIX, LEAF_PREFIX } from "./proof.ts";

export const SLOTS = 16;
export const HASH_SIZE = 32;

export const EMPTY = 0;
export const LEAF = 1;
export const INNER = 2;
export type SlotKind = typeof EMPTY | typeof LEAF | typeof INNER;

export interface Leaf {
  readonly path: Bytes;
  readonly valueHash: Bytes;
}

// Bodies and nodes are copied by words of 32 bits: every part of them is a multiple of four bytes long.
const WORD_SIZE = 4;
const HASH_WORDS = HASH_SIZE / WORD_SIZE;
const LEAF_WORDS = 2 * HASH_WORDS;
const MASKS_SIZE = 4;

function leafMask(body: Bytes): number {
  return ((body[0] as number) << 8) | (body[1] as number);
}

function innerMask(body: Bytes): number {
  return ((body[2] as number) << 8) | (body[3] as number);
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** What lies in a slot of a page as it is stored, without reading all of it. */
export function slotKind(body: Bytes | undefined, slot: number): SlotKind {
  if (body === undefined) return EMPTY;
  const bit = 1 << slot;
  if ((leafMask(body) & bit) !== 0) return LEAF;
  return (innerMask(body) & bit) !== 0 ? INNER : EMPTY;
}

/** The leaf in a slot of a stored page that has one there. */
export function slotLeaf(body: Bytes, slot: number): Leaf {
  const before = (1 << slot) - 1;
  const words = bitCount(leafMask(body) & before) * LEAF_WORDS + bitCount(innerMask(body) & before) * HASH_WORDS;
  const start = MASKS_SIZE + words * WORD_SIZE;
  return {
    path: body.slice(start, start + HASH_SIZE),
    valueHash: body.slice(start + HASH_SIZE, start + 2 * HASH_SIZE),
  };
}

// The one place where a stored page is laid out. A view over each body would make the engine allocate a buffer for it,
// which takes longer than the hashing.
const layout = new Int32Array(1 + SLOTS * LEAF_WORDS);
const layoutBytes = new Uint8Array(layout.buffer);

// What is hashed of a node: three idle bytes, the prefix, and then two hashes, which so begin at a whole word.
const INPUT_WORDS = 1 + LEAF_WORDS;
const PREFIX_OFFSET = WORD_SIZE - 1;

/** Where the hash of a node lies: within what is hashed of its parent. */
function hashOffset(node: number): number {
  return (node >> 1) * INPUT_WORDS + 1 + (node & 1) * HASH_WORDS;
}

/** Where the leaf of a slot lies: within what is hashed of it. */
function leafOffset(slot: number): number {
  return (SLOTS + slot) * INPUT_WORDS + 1;
}

/**
 * The binary nodes of one page at a time, numbered as a heap: 1 is its top, 2i and 2i+1 are the children of i, and 16 to 31
 * are its slots. A subtree with one leaf is that leaf, and an empty one has the hash of 32 zero bytes. A page is loaded,
 * changed, folded and encoded in this one place, since views and copies would cost more than the hashing.
 */
export class PageNodes {
  readonly kinds = new Uint8Array(2 * SLOTS);
  /** For a node that is a leaf, the slot where that leaf lies. */
  readonly leafSlots = new Uint8Array(2 * SLOTS);
  private readonly words = new Int32Array(2 * SLOTS * INPUT_WORDS);
  private readonly bytes = new Uint8Array(this.words.buffer);
  private readonly inputs: readonly Uint8Array[] = Array.from({ length: 2 * SLOTS }, (_, node) => {
    const start = node * INPUT_WORDS * WORD_SIZE + PREFIX_OFFSET;
    const input = this.bytes.subarray(start, start + 1 + 2 * HASH_SIZE);
    input[0] = node < SLOTS ? INNER_PREFIX : LEAF_PREFIX;
    return input;
  });
  private readonly hashes: readonly Uint8Array[] = Array.from({ length: 2 * SLOTS }, (_, node) => {
    const start = hashOffset(node) * WORD_SIZE;
    return this.bytes.subarray(start, start + HASH_SIZE);
  });

  /** The hash of a node; gone with the next page. */
  hash(node: number): Uint8Array {
    return this.hashes[node] as Uint8Array;
  }

  /** The leaf in a slot. */
  leaf(slot: number): Leaf {
    const start = leafOffset(slot) * WORD_SIZE;
    return {
      path: this.bytes.slice(start, start + HASH_SIZE),
      valueHash: this.bytes.slice(start + HASH_SIZE, start + 2 * HASH_SIZE),
    };
  }

  /** Takes up a stored page in place of the one before; a body of another form is a damaged store. */
  load(body: Bytes | undefined): void {
    if (body === undefined) {
      this.kinds.fill(EMPTY, SLOTS);
      return;
    }
    assert(body.length >= MASKS_SIZE && body.length % WORD_SIZE === 0, "a tree page has its masks and whole slots");
    const leaves = leafMask(body);
    const inners = innerMask(body);
    assert((leaves & inners) === 0, "a tree page's slot is a leaf or an inner node");
    const slotWords = bitCount(leaves) * LEAF_WORDS + bitCount(inners) * HASH_WORDS;
    assert(body.length === MASKS_SIZE + slotWords * WORD_SIZE, "a tree page ends after its slots");
    layoutBytes.set(body);
    let from = 1;
    for (let slot = 0; slot < SLOTS; slot++) {
      const bit = 1 << slot;
      if ((leaves & bit) !== 0) {
        this.kinds[SLOTS + slot] = LEAF;
        copyWords({ source: layout, from, target: this.words, to: leafOffset(slot), count: LEAF_WORDS });
        from += LEAF_WORDS;
      } else if ((inners & bit) !== 0) {
        this.kinds[SLOTS + slot] = INNER;
        copyWords({ source: layout, from, target: this.words, to: hashOffset(SLOTS + slot), count: HASH_WORDS });
        from += HASH_WORDS;
      } else {
        this.kinds[SLOTS + slot] = EMPTY;
      }
    }
  }

  setEmpty(slot: number): void {
    this.kinds[SLOTS + slot] = EMPTY;
  }

  setLeaf(slot: number, leaf: Leaf): void {
    const start = leafOffset(slot) * WORD_SIZE;
    this.kinds[SLOTS + slot] = LEAF;
    this.bytes.set(leaf.path, start);
    this.bytes.set(leaf.valueHash, start + HASH_SIZE);
  }

  setInner(slot: number, hash: Bytes): void {
    this.kinds[SLOTS + slot] = INNER;
    this.hash(SLOTS + slot).set(hash);
  }

  /** Computes all nodes from the slots. */
  fold(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      const node = SLOTS + slot;
      this.leafSlots[node] = slot;
      if (this.kinds[node] === LEAF) sha256(this.inputs[node] as Uint8Array, this.hash(node));
      else if (this.kinds[node] === EMPTY) this.words.fill(0, hashOffset(node), hashOffset(node) + HASH_WORDS);
    }
    for (let node = SLOTS - 1; node > 0; node--) this.foldNode(node);
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
      const [from, to] = [hashOffset(source), hashOffset(node)];
      copyWords({ source: this.words, from, target: this.words, to, count: HASH_WORDS });
      return;
    }
    this.kinds[node] = INNER;
    sha256(this.inputs[node] as Uint8Array, this.hash(node));
  }

  /** Two masks of 16 bits that say which slots are leaves and which inner nodes, then the slots that are not empty. */
  encode(): Bytes {
    let leaves = 0;
    let inners = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      const kind = this.kinds[SLOTS + slot];
      if (kind === LEAF) leaves |= 1 << slot;
      else if (kind === INNER) inners |= 1 << slot;
    }
    layoutBytes[0] = leaves >> 8;
    layoutBytes[1] = leaves;
    layoutBytes[2] = inners >> 8;
    layoutBytes[3] = inners;
    let to = 1;
    for (let slot = 0; slot < SLOTS; slot++) {
      const kind = this.kinds[SLOTS + slot];
      if (kind === LEAF) {
        copyWords({ source: this.words, from: leafOffset(slot), target: layout, to, count: LEAF_WORDS });
        to += LEAF_WORDS;
      } else if (kind === INNER) {
        copyWords({ source: this.words, from: hashOffset(SLOTS + slot), target: layout, to, count: HASH_WORDS });
        to += HASH_WORDS;
      }
    }
    return layoutBytes.slice(0, to * WORD_SIZE);
  }
}

function copyWords(options: { source: Int32Array; from: number; target: Int32Array; to: number; count: number }): void {
  const { source, from, target, to, count } = options;
  for (let word = 0; word < count; word++) target[to + word] = source[from + word] as number;
}
