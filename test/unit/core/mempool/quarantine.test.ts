// What a node failed to execute stays out, up to a bound.

import { expect, test } from "bun:test";
import { Quarantine } from "../../../../src/core/mempool/quarantine.ts";
import type { Hash } from "../../../../src/core/primitives/index.ts";
import { createPool, pay } from "./pool.ts";

const hashOf = (index: number) => `0x${index.toString(16).padStart(64, "0")}` as Hash;

test("a bounded number of transactions is remembered, the oldest forgotten first", () => {
  const quarantine = new Quarantine();
  for (let index = 0; index <= 1024; index++) quarantine.add(hashOf(index));
  expect([0, 1, 1024].map((index) => quarantine.check(hashOf(index))?.code)).toEqual([
    undefined,
    "quarantined",
    "quarantined",
  ]);
});

test("a quarantined transaction leaves the mempool and is not taken again", () => {
  const pool = createPool();
  const transaction = pay({});
  expect(pool.add(transaction)).toBeUndefined();
  pool.mempool.quarantine(transaction.hash);
  expect(pool.mempool.count).toBe(0);
  expect(pool.add(transaction)).toBe("quarantined");
});
