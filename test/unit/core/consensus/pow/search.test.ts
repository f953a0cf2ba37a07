// The search for a nonce over an encoded header.

import { expect, test } from "bun:test";
import { searchNonce } from "../../../../../src/core/consensus/pow/search.ts";
import { sha256 } from "../../../../../src/core/crypto/index.ts";

const EASY = new Uint8Array(32).fill(0xff);
const NEVER = new Uint8Array(32);
const header = new Uint8Array(285).fill(7);

/** The target that just one nonce below `count` reaches, and that nonce. */
function hardestOf(count: number): { target: Uint8Array; nonce: number } {
  const hashes = Array.from({ length: count }, (_, nonce) => {
    const bytes = header.slice();
    new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(nonce));
    return { target: sha256(bytes), nonce };
  });
  return hashes.reduce((best, next) => (next.target.toHex() < best.target.toHex() ? next : best));
}

test("finds the nonce whose hash is equal to the target, and none below it", () => {
  const { target, nonce } = hardestOf(300);
  expect(searchNonce({ header, target, start: 0, count: 300 })).toBe(nonce);
  expect(searchNonce({ header, target, start: nonce, count: 1 })).toBe(nonce);
  expect(searchNonce({ header, target, start: 0, count: nonce })).toBeUndefined();
  expect(searchNonce({ header, target, start: nonce + 1, count: 300 - nonce - 1 })).toBeUndefined();
  const belowIt = Uint8Array.fromHex((BigInt(`0x${target.toHex()}`) - 1n).toString(16).padStart(64, "0"));
  expect(searchNonce({ header, target: belowIt, start: 0, count: 300 })).toBeUndefined();
});

test("tries as many as it is asked to, past 2^32 too, and leaves the header alone", () => {
  const before = header.slice();
  const start = 2 ** 32 - 2;
  expect(searchNonce({ header, target: EASY, start, count: 1 })).toBe(start);
  expect(searchNonce({ header, target: EASY, start, count: 0 })).toBeUndefined();
  expect(searchNonce({ header, target: NEVER, start, count: 5 })).toBeUndefined();
  expect(header).toEqual(before);
});

test("a nonce past 2^32 lies in the header as one number of 8 bytes", () => {
  const nonce = 2 ** 45 + 2 ** 33 + 5;
  const bytes = header.slice();
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(nonce));
  expect(searchNonce({ header, target: sha256(bytes), start: nonce, count: 1 })).toBe(nonce);
});

test("works on a header that is a part of a larger buffer", () => {
  const larger = new Uint8Array(400).fill(9);
  larger.set(header, 50);
  const { target, nonce } = hardestOf(50);
  expect(searchNonce({ header: larger.subarray(50, 50 + header.length), target, start: 0, count: 50 })).toBe(nonce);
});
