// What every Store does: one suite over the in-memory store and over SQLite with and without compression.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/core/ports/index.ts";
import type { Address, Hash, Height } from "../../src/core/primitives/index.ts";
import { STORE_KINDS, type TestStore } from "../support/storeKinds.ts";
import { block, bytes, change, commit, hashOf, POISONED_PAGE, transactionHash } from "../support/storeRecords.ts";

const at = (height: number) => height as Height;
const [TOKEN, BANK] = ["aa", "bb"].map((byte) => `0x${byte.repeat(20)}` as Address) as [Address, Address];

const GENESIS = commit(block({ name: 10, height: 0 }), {
  state: [change(1, { to: 5 }), change(2, { to: 6 })],
  pages: [
    { prefix: "", body: bytes(1) },
    { prefix: "a", body: bytes(2) },
  ],
});
const FIRST = commit(block({ name: 11, height: 1, parent: 10, transactions: [1, 2] }), {
  eventSources: [BANK, TOKEN],
  state: [change(1, { from: 5, to: 7 }), change(3, { to: 8 })],
  pages: [
    { prefix: "", body: bytes(3) },
    { prefix: "a", body: undefined },
    { prefix: "ab", body: bytes(4) },
  ],
});
const SECOND = commit(block({ name: 12, height: 2, parent: 11, transactions: [3] }), {
  eventSources: [TOKEN],
  state: [change(1, { from: 7 }), change(2, { from: 6, to: 9 })],
  pages: [{ prefix: "", body: bytes(5) }],
});

const REVERT_SECOND = {
  height: 2 as Height,
  state: [change(1, { to: 7 }), change(2, { from: 9, to: 6 })],
  pages: [{ prefix: "", body: bytes(3) }],
};

function heightsOf(store: Store, address: Address, range: { min?: number; max?: number; countMax?: number } = {}) {
  const { min = 0, max = 100, countMax = 100 } = range;
  return store.eventHeights({ address, heightMin: at(min), heightMax: at(max), countMax }).map(Number);
}

function contents({ store, pages }: TestStore) {
  return {
    head: store.head(),
    hashes: [0, 1, 2, 3].map((height) => store.hashAt(at(height))),
    state: [...store.stateEntries()],
    pages: pages(),
    positions: [1, 2, 3, 4].map((name) => store.transactionPosition(transactionHash(name))),
    eventHeights: [TOKEN, BANK].map((address) => heightsOf(store, address)),
  };
}

describe.each(STORE_KINDS)("a store in $name", ({ create }) => {
  let testStore: TestStore;
  let store: Store;

  beforeEach(() => {
    testStore = create();
    store = testStore.store;
  });

  afterEach(() => testStore.dispose());

  function commitAll(): void {
    for (const next of [GENESIS, FIRST, SECOND]) store.commitBlock(next);
  }

  test("that is empty has nothing", () => {
    expect(contents(testStore)).toMatchObject({ head: undefined, state: [], pages: new Map() });
    expect(store.block(hashOf(10))).toBeUndefined();
    expect(store.header(hashOf(10))).toBeUndefined();
    expect(store.stateValue(bytes(1, 1))).toBeUndefined();
    expect(store.treePage("")).toBeUndefined();
  });

  test("gives back what was committed", () => {
    commitAll();
    expect(store.head()).toEqual({ height: at(2), hash: hashOf(12) });
    expect([0, 1, 2, 3].map((height) => store.hashAt(at(height)))).toEqual([
      ...[10, 11, 12].map(hashOf),
      undefined as unknown as Hash,
    ]);
    for (const { block: stored } of [GENESIS, FIRST, SECOND]) {
      expect({ ...store.block(stored.hash) }).toEqual(stored);
      expect(store.header(stored.hash)).toMatchObject({ header: stored.header, totalWork: stored.totalWork });
    }
    expect(store.block(hashOf(99))).toBeUndefined();
  });

  test("finds transactions by hash", () => {
    commitAll();
    const found = [1, 2, 3, 4].map((name) => store.transactionPosition(transactionHash(name)));
    expect(found).toEqual([
      { height: at(1), index: 0 },
      { height: at(1), index: 1 },
      { height: at(2), index: 0 },
      undefined,
    ]);
  });

  test("tells heights and places apart up to the largest of both", () => {
    store.commitBlock(GENESIS);
    const names = Array.from({ length: 32_768 }, (_, name) => name);
    store.commitBlock(commit(block({ name: 11, height: 1, parent: 10, transactions: names })));
    expect(store.transactionPosition(transactionHash(32_767))).toEqual({ height: at(1), index: 32_767 });
    expect(store.transactionPosition(transactionHash(0))).toEqual({ height: at(1), index: 0 });
    expect(store.block(hashOf(11))?.transactionHashes).toHaveLength(32_768);
  });

  test("has the current state and pages", () => {
    commitAll();
    expect([1, 2, 3, 4].map((key) => store.stateValue(bytes(1, key)))).toEqual([
      undefined,
      bytes(9),
      bytes(8),
      undefined,
    ]);
    expect(["", "a", "ab", "abc"].map((prefix) => store.treePage(prefix))).toEqual([
      bytes(5),
      undefined,
      bytes(4),
      undefined,
    ]);
  });

  test("knows in which blocks a contract announced events", () => {
    commitAll();
    store.commitBlock(commit(block({ name: 13, height: 3, parent: 12 })));
    store.commitBlock(commit(block({ name: 14, height: 4, parent: 13 }), { eventSources: [TOKEN] }));
    const nobody = `0x${"cc".repeat(20)}` as Address;
    expect([TOKEN, BANK, nobody].map((address) => heightsOf(store, address))).toEqual([[1, 2, 4], [1], []]);
    expect(heightsOf(store, TOKEN, { min: 2, max: 4 })).toEqual([2, 4]);
    expect(heightsOf(store, TOKEN, { min: 2, max: 3 })).toEqual([2]);
    expect(heightsOf(store, TOKEN, { countMax: 2 })).toEqual([1, 2]);
    expect(heightsOf(store, TOKEN, { min: 5 })).toEqual([]);
    store.commitBlock(commit(block({ name: 15, height: 5, parent: 14 }), { eventSources: [BANK, TOKEN] }));
    expect([TOKEN, BANK].map((address) => heightsOf(store, address))).toEqual([
      [1, 2, 4, 5],
      [1, 5],
    ]);
    store.revertHead({ height: at(5), state: [], pages: [] });
    expect([TOKEN, BANK].map((address) => heightsOf(store, address))).toEqual([[1, 2, 4], [1]]);
  });

  test("lists the state in ascending order of its keys", () => {
    const keys = [bytes(5), bytes(1, 255), bytes(1), bytes(1, 0), bytes(0, 0, 7), bytes(255), bytes(1, 16)];
    const state = keys.map((key) => ({ key, value: key, previous: undefined }));
    store.commitBlock(commit(block({ name: 10, height: 0 }), { state }));
    const listed = Array.from(store.stateEntries(), ({ key }) => key.toHex());
    expect(listed).toEqual(["000007", "01", "0100", "0110", "01ff", "05", "ff"]);
  });

  test("lists the state to two readers at once, and to one that stops early", () => {
    commitAll();
    const all = [...store.stateEntries()];
    const interleaved: unknown[] = [];
    for (const outer of store.stateEntries()) {
      interleaved.push(outer);
      expect([...store.stateEntries()]).toEqual(all);
    }
    expect(interleaved).toEqual(all);
    for (const first of store.stateEntries()) {
      expect(first).toEqual(all[0] as (typeof all)[0]);
      break;
    }
    store.commitBlock(commit(block({ name: 13, height: 3, parent: 12 }), { state: [change(9, { to: 1 })] }));
    expect([...store.stateEntries()]).toHaveLength(all.length + 1);
  });

  test("knows each value at each height", () => {
    commitAll();
    const values = [1, 2, 3].map((key) =>
      [0, 1, 2].map((height) => store.stateValueAt(bytes(1, key), at(height))?.[0]),
    );
    expect(values).toEqual([
      [5, 7, undefined],
      [6, 6, 9],
      [undefined, 8, 8],
    ]);
  });

  test("tells what each block changed", () => {
    commitAll();
    const changesAt = (height: number) => store.changesAt(at(height)).map((entry) => ({ ...entry }));
    expect([1, 2].map(changesAt)).toEqual([[...FIRST.state], [...SECOND.state]]);
    const keysAt = (height: number) => store.changedKeysAt(at(height))?.map((key) => key.toHex());
    const keysOf = ({ state }: typeof GENESIS) => state.map(({ key }) => key.toHex());
    expect([0, 1, 2, 3].map(keysAt)).toEqual([undefined, keysOf(FIRST), keysOf(SECOND), undefined]);
    // Block 0 is never taken back.
    for (const height of [0, 3]) expect(() => store.changesAt(at(height))).toThrow("undo record");
  });

  test("takes the head back, and keeps its block", () => {
    for (const next of [GENESIS, FIRST]) store.commitBlock(next);
    const before = contents(testStore);
    store.commitBlock(SECOND);
    store.revertHead(REVERT_SECOND);
    expect(contents(testStore)).toEqual(before);
    expect({ ...store.block(hashOf(12)) }).toEqual(SECOND.block);
    expect(() => store.changesAt(at(2))).toThrow("undo record");
  });

  test("takes the same block again after it was taken back, and another in its place", () => {
    commitAll();
    const before = contents(testStore);
    store.revertHead(REVERT_SECOND);
    store.commitBlock(SECOND);
    expect(contents(testStore)).toEqual(before);
    store.revertHead(REVERT_SECOND);
    const other = commit(block({ name: 20, height: 2, parent: 11, transactions: [4, 3] }));
    store.commitBlock(other);
    expect(store.hashAt(at(2))).toBe(hashOf(20));
    expect(store.transactionPosition(transactionHash(3))).toEqual({ height: at(2), index: 1 });
    expect({ ...store.block(hashOf(12)) }).toEqual(SECOND.block);
  });

  test("takes only what follows the head", () => {
    expect(() => store.commitBlock(FIRST)).toThrow("follows the head");
    for (const next of [GENESIS, FIRST]) store.commitBlock(next);
    const before = contents(testStore);
    expect(() => store.commitBlock(FIRST)).toThrow("follows the head");
    expect(() => store.commitBlock(commit(block({ name: 30, height: 2, parent: 10 })))).toThrow("follows the head");
    expect(() => store.commitBlock(commit(block({ name: 30, height: 3, parent: 11 })))).toThrow("follows the head");
    expect(() => store.revertHead(REVERT_SECOND)).toThrow("the head is what is taken back");
    expect(contents(testStore)).toEqual(before);
  });

  test("never takes back block 0", () => {
    store.commitBlock(GENESIS);
    expect(() => store.revertHead({ height: at(0), state: [], pages: [] })).toThrow("the head is what is taken back");
  });

  test("keeps nothing of a commit that fails in its middle, and takes the whole one after", () => {
    for (const next of [GENESIS, FIRST]) store.commitBlock(next);
    const before = contents(testStore);
    const poisoned = { ...SECOND, pages: [...SECOND.pages, POISONED_PAGE] };
    expect(() => store.commitBlock(poisoned)).toThrow("poisoned");
    expect(contents(testStore)).toEqual(before);
    expect(store.block(hashOf(12))).toBeUndefined();
    store.commitBlock(SECOND);
    const after = contents(testStore);
    expect(() => store.revertHead({ ...REVERT_SECOND, pages: [POISONED_PAGE] })).toThrow("poisoned");
    expect(contents(testStore)).toEqual(after);
    store.revertHead(REVERT_SECOND);
    expect(contents(testStore)).toEqual(before);
  });

  test("takes bytes that are a part of a larger buffer for just that part", () => {
    const larger = Uint8Array.from({ length: 64 }, (_, index) => index);
    const key = larger.subarray(8, 12);
    const value = larger.subarray(20, 30);
    const stored = block({ name: 10, height: 0, body: larger.subarray(3, 50) });
    store.commitBlock(
      commit(stored, {
        state: [{ key, value, previous: undefined }],
        pages: [{ prefix: "", body: larger.subarray(1, 4) }],
      }),
    );
    expect([...store.stateEntries()]).toEqual([{ key: key.slice(), value: value.slice() }]);
    expect(store.treePage("")).toEqual(bytes(1, 2, 3));
    expect(store.block(hashOf(10))?.body).toEqual(larger.slice(3, 50));
  });

  test("keeps empty and large bodies", () => {
    const large = Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * index) % 251);
    store.commitBlock(commit(block({ name: 10, height: 0, body: bytes() })));
    store.commitBlock(commit(block({ name: 11, height: 1, parent: 10, body: large })));
    expect(store.block(hashOf(10))?.body).toEqual(bytes());
    expect(store.block(hashOf(11))?.body.toHex()).toBe(large.toHex());
  });

  test("reads in a snapshot, also inside another, and gives back what was read", () => {
    commitAll();
    const read = store.snapshot(() => store.snapshot(() => store.head()?.height));
    expect(read).toBe(at(2));
    const fails = () =>
      store.snapshot(() => {
        throw new RangeError("reader's own");
      });
    expect(fails).toThrow("reader's own");
    store.commitBlock(commit(block({ name: 13, height: 3, parent: 12 })));
    expect(store.snapshot(() => store.head()?.height)).toBe(at(3));
  });

  test("has all of it when it is opened again", () => {
    commitAll();
    const before = contents(testStore);
    const blocks = [10, 11, 12].map((name) => ({ ...store.block(hashOf(name)) }));
    store = testStore.reopen();
    expect(contents({ ...testStore, store })).toEqual(before);
    expect([10, 11, 12].map((name) => ({ ...store.block(hashOf(name)) }))).toEqual(blocks);
    expect(store.stateValueAt(bytes(1, 1), at(0))).toEqual(bytes(5));
    store.revertHead(REVERT_SECOND);
    expect(store.head()?.height).toBe(at(1));
  });
});
