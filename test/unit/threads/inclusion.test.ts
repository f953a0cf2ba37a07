// Waiting for the inclusion of a transaction, and for any next block.

import { expect, test } from "bun:test";
import type { Hash, Height } from "../../../src/core/primitives/index.ts";
import { InclusionWaiters } from "../../../src/threads/inclusion.ts";

const hash = (name: number) => `0x${String(name).padStart(64, "0")}` as Hash;
const LONG_MS = 60_000;

test("a block settles those who wait for it and for what it includes, and nobody else", async () => {
  const waiters = new InclusionWaiters();
  const included = [waiters.wait(hash(1), LONG_MS), waiters.wait(hash(1), LONG_MS)];
  const other = waiters.wait(hash(2), 1);
  const block = waiters.waitForBlock(LONG_MS);
  waiters.settle([hash(1), hash(3)], 7 as Height);
  expect(await Promise.all(included)).toEqual([{ height: 7 }, { height: 7 }]);
  expect(await block).toBe(true);
  expect(await other).toBeUndefined();
});

test("time runs out for those whom no block settles", async () => {
  const waiters = new InclusionWaiters();
  expect(await Promise.all([waiters.wait(hash(1), 1), waiters.waitForBlock(1)])).toEqual([undefined, false]);
  // Whoever has gone is not there to be settled.
  waiters.settle([hash(1)], 1 as Height);
});
