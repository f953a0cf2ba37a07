// A rate with a burst, at its edges.

import { expect, test } from "bun:test";
import { TokenBucket } from "../../../../../src/core/network/sync/tokenBucket.ts";

test("is open while a token is left, and pays off what was overspent", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5, nowMs: 0 });
  bucket.spend(4);
  expect(bucket.isOpen(0)).toBe(true);
  bucket.spend(11);
  expect(bucket.isOpen(0)).toBe(false);
  expect(bucket.isOpen(1000)).toBe(false);
  expect(bucket.isOpen(1099)).toBe(false);
  expect(bucket.isOpen(1100)).toBe(true);
});

test("gains no more than its burst, and loses no part of a token between looks", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5, nowMs: 0 });
  expect(bucket.isOpen(1_000_000)).toBe(true);
  bucket.spend(5);
  expect(bucket.isOpen(1_000_000)).toBe(false);
  for (let atMs = 1_000_001; atMs < 1_000_100; atMs++) expect(bucket.isOpen(atMs)).toBe(false);
  expect(bucket.isOpen(1_000_100)).toBe(true);
});
