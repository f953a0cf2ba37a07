// What has been handed on and not acknowledged: by messages, by bytes, and over all connections.

import { beforeEach, expect, test } from "bun:test";
import { AssertionError } from "../../../../src/core/primitives/index.ts";
import { defaultTcpLimits } from "../../../../src/io/tcp/index.ts";
import { Unacknowledged } from "../../../../src/io/tcp/unacknowledged.ts";

// A message counts 512 bytes beside its own.
const OVERHEAD_BYTES = 512;
const LIMITS = {
  ...defaultTcpLimits({ lineSizeBytesMax: 1000, connectionsMax: 5, perAddressMax: 2 }),
  unacknowledgedMax: 3,
  unacknowledgedBytesMax: 10_000,
  unacknowledgedBytesTotalMax: 20_000,
};

let unacknowledged: Unacknowledged;

beforeEach(() => {
  unacknowledged = new Unacknowledged(LIMITS);
});

test("blocks a connection at its number of messages", () => {
  unacknowledged.add(1, 10);
  unacknowledged.add(1, 10);
  expect(unacknowledged.blocks(1)).toBeUndefined();
  unacknowledged.add(1, 10);
  expect(unacknowledged.blocks(1)).toBe("by_itself");
  expect(unacknowledged.blocks(3)).toBeUndefined();
  unacknowledged.acknowledge(1, 1);
  expect(unacknowledged.blocks(1)).toBeUndefined();
});

test("blocks a connection at its bytes, and lets one message of any size pass before", () => {
  unacknowledged.add(1, 9999 - OVERHEAD_BYTES);
  expect(unacknowledged.blocks(1)).toBeUndefined();
  unacknowledged.add(1, 1_000);
  expect(unacknowledged.blocks(1)).toBe("by_itself");
  unacknowledged.acknowledge(1, 1);
  expect(unacknowledged.blocks(1)).toBeUndefined();
});

test("blocks all at the bytes of all, those of ended connections too", () => {
  unacknowledged.add(1, 10_000 - OVERHEAD_BYTES);
  unacknowledged.add(3, 9_999 - OVERHEAD_BYTES);
  expect([unacknowledged.isFull, unacknowledged.blocks(5)]).toEqual([false, undefined]);
  unacknowledged.add(3, 1);
  expect([unacknowledged.isFull, unacknowledged.blocks(5)]).toEqual([true, "by_all"]);
  unacknowledged.acknowledge(3, 2);
  expect([unacknowledged.isFull, unacknowledged.blocks(5)]).toEqual([false, undefined]);
});

test("gives back exactly what was taken", () => {
  for (let round = 0; round < 1000; round += 1) {
    for (const size of [round, 1, 5000]) unacknowledged.add(round, size);
    unacknowledged.acknowledge(round, 2);
    unacknowledged.acknowledge(round, 1);
  }
  unacknowledged.add(1, 20_000 - OVERHEAD_BYTES - 1);
  expect(unacknowledged.isFull).toBe(false);
});

test("more than was handed on is a fault of ours", () => {
  unacknowledged.add(1, 1);
  expect(() => unacknowledged.acknowledge(1, 2)).toThrow(AssertionError);
  expect(() => unacknowledged.acknowledge(3, 1)).toThrow(AssertionError);
});
