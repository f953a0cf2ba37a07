// A bounded set that forgets its oldest members.

import { expect, test } from "bun:test";
import { KnownSet } from "../../../../../src/core/network/gossip/knownSet.ts";
import { wireIdOf } from "../../../../../src/core/network/gossip/wireId.ts";
import { AssertionError } from "../../../../../src/core/primitives/index.ts";

const id = (index: number) => wireIdOf(Uint8Array.of(index));
const members = (set: KnownSet) => [0, 1, 2, 3, 4].filter((index) => set.has(id(index)));

test("keeps as many as its bound and drops the oldest one past it", () => {
  const set = new KnownSet({ countMax: 3 });
  for (const index of [0, 1, 2]) set.add(id(index));
  expect(members(set)).toEqual([0, 1, 2]);
  set.add(id(3));
  expect(members(set)).toEqual([1, 2, 3]);
  expect(set.count).toBe(3);
});

test("leaves a member in its place when it is added again", () => {
  const set = new KnownSet({ countMax: 2 });
  for (const index of [0, 1, 0, 2]) set.add(id(index));
  expect(members(set)).toEqual([1, 2]);
});

test("goes round and round", () => {
  const set = new KnownSet({ countMax: 3 });
  for (let index = 0; index < 100; index++) set.add(id(index % 7));
  expect(set.count).toBe(3);
  expect([6, 0, 1].map((index) => set.has(id(index)))).toEqual([true, true, true]);
});

test("forgets all when it is cleared, and begins anew", () => {
  const set = new KnownSet({ countMax: 2 });
  for (const index of [0, 1, 2]) set.add(id(index));
  set.clear();
  expect([set.count, members(set)]).toEqual([0, []]);
  for (const index of [1, 3, 4]) set.add(id(index));
  expect(members(set)).toEqual([3, 4]);
});

test("has room for one at least", () => {
  expect(() => new KnownSet({ countMax: 0 })).toThrow(AssertionError);
});
