// Byte strings and hex.

import { expect, test } from "bun:test";
import {
  bytesToAddress,
  bytesToHash,
  bytesToHex,
  bytesToSignature,
  concatBytes,
  EMPTY_BYTES,
  equalBytes,
  hexToBytes,
  isAddress,
  isHash,
  isHex,
  isSignature,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "../../../../src/core/primitives/index.ts";

test("hex of either case decodes and is written in lower case", () => {
  expect(bytesToHex(hexToBytes("0x00aBcDfF"))).toBe("0x00abcdff");
  expect(bytesToHex(EMPTY_BYTES)).toBe("0x");
  expect(hexToBytes("0x").length).toBe(0);
});

test("isHex accepts what hexToBytes decodes, and nothing else", () => {
  for (const text of ["0x", "0x00", "0xAb"]) {
    expect(isHex(text)).toBe(true);
    expect(() => hexToBytes(text)).not.toThrow();
  }
  for (const text of ["", "00", "0x0", "0xg0", "0X00", " 0x00", "0x00\n", "0x 00", "0x٠٠"]) {
    expect(isHex(text)).toBe(false);
    expect(() => hexToBytes(text)).toThrow();
  }
});

test("a long text is told to be hex in time that grows with its length alone", () => {
  const digits = "0123456789abcdefABCDEF".repeat(100_000);
  const startMs = performance.now();
  expect(isHex(`0x${digits}`)).toBe(true);
  expect(isHex(`0x${digits}0`)).toBe(false);
  expect(isHex(`0x${digits}0g`)).toBe(false);
  // Some 6 ms; a pattern that counts pairs took 600.
  expect(performance.now() - startMs).toBeLessThan(200);
});

test("each branded form has its own length", () => {
  expect(bytesToHash(new Uint8Array(32))).toBe(ZERO_HASH);
  expect(bytesToAddress(new Uint8Array(20))).toBe(ZERO_ADDRESS);
  expect(bytesToSignature(new Uint8Array(65)).length).toBe(132);
  for (const length of [0, 19, 21, 31, 33, 64, 66]) {
    expect(() => bytesToHash(new Uint8Array(length))).toThrow("32 bytes");
    expect(() => bytesToAddress(new Uint8Array(length))).toThrow("20 bytes");
    expect(() => bytesToSignature(new Uint8Array(length))).toThrow("65 bytes");
  }
});

test("joined bytes are a copy", () => {
  const part = Uint8Array.of(1, 2);
  const joined = concatBytes(part, EMPTY_BYTES, Uint8Array.of(3));
  part[0] = 9;
  expect(joined).toEqual(Uint8Array.of(1, 2, 3));
  expect(concatBytes().length).toBe(0);
});

test("equality looks at every byte and at the length", () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(EMPTY_BYTES, new Uint8Array(0))).toBe(true);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
});

test("the written form of a hash, an address and a signature is one", () => {
  const forms = [
    [isHash, 32],
    [isAddress, 20],
    [isSignature, 65],
  ] as const;
  for (const [isForm, sizeBytes] of forms) {
    const right = `0x${"0a".repeat(sizeBytes)}`;
    expect(isForm(right)).toBe(true);
    for (const wrong of [right.slice(2), right.toUpperCase(), right.replace("a", "A"), `${right}00`, `${right}\n`]) {
      expect(isForm(wrong)).toBe(false);
    }
    for (const wrong of [right.slice(0, -2), right.slice(0, -1), right.replace("a", "g"), ` ${right}`, "0x", ""]) {
      expect(isForm(wrong)).toBe(false);
    }
    for (const wrong of [undefined, null, 0, [right], new Uint8Array(sizeBytes)]) expect(isForm(wrong)).toBe(false);
  }
});
