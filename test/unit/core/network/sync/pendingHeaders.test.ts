// The window of pending headers: order, look-up, and both of its ends.

import { expect, test } from "bun:test";
import { PENDING_HEADERS_MAX } from "../../../../../src/core/network/sync/bounds.ts";
import { PendingHeaders } from "../../../../../src/core/network/sync/pendingHeaders.ts";
import { type FakeBlock, GENESIS_BLOCK, makeBranch } from "../../../../support/syncFakeChain.ts";

const branch = makeBranch({ parent: GENESIS_BLOCK.traced, count: PENDING_HEADERS_MAX + 2 }).map(({ traced }) => traced);
const other = (makeBranch({ parent: GENESIS_BLOCK.traced, count: 1, fork: 1 })[0] as FakeBlock).traced;

function filled(count: number): PendingHeaders {
  const pending = new PendingHeaders();
  for (const header of branch.slice(0, count)) pending.append(header);
  return pending;
}

test("is empty at first", () => {
  const pending = new PendingHeaders();
  expect([pending.count, pending.first, pending.last, pending.at(0)]).toEqual([0, undefined, undefined, undefined]);
});

test("keeps one chain in order, found by place and by hash", () => {
  const pending = filled(3);
  expect([pending.first, pending.at(1), pending.last]).toEqual(branch.slice(0, 3));
  const second = branch[1] as (typeof branch)[number];
  expect([pending.get(second.hash), pending.indexOf(second.hash)]).toEqual([second, 1]);
  expect([pending.get(other.hash), pending.indexOf(other.hash), pending.at(-1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(() => pending.append(other)).toThrow("one chain");
});

test("takes as many as its bound", () => {
  const pending = filled(PENDING_HEADERS_MAX);
  const next = branch[PENDING_HEADERS_MAX] as (typeof branch)[number];
  expect(pending.roomCount).toBe(0);
  expect(() => pending.append(next)).toThrow("has room");
  pending.shift();
  pending.append(next);
  expect(pending.last).toBe(next);
});

test("moves on at the front as long as it likes", () => {
  const pending = filled(3000);
  for (let count = 0; count < 2500; count++) expect(pending.shift()).toBe(branch[count] as (typeof branch)[number]);
  expect([pending.count, pending.first, pending.indexOf(branch[2600]?.hash as never)]).toEqual([
    500,
    branch[2500],
    100,
  ]);
});

test("drops from the end", () => {
  const pending = filled(10);
  pending.shift();
  expect(pending.truncate(4)).toEqual(branch.slice(5, 10));
  expect([pending.count, pending.last, pending.get(branch[5]?.hash as never)]).toEqual([4, branch[4], undefined]);
  expect(pending.truncate(0)).toHaveLength(4);
  pending.append(other);
  expect(pending.first).toBe(other);
});
