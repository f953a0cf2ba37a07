// What data segments make of a memory of zeros: the same bytes as written one by one, in fewer pieces.

import { expect, test } from "bun:test";
import { joinSegments } from "../../../../../src/core/vm/machine/initialBytes.ts";
import { createRandom } from "../../../../support/random.ts";

function segment(offset: number, ...bytes: number[]) {
  return { offset, bytes: Uint8Array.from(bytes) };
}

test("no segments are no pieces, and neither are empty ones", () => {
  expect(joinSegments([])).toEqual([]);
  expect(joinSegments([segment(5), segment(2 ** 32 - 1)])).toEqual([]);
});

test("those up to 64 bytes apart are one piece, with zeros between", () => {
  expect(joinSegments([segment(75, 2), segment(10, 1)])).toEqual([
    { offset: 10, bytes: Uint8Array.from([1, ...new Uint8Array(64), 2]) },
  ]);
  expect(joinSegments([segment(76, 2), segment(10, 1)])).toEqual([segment(10, 1), segment(76, 2)]);
});

test("where they overlap the later one stands", () => {
  expect(joinSegments([segment(4, 1, 1, 1), segment(3, 2, 2), segment(6, 3)])).toEqual([segment(3, 2, 2, 1, 3)]);
  expect(joinSegments([segment(4, 1), segment(4, 2), segment(4, 3)])).toEqual([segment(4, 3)]);
});

test("any segments leave the bytes that they leave one by one", () => {
  const chance = createRandom(7);
  const random = (count: number) => Math.floor(chance() * count);
  for (let round = 0; round < 300; round++) {
    const segments = Array.from({ length: random(12) }, () =>
      segment(random(900), ...Array.from({ length: random(100) }, () => random(256))),
    );
    const [expected, joined] = [new Uint8Array(1024), new Uint8Array(1024)];
    for (const { offset, bytes } of segments) expected.set(bytes, offset);
    const pieces = joinSegments(segments);
    for (const { offset, bytes } of pieces) joined.set(bytes, offset);
    expect(joined).toEqual(expected);
    expect(pieces.length).toBeLessThanOrEqual(segments.length);
  }
});
