// The numbers of the protocol.

import { expect, test } from "bun:test";
import { isUint, UINT_MAX } from "../../../../src/core/primitives/index.ts";

test("integers from 0 to 2^53-1 are numbers of the protocol", () => {
  expect(UINT_MAX).toBe(2 ** 53 - 1);
  for (const value of [0, 1, 2 ** 32, UINT_MAX - 1, UINT_MAX]) expect(isUint(value)).toBe(true);
});

test("nothing else is", () => {
  for (const value of [
    -0,
    -1,
    0.5,
    UINT_MAX + 1,
    2 ** 64,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1",
    1n,
    null,
    undefined,
    [1],
  ]) {
    expect(isUint(value)).toBe(false);
  }
});
