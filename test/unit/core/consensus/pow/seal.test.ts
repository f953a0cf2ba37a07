// The seal of a header under proof of work: 32 bytes of target, 8 of nonce, one encoding a value.

import { describe, expect, test } from "bun:test";
import {
  bytesToTarget,
  decodePowSeal,
  encodePowSeal,
  loadPowSeal,
  POW_SEAL_SIZE_BYTES,
  targetToBytes,
} from "../../../../../src/core/consensus/pow/seal.ts";

describe("a seal is read as it was written", () => {
  const targets = [0n, 1n, 0xffn, 2n ** 252n - 1n, 2n ** 256n - 1n];
  const nonces = [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
  test.each(targets)("target %p", (target) => {
    for (const nonce of nonces) {
      const bytes = encodePowSeal({ target, nonce });
      expect(bytes).toHaveLength(POW_SEAL_SIZE_BYTES);
      expect(decodePowSeal(bytes)).toEqual({ target, nonce });
      expect(loadPowSeal(bytes)).toEqual({ target, nonce });
    }
  });
});

test("the layout: the target first, both big-endian", () => {
  const bytes = encodePowSeal({ target: 0x0102n, nonce: 0x0304 });
  expect(bytes.toHex()).toBe(`${"0".repeat(60)}0102${"0".repeat(12)}0304`);
});

test("another length, or a nonce past 2^53-1, is no seal", () => {
  const good = encodePowSeal({ target: 5n, nonce: Number.MAX_SAFE_INTEGER });
  const withByte = (index: number, value: number) => good.with(index, value);
  expect(decodePowSeal(good)).toBeDefined();
  const bad = [
    new Uint8Array(0),
    good.subarray(0, 39),
    new Uint8Array(41),
    withByte(32, 1),
    withByte(33, 0x20),
    withByte(33, 0xff),
  ];
  for (const bytes of bad) {
    expect(decodePowSeal(bytes)).toBeUndefined();
    expect(() => loadPowSeal(bytes)).toThrow("has a proof-of-work seal");
  }
});

test("targets and their 32 bytes", () => {
  expect(targetToBytes(2n ** 252n - 1n).toHex()).toBe(`0${"f".repeat(63)}`);
  expect(bytesToTarget(targetToBytes(2n ** 200n + 7n))).toBe(2n ** 200n + 7n);
  expect(() => targetToBytes(2n ** 256n)).toThrow();
});
