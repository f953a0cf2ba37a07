// A reader beside the writer: it sees what is committed, whole, and a snapshot stays as it was.

import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Height } from "../../../../src/core/primitives/index.ts";
import type { SqliteStoreReader } from "../../../../src/io/sqlite/reader.ts";
import { type OpenStore, openStore, openStoreReader } from "../../../../src/io/sqlite/store.ts";
import { block, bytes, change, commit, hashOf, POISONED_PAGE } from "../../../support/storeRecords.ts";
import { useTemporaryFolder } from "./folder.ts";

const file = useTemporaryFolder();
let writer: OpenStore;
let reader: SqliteStoreReader;

beforeEach(() => {
  writer = openStore({ path: file("chain.sqlite"), cacheSizeMb: 4, compression: false });
  writer.commitBlock(commit(block({ name: 10, height: 0 }), { state: [change(1, { to: 0 })] }));
  reader = openStoreReader({ path: file("chain.sqlite"), cacheSizeMb: 1 });
});

afterEach(() => {
  reader.close();
  writer.close();
});

/** Block `height`, after which key 1 holds the height. */
function grow(height: number, options: { poisoned?: boolean } = {}): void {
  writer.commitBlock(
    commit(block({ name: 10 + height, height, parent: 9 + height, transactions: [height] }), {
      state: [change(1, { from: height - 1, to: height })],
      pages: options.poisoned === true ? [POISONED_PAGE] : [],
    }),
  );
}

const seen = () => [reader.head()?.height as number | undefined, reader.stateValue(bytes(1, 1))?.[0]];

test("each commit is seen at once, and nothing of one that failed", () => {
  expect(seen()).toEqual([0, 0]);
  grow(1);
  expect(seen()).toEqual([1, 1]);
  expect(() => grow(2, { poisoned: true })).toThrow("poisoned");
  expect(seen()).toEqual([1, 1]);
  grow(2);
  expect(seen()).toEqual([2, 2]);
});

test("all reads of a snapshot see one state, whatever is committed or taken back meanwhile", () => {
  grow(1);
  const reads = reader.snapshot(() => {
    const first = seen();
    grow(2);
    const second = seen();
    writer.revertHead({ height: 2 as Height, state: [change(1, { from: 2, to: 1 })], pages: [] });
    writer.revertHead({ height: 1 as Height, state: [change(1, { from: 1, to: 0 })], pages: [] });
    return [first, second, seen(), [reader.transactionPosition(hashOf(1_000_001))?.height as number, 1]];
  });
  expect(reads).toEqual([1, 2, 3, 4].map(() => [1, 1]));
  expect(seen()).toEqual([0, 0]);
});

test("a snapshot that throws ends, and the next one sees what is new", () => {
  const fails = () =>
    reader.snapshot(() => {
      seen();
      throw new RangeError("reader's own");
    });
  expect(fails).toThrow("reader's own");
  grow(1);
  expect(reader.snapshot(seen)).toEqual([1, 1]);
});

test("a value at a height is read in one state", () => {
  for (const height of [1, 2, 3]) grow(height);
  expect([0, 1, 2, 3].map((height) => reader.stateValueAt(bytes(1, 1), height as Height)?.[0])).toEqual([0, 1, 2, 3]);
});

test("what a reader was given is its own", () => {
  const value = reader.stateValue(bytes(1, 1));
  value?.fill(99);
  const stored = reader.block(hashOf(10));
  stored?.body.fill(99);
  expect(reader.stateValue(bytes(1, 1))).toEqual(bytes(0));
  expect(reader.block(hashOf(10))?.body).toEqual(bytes(10, 2, 3));
});
