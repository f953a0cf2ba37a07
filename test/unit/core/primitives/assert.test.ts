// Assertions crash, and say what was expected.

import { expect, test } from "bun:test";
import { AssertionError, assert, defined } from "../../../../src/core/primitives/index.ts";

test("a condition that holds passes, one that does not crashes with its message", () => {
  expect(() => assert(true, "one is one")).not.toThrow();
  expect(() => assert(false, "one is two")).toThrow(new AssertionError("one is two"));
});

test("defined hands on every value but undefined", () => {
  for (const value of [0, "", false, null]) expect(defined(value, "a value")).toBe(value);
  expect(() => defined(undefined, "a value")).toThrow(AssertionError);
});
