// Counts by name.

import { expect, test } from "bun:test";
import { Tally } from "../../../../../src/core/network/peers/tally.ts";

test("it counts up and down, and never below what was counted", () => {
  const tally = new Tally();
  expect(tally.get("a")).toBe(0);
  tally.add("a");
  tally.add("a");
  tally.remove("a");
  expect(tally.get("a")).toBe(1);
  tally.remove("a");
  expect(tally.get("a")).toBe(0);
  expect(() => tally.remove("a")).toThrow("only what was counted");
});
