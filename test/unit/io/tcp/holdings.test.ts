// The bound on what all connections hold together, and who goes when it is passed.

import { expect, test } from "bun:test";
import { Holdings } from "../../../../src/io/tcp/holdings.ts";

test("nobody goes at the bound, and one past it the one that has held most for longest", () => {
  const holdings = new Holdings({ sizeBytesMax: 100 });
  holdings.set(1, { sizeBytes: 40, sinceMs: 0 });
  holdings.set(3, { sizeBytes: 60, sinceMs: 90 });
  expect(holdings.excess(100)).toBeUndefined();
  holdings.set(3, { sizeBytes: 61, sinceMs: 90 });
  expect(holdings.excess(100)).toBe(1);
});

test("among those that began together the largest goes", () => {
  const holdings = new Holdings({ sizeBytesMax: 10 });
  holdings.set(1, { sizeBytes: 5, sinceMs: 7 });
  holdings.set(2, { sizeBytes: 6, sinceMs: 7 });
  holdings.set(3, { sizeBytes: 5, sinceMs: 7 });
  expect(holdings.excess(7)).toBe(2);
});

test("growth does not make it younger, and progress does", () => {
  const holdings = new Holdings({ sizeBytesMax: 10 });
  for (const id of [1, 2]) holdings.grow(id, { sizeBytes: 4, nowMs: id });
  for (const id of [2, 1]) holdings.grow(id, { sizeBytes: 6, nowMs: 50 });
  expect(holdings.excess(50)).toBe(1);
  holdings.set(1, { sizeBytes: 6, sinceMs: 40 });
  expect(holdings.excess(50)).toBe(2);
});

test("what has ended counts no more", () => {
  const holdings = new Holdings({ sizeBytesMax: 10 });
  holdings.set(1, { sizeBytes: 8, sinceMs: 0 });
  holdings.set(2, { sizeBytes: 8, sinceMs: 0 });
  holdings.set(1, { sizeBytes: 0, sinceMs: 0 });
  holdings.set(4, { sizeBytes: 0, sinceMs: 0 });
  expect(holdings.excess(50)).toBeUndefined();
  holdings.set(1, { sizeBytes: 3, sinceMs: 40 });
  expect(holdings.excess(50)).toBe(2);
});
