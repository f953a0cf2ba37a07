// The root over an ordered list of byte strings: the Merkle tree hash of RFC 6962, section 2.1. The split at the largest
// power of two below the length, and the prefixes 0 and 1, leave no two lists with one root.

import { sha256 } from "../crypto/index.ts";
import {
  assert,
  type Bytes,
  bytesToHash,
  type Hash,
  hexToBytes,
  isHash,
  isUint,
  ZERO_HASH,
} from "../primitives/index.ts";

const LEAF_PREFIX = 0;
const INNER_PREFIX = 1;

function leafHash(item: Bytes): Bytes {
  const prefixed = new Uint8Array(item.length + 1);
  prefixed[0] = LEAF_PREFIX;
  prefixed.set(item, 1);
  return sha256(prefixed);
}

function innerHash(left: Bytes, right: Bytes): Bytes {
  const joined = new Uint8Array(65);
  joined[0] = INNER_PREFIX;
  joined.set(left, 1);
  joined.set(right, 33);
  return sha256(joined);
}

function leafHashes(items: readonly Bytes[]): Bytes[] {
  return items.map(leafHash);
}

/** The level above `level`: neighbours are paired, and an odd last one is carried up. */
function nextLevel(level: readonly Bytes[]): Bytes[] {
  const next: Bytes[] = [];
  for (let index = 0; index + 1 < level.length; index += 2) {
    next.push(innerHash(level[index] as Bytes, level[index + 1] as Bytes));
  }
  if (level.length % 2 === 1) next.push(level[level.length - 1] as Bytes);
  return next;
}

/** The hashes beside the way from the item at `index` to the root, its own neighbour first (RFC 6962, section 2.1.1). */
export function proveListItem(items: readonly Bytes[], index: number): Hash[] {
  assert(index < items.length, "the proven item is in the list");
  const siblings: Hash[] = [];
  let level = leafHashes(items);
  for (let place = index; level.length > 1; place >>= 1) {
    const sibling = level[place ^ 1];
    if (sibling !== undefined) siblings.push(bytesToHash(sibling));
    level = nextLevel(level);
  }
  return siblings;
}

/** Whether `item` is the one at `index` of a list of `count` items with this root. */
export function verifyListItem(options: {
  root: Hash;
  item: Bytes;
  index: number;
  count: number;
  siblings: readonly Hash[];
}): boolean {
  const { root, item, index, count, siblings } = options;
  if (!isUint(index) || !isUint(count) || index >= count || count > 2 ** 31 || !siblings.every(isHash)) return false;
  let node = leafHash(item);
  let used = 0;
  let place = index;
  for (let width = count; width > 1; width = Math.ceil(width / 2)) {
    // The last node of an odd level has no neighbour and is carried up as it is.
    if ((place ^ 1) < width) {
      const sibling = siblings[used++];
      if (sibling === undefined) return false;
      const other = hexToBytes(sibling);
      node = place % 2 === 0 ? innerHash(node, other) : innerHash(other, node);
    }
    place >>= 1;
  }
  return used === siblings.length && bytesToHash(node) === root;
}

/** The root of `items`; of none, 32 zero bytes (where RFC 6962 takes the hash of nothing). */
export function hashList(items: readonly Bytes[]): Hash {
  if (items.length === 0) return ZERO_HASH;
  let level = leafHashes(items);
  // Pairing neighbours and carrying an odd last one up gives the same tree as splitting from the top.
  while (level.length > 1) level = nextLevel(level);
  return bytesToHash(level[0] as Bytes);
}
