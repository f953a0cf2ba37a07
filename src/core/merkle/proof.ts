// Proofs that a key has a value in the state, or none, against a state root alone (docs/spec/state.md).

import { sha256 } from "../crypto/index.ts";
import { type Bytes, bytesToHash, equalBytes, type Hash, hexToBytes, isHash, ZERO_HASH } from "../primitives/index.ts";

/** 32 bytes: the place of a key in the tree, the SHA-256 of the key. */
export function pathOf(key: Bytes): Bytes {
  return sha256(key);
}

export const LEAF_PREFIX = 0;
export const INNER_PREFIX = 1;
const PATH_BITS = 256;

const scratch = new Uint8Array(65);

/** SHA-256 of 0x00, the path and the SHA-256 of the value. */
export function leafHash(options: { path: Bytes; valueHash: Bytes }): Bytes {
  scratch[0] = LEAF_PREFIX;
  scratch.set(options.path, 1);
  scratch.set(options.valueHash, 33);
  return sha256(scratch);
}

/** SHA-256 of 0x01 and the hashes of both subtrees, an empty one being 32 zero bytes. */
export function innerHash(options: { left: Bytes; right: Bytes }): Bytes {
  scratch[0] = INNER_PREFIX;
  scratch.set(options.left, 1);
  scratch.set(options.right, 33);
  return sha256(scratch);
}

/** Bit `index` of a path, counted from the root. */
export function pathBit(path: Bytes, index: number): 0 | 1 {
  return (((path[index >> 3] as number) >> (7 - (index & 7))) & 1) as 0 | 1;
}

export interface StateProof {
  /** The hashes beside the way from the root to where the key's path ends, the root's child first. */
  readonly siblings: readonly Hash[];
  /** The leaf found there; undefined where the subtree is empty. */
  readonly leaf: { readonly path: Hash; readonly valueHash: Hash } | undefined;
}

export type ProofVerdict = "present" | "absent" | "invalid";

/**
 * Checks a proof.
 * @param options.value what the key is said to have; undefined for nothing
 * @returns "present" or "absent" when the proof shows just that of the key, "invalid" otherwise
 */
export function verifyProof(options: {
  root: Hash;
  key: Bytes;
  value: Bytes | undefined;
  proof: StateProof;
}): ProofVerdict {
  const { root, key, value, proof } = options;
  const path = pathOf(key);
  const depth = proof.siblings.length;
  if (depth > PATH_BITS || !proof.siblings.every(isHash)) return "invalid";

  let node = hexToBytes(ZERO_HASH);
  let isOwnLeaf = false;
  if (proof.leaf !== undefined) {
    if (!isHash(proof.leaf.path) || !isHash(proof.leaf.valueHash)) return "invalid";
    const leafPath = hexToBytes(proof.leaf.path);
    const valueHash = hexToBytes(proof.leaf.valueHash);
    for (let index = 0; index < depth; index++) {
      // A leaf lies under its own path's bits; elsewhere it shows nothing about this key.
      if (pathBit(leafPath, index) !== pathBit(path, index)) return "invalid";
    }
    isOwnLeaf = equalBytes(leafPath, path);
    if (isOwnLeaf && (value === undefined || !equalBytes(sha256(value), valueHash))) return "invalid";
    node = leafHash({ path: leafPath, valueHash });
  }
  if (value !== undefined && !isOwnLeaf) return "invalid";

  for (let index = depth - 1; index >= 0; index--) {
    const sibling = hexToBytes(proof.siblings[index] as Hash);
    node =
      pathBit(path, index) === 0
        ? innerHash({ left: node, right: sibling })
        : innerHash({ left: sibling, right: node });
  }
  if (bytesToHash(node) !== root) return "invalid";
  return isOwnLeaf ? "present" : "absent";
}
