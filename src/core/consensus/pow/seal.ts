// The seal of a proof-of-work header: 32 bytes of target and 8 of nonce, which end the encoded header.

import { assert, type Bytes, Reader, Writer } from "../../primitives/index.ts";

export const POW_SEAL_SIZE_BYTES = 40;
const TARGET_SIZE_BYTES = 32;

export interface PowSeal {
  /** The SHA-256 of the encoded header, read as a number, is at most this. */
  readonly target: bigint;
  readonly nonce: number;
}

export function targetToBytes(target: bigint): Bytes {
  return Uint8Array.fromHex(target.toString(16).padStart(TARGET_SIZE_BYTES * 2, "0"));
}

export function bytesToTarget(bytes: Bytes): bigint {
  return BigInt(`0x${bytes.toHex()}`);
}

export function encodePowSeal(seal: PowSeal): Bytes {
  return new Writer(POW_SEAL_SIZE_BYTES).fixed(targetToBytes(seal.target)).u64(seal.nonce).finish();
}

/** Undefined for bytes of another length or a nonce past 2^53-1. */
export function decodePowSeal(bytes: Bytes): PowSeal | undefined {
  if (bytes.length !== POW_SEAL_SIZE_BYTES) return undefined;
  // The upper 11 bits of a number are zero; anything else is not canonical.
  if ((bytes[TARGET_SIZE_BYTES] as number) !== 0 || (bytes[TARGET_SIZE_BYTES + 1] as number) >= 0x20) return undefined;
  const reader = new Reader(bytes);
  return { target: bytesToTarget(reader.fixed(TARGET_SIZE_BYTES)), nonce: reader.u64() };
}

/** Reads a seal whose form has been checked. */
export function loadPowSeal(bytes: Bytes): PowSeal {
  const seal = decodePowSeal(bytes);
  assert(seal !== undefined, "a checked header has a proof-of-work seal");
  return seal;
}
