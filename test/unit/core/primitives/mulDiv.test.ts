// Exact products and quotients past 2^53.

import { expect, test } from "bun:test";
import { mulDivCeil, UINT_MAX } from "../../../../src/core/primitives/index.ts";

test.each([
  [0, 0, 1, 0],
  [0, UINT_MAX, 1, 0],
  [1, 1, UINT_MAX, 1],
  [7, 3, 2, 11],
  [6, 2, 3, 4],
  [UINT_MAX, 1, 1, UINT_MAX],
  [UINT_MAX, UINT_MAX, UINT_MAX, UINT_MAX],
  [UINT_MAX, 2, 2, UINT_MAX],
  [UINT_MAX, 2, 3, 6_004_799_503_160_661],
  [94_906_267, 94_906_267, 1_000_000, 9_007_199_516],
  [2 ** 27, 2 ** 26, 1_000_000, 9_007_199_255],
])("%d x %d / %d rounds up to %d", (left, right, divisor, expected) => {
  expect(mulDivCeil({ left, right, divisor })).toBe(expected);
});

test("a result past 2^53-1, a division by zero and a number that is none crash", () => {
  expect(() => mulDivCeil({ left: UINT_MAX, right: 2, divisor: 1 })).toThrow("safe integer");
  expect(() => mulDivCeil({ left: UINT_MAX, right: UINT_MAX, divisor: UINT_MAX - 1 })).toThrow("safe integer");
  expect(() => mulDivCeil({ left: 1, right: 1, divisor: 0 })).toThrow("zero");
  for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) {
    expect(() => mulDivCeil({ left: bad, right: 1, divisor: 1 })).toThrow("safe integers");
    expect(() => mulDivCeil({ left: 1, right: bad, divisor: 1 })).toThrow("safe integers");
    expect(() => mulDivCeil({ left: 1, right: 1, divisor: bad })).toThrow("safe integers");
  }
});
