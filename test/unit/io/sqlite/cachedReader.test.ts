// What is kept in memory is what the database holds, after each of many commits.

import { afterEach, beforeEach, expect, test } from "bun:test";
import type { StoreReader } from "../../../../src/core/ports/index.ts";
import type { Height } from "../../../../src/core/primitives/index.ts";
import { CachedStoreReader } from "../../../../src/io/sqlite/cachedReader.ts";
import { type OpenStore, openStore, openStoreReader } from "../../../../src/io/sqlite/store.ts";
import { block, commit } from "../../../support/storeRecords.ts";
import { useTemporaryFolder } from "./folder.ts";

const file = useTemporaryFolder();
let writer: OpenStore;
let reader: StoreReader & { close(): void };

beforeEach(() => {
  const path = file("chain.sqlite");
  writer = openStore({ path, cacheSizeMb: 4, compression: false });
  writer.commitBlock(commit(block({ name: 10, height: 0 })));
  reader = openStoreReader({ path, cacheSizeMb: 1 });
});

afterEach(() => {
  reader.close();
  writer.close();
});

function grow(height: number): void {
  writer.commitBlock(commit(block({ name: 10 + height, height, parent: 9 + height })));
}

test("a reader beside the writer has a version, another one after each commit", () => {
  expect(reader).toBeInstanceOf(CachedStoreReader);
  const versions = new Set([reader.version?.()]);
  for (let height = 1; height <= 20; height++) {
    grow(height);
    const version = reader.version?.();
    expect(reader.version?.()).toBe(version);
    versions.add(version);
  }
  expect(versions.size).toBe(21);
});

test("the head is the database's after each commit, however often it was asked for", () => {
  for (let height = 1; height <= 20; height++) {
    grow(height);
    expect([reader.head(), reader.head()].map((head) => head?.height as number)).toEqual([height, height]);
  }
});

test("inside a snapshot the head stays that of the snapshot", () => {
  const heights = reader.snapshot(() => {
    const first = reader.head()?.height as number;
    grow(1);
    return [first, reader.head()?.height as number];
  });
  expect(heights).toEqual([0, 0]);
  expect(reader.head()?.height as number).toBe(1);
});

test("a write of several steps is seen whole: the old head until it ends, then the new one", () => {
  grow(1);
  const seen: (number | undefined)[] = [];
  const look = () => seen.push(Number(reader.head()?.hash));
  look();
  const version = reader.version?.();
  writer.atomically(() => {
    writer.revertHead({ height: 1 as Height, state: [], pages: [] });
    look();
    writer.commitBlock(commit(block({ name: 31, height: 1, parent: 10 })));
    look();
    return true;
  });
  look();
  expect(seen).toEqual([11, 11, 11, 31]);
  expect(reader.version?.()).not.toBe(version as number);
  writer.atomically(() => {
    writer.commitBlock(commit(block({ name: 32, height: 2, parent: 31 })));
    return false;
  });
  look();
  expect(seen.at(-1)).toBe(31);
});
