// Roots computed the plain way, from the definitions in docs/spec/state.md and docs/spec/encoding.md.

import { sha256 } from "./reading.ts";

const ZERO = new Uint8Array(32);
const ZERO_BYTE = Uint8Array.of(0);
const ONE_BYTE = Uint8Array.of(1);

interface Leaf {
  readonly path: Uint8Array;
  readonly hash: Uint8Array;
}

function bit(path: Uint8Array, index: number): number {
  return ((path[index >> 3] as number) >> (7 - (index & 7))) & 1;
}

function tree(leaves: readonly Leaf[], depth: number): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return ZERO;
  if (leaves.length === 1) return only.hash;
  const left = leaves.filter(({ path }) => bit(path, depth) === 0);
  const right = leaves.filter(({ path }) => bit(path, depth) === 1);
  return sha256(ONE_BYTE, tree(left, depth + 1), tree(right, depth + 1));
}

/** The root over state entries, from nothing but the entries. */
export function stateRootOf(entries: Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }>): string {
  const leaves = Array.from(entries, ({ key, value }) => {
    const path = sha256(key);
    return { path, hash: sha256(ZERO_BYTE, path, sha256(value)) };
  });
  return `0x${tree(leaves, 0).toHex()}`;
}

/** RFC 6962, section 2.1, by its recursion; an empty list has the root zero. */
function listTree(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 1) return sha256(ZERO_BYTE, items[0] as Uint8Array);
  let split = 1;
  while (split * 2 < items.length) split *= 2;
  return sha256(ONE_BYTE, listTree(items.slice(0, split)), listTree(items.slice(split)));
}

export function listRootOf(items: readonly Uint8Array[]): string {
  return `0x${(items.length === 0 ? ZERO : listTree(items)).toHex()}`;
}
