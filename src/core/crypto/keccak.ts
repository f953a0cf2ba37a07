// Keccak-256 as Ethereum uses it (the padding before FIPS 202): for addresses and EIP-712 digests only.

import { assert, type Bytes, utf8ToBytes } from "../primitives/index.ts";
import { cryptoBackend } from "./backend.ts";

export function keccak256(input: Bytes): Bytes {
  return cryptoBackend().keccak256(input);
}

/** Keccak-256 of the UTF-8 form of `text`, which must hold no lone surrogate. */
export function keccak256Text(text: string): Bytes {
  const bytes = utf8ToBytes(text);
  assert(bytes !== undefined, "hashed text has no lone surrogate");
  return cryptoBackend().keccak256(bytes);
}
