// Byte strings and their hex form. Hex is lower case with a `0x` prefix wherever it leaves this file.

import { assert } from "./assert.ts";
import type { Address, Hash, Signature } from "./brands.ts";

export type Bytes = Uint8Array;
export type Hex = `0x${string}`;

export const HASH_SIZE_BYTES = 32;
export const ADDRESS_SIZE_BYTES = 20;
export const SIGNATURE_SIZE_BYTES = 65;
export const EMPTY_BYTES: Bytes = new Uint8Array(0);

/** The hash of nothing: the parent of no block and the root of an empty tree. */
export const ZERO_HASH = `0x${"0".repeat(64)}` as Hash;
export const ZERO_ADDRESS = `0x${"0".repeat(40)}` as Address;

// Pairs of digits are told by the length: a pattern that counts them is a hundred times slower on long input.
const HEX_PATTERN = /^0x[0-9a-fA-F]*$/;

const HASH_PATTERN = /^0x[0-9a-f]{64}$/;
const ADDRESS_PATTERN = /^0x[0-9a-f]{40}$/;
const SIGNATURE_PATTERN = /^0x[0-9a-f]{130}$/;

/** Whether a value is a hash in its one written form: lower case, 32 bytes. */
export function isHash(value: unknown): value is Hash {
  return typeof value === "string" && HASH_PATTERN.test(value);
}

/** Whether a value is an address in its one written form inside the node: lower case, 20 bytes. */
export function isAddress(value: unknown): value is Address {
  return typeof value === "string" && ADDRESS_PATTERN.test(value);
}

/** Whether a value is a signature in its one written form: lower case, 65 bytes. */
export function isSignature(value: unknown): value is Signature {
  return typeof value === "string" && SIGNATURE_PATTERN.test(value);
}

export function bytesToHex(bytes: Bytes): Hex {
  return `0x${bytes.toHex()}`;
}

/** True for `0x` and an even number of hex digits of either case. */
export function isHex(text: string): text is Hex {
  return text.length % 2 === 0 && HEX_PATTERN.test(text);
}

/**
 * Decodes `0x` and an even number of hex digits.
 * @throws SyntaxError when the digits are not hex; callers check outside input with `isHex` first
 */
export function hexToBytes(hex: string): Bytes {
  assert(hex.startsWith("0x"), "hex starts with 0x");
  return Uint8Array.fromHex(hex.slice(2));
}

export function bytesToHash(bytes: Bytes): Hash {
  assert(bytes.length === HASH_SIZE_BYTES, "a hash has 32 bytes");
  return bytesToHex(bytes) as Hash;
}

export function bytesToAddress(bytes: Bytes): Address {
  assert(bytes.length === ADDRESS_SIZE_BYTES, "an address has 20 bytes");
  return bytesToHex(bytes) as Address;
}

export function bytesToSignature(bytes: Bytes): Signature {
  assert(bytes.length === SIGNATURE_SIZE_BYTES, "a signature has 65 bytes");
  return bytesToHex(bytes) as Signature;
}

export function concatBytes(...parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function equalBytes(left: Bytes, right: Bytes): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}
