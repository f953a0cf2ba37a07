// The search for a nonce: the work of a sealer, a bounded stretch at a time, so that it can be interrupted and limited.

import { sha256 } from "../../crypto/index.ts";
import type { Bytes } from "../../primitives/index.ts";

const NONCE_SIZE_BYTES = 8;
const TWO_TO_32 = 2 ** 32;

function isAtMost(left: Bytes, right: Bytes): boolean {
  for (let index = 0; index < 32; index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

/** Tries nonces from `start` on over an encoded header that ends in the nonce; undefined when none of `count` fits. */
export function searchNonce(options: {
  header: Bytes;
  target: Bytes;
  start: number;
  count: number;
}): number | undefined {
  const { target, start, count } = options;
  const header = options.header.slice();
  const view = new DataView(header.buffer, header.length - NONCE_SIZE_BYTES);
  const hash = new Uint8Array(32);
  for (let nonce = start; nonce < start + count; nonce++) {
    const low = nonce % TWO_TO_32;
    view.setUint32(0, (nonce - low) / TWO_TO_32);
    view.setUint32(4, low);
    if (isAtMost(sha256(header, hash), target)) return nonce;
  }
  return undefined;
}
