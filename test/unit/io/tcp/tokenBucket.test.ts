// The token bucket: a burst, then the rate.

import { expect, test } from "bun:test";
import { TokenBucket } from "../../../../src/io/tcp/tokenBucket.ts";

function takes(bucket: TokenBucket, options: { count: number; nowMs: number }): number {
  return Array.from({ length: options.count }, () => bucket.take(1, options.nowMs)).filter(Boolean).length;
}

test("gives its burst at once and then its rate", () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 5 }, 1000);
  expect(takes(bucket, { count: 10, nowMs: 1000 })).toBe(5);
  expect(takes(bucket, { count: 10, nowMs: 1499 })).toBe(0);
  expect(takes(bucket, { count: 10, nowMs: 1500 })).toBe(1);
  expect(takes(bucket, { count: 10, nowMs: 2500 })).toBe(2);
});

test("does not gain more than its burst", () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 5 }, 0);
  expect(takes(bucket, { count: 10, nowMs: 1_000_000 })).toBe(5);
});

test("may be overdrawn once, and is waited for", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 10 }, 0);
  expect(bucket.take(100, 0)).toBe(true);
  expect(bucket.take(1, 9000)).toBe(false);
  expect(bucket.take(1, 9100)).toBe(true);
});

test("is full again after what was taken has come back", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 10 }, 0);
  expect(bucket.isFull(0)).toBe(true);
  bucket.take(5, 0);
  expect([bucket.isFull(0), bucket.isFull(499), bucket.isFull(500)]).toEqual([false, false, true]);
});
