// The bound on what all connections hold of lines without an end, and who goes when it is passed.

import { expect, test } from "bun:test";
import { PartialLines } from "../../../../src/io/tcp/partialLines.ts";

test("nobody goes at the bound, and one past it the one that has held most for longest", () => {
  const lines = new PartialLines({ sizeBytesMax: 100 });
  lines.set(1, { sizeBytes: 40, sinceMs: 0 });
  lines.set(3, { sizeBytes: 60, sinceMs: 90 });
  expect(lines.excess(100)).toBeUndefined();
  lines.set(3, { sizeBytes: 61, sinceMs: 90 });
  expect(lines.excess(100)).toBe(1);
});

test("among lines that came together the largest goes", () => {
  const lines = new PartialLines({ sizeBytesMax: 10 });
  lines.set(1, { sizeBytes: 5, sinceMs: 7 });
  lines.set(2, { sizeBytes: 6, sinceMs: 7 });
  lines.set(3, { sizeBytes: 5, sinceMs: 7 });
  expect(lines.excess(7)).toBe(2);
});

test("a line that has ended, or whose connection has, counts no more", () => {
  const lines = new PartialLines({ sizeBytesMax: 10 });
  lines.set(1, { sizeBytes: 8, sinceMs: 0 });
  lines.set(2, { sizeBytes: 8, sinceMs: 0 });
  lines.set(1, { sizeBytes: 0, sinceMs: 0 });
  lines.set(4, { sizeBytes: 0, sinceMs: 0 });
  expect(lines.excess(50)).toBeUndefined();
  lines.set(1, { sizeBytes: 3, sinceMs: 40 });
  expect(lines.excess(50)).toBe(2);
});
