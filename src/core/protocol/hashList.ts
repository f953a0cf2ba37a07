// The root over an ordered list of byte strings: the Merkle tree hash of RFC 6962, section 2.1. The split at the largest
// power of two below the length, and the prefixes 0 and 1, leave no two lists with one root.

import { sha256 } from "../crypto/index.ts";
import { type Bytes, bytesToHash, type Hash, ZERO_HASH } from "../primitives/index.ts";

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

/** The root of `items`; of none, 32 zero bytes (where RFC 6962 takes the hash of nothing). */
export function hashList(items: readonly Bytes[]): Hash {
  if (items.length === 0) return ZERO_HASH;
  let level = items.map(leafHash);
  // Pairing neighbours and carrying an odd last one up gives the same tree as splitting from the top.
  while (level.length > 1) {
    const next: Bytes[] = [];
    for (let index = 0; index + 1 < level.length; index += 2) {
      next.push(innerHash(level[index] as Bytes, level[index + 1] as Bytes));
    }
    if (level.length % 2 === 1) next.push(level[level.length - 1] as Bytes);
    level = next;
  }
  return bytesToHash(level[0] as Bytes);
}
