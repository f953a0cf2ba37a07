// What every Store does about blocks beside the canonical chain, parts of a write that are undone, undo records that are
// dropped, and notes.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Store } from "../../src/core/ports/index.ts";
import type { Height } from "../../src/core/primitives/index.ts";
import { STORE_KINDS, type TestStore } from "../support/storeKinds.ts";
import { block, bytes, change, commit, hashOf, POISONED_PAGE, transactionHash } from "../support/storeRecords.ts";

const at = (height: number) => height as Height;
const GENESIS = commit(block({ name: 10, height: 0 }), {
  state: [change(1, { to: 5 })],
  pages: [{ prefix: "", body: bytes(1) }],
});
const FIRST = commit(block({ name: 11, height: 1, parent: 10, transactions: [1, 2] }), {
  state: [change(1, { from: 5, to: 7 }), change(3, { to: 8 })],
  pages: [
    { prefix: "", body: bytes(3) },
    { prefix: "a", body: bytes(4) },
  ],
});
const REVERT_FIRST = {
  height: at(1),
  state: [change(1, { from: 7, to: 5 }), change(3, { from: 8 })],
  pages: [
    { prefix: "", body: bytes(1) },
    { prefix: "a", body: undefined },
  ],
};
/** Holds one of the transactions of the block that it competes with, at another place. */
const RIVAL = commit(block({ name: 21, height: 1, parent: 10, transactions: [3, 2] }), {
  state: [change(1, { from: 5, to: 6 })],
  pages: [{ prefix: "", body: bytes(9) }],
});

function contents({ store, pages }: TestStore) {
  const head = store.head();
  return {
    head,
    hashes: [0, 1, 2].map((height) => store.hashAt(at(height))),
    blocks: [10, 11, 12, 21, 22].map((name) => ({ ...store.block(hashOf(name)) })),
    side: store.sideBlocks(),
    state: [...store.stateEntries()],
    pages: pages(),
    positions: [1, 2, 3].map((name) => store.transactionPosition(transactionHash(name))),
    undoHeightMin: store.undoHeightMin(),
    note: store.note("peers"),
  };
}

describe.each(STORE_KINDS)("a store in $name", ({ create }) => {
  let testStore: TestStore;
  let store: Store;

  beforeEach(() => {
    testStore = create();
    store = testStore.store;
    store.commitBlock(GENESIS);
  });
  afterEach(() => testStore.dispose());

  function reorganize(): void {
    store.revertHead(REVERT_FIRST);
    store.keepSideBlock(RIVAL.block);
    store.commitBlock(RIVAL);
    store.saveNote("peers", bytes(1, 2));
  }

  describe("atomically", () => {
    test("keeps all of it when it is told so", () => {
      store.commitBlock(FIRST);
      expect(
        store.atomically(() => {
          reorganize();
          return true;
        }),
      ).toBe(true);
      const after = contents(testStore);
      expect(after).toMatchObject({ head: { height: 1, hash: hashOf(21) }, note: bytes(1, 2) });
      store = testStore.reopen();
      expect(contents({ ...testStore, store })).toEqual(after);
    });

    test("keeps nothing when it is told so, or when it throws, after blocks were taken back and committed", () => {
      store.commitBlock(FIRST);
      const before = contents(testStore);
      expect(
        store.atomically(() => {
          reorganize();
          return false;
        }),
      ).toBe(false);
      expect(contents(testStore)).toEqual(before);
      const throws = () =>
        store.atomically(() => {
          reorganize();
          throw new RangeError("writer's own");
        });
      expect(throws).toThrow("writer's own");
      expect(contents(testStore)).toEqual(before);
      store = testStore.reopen();
      expect(contents({ ...testStore, store })).toEqual(before);
    });

    test("undoes a part alone, whether it says so or throws, and then goes on", () => {
      store.atomically(() => {
        store.commitBlock(FIRST);
        const between = contents(testStore).head;
        const part = store.atomically(() => {
          reorganize();
          store.dropSideBlocks([hashOf(11)]);
          return false;
        });
        expect(part).toBe(false);
        expect(store.head()).toEqual(between as NonNullable<typeof between>);
        const throws = () =>
          store.atomically(() => {
            store.saveNote("peers", bytes(3));
            throw new RangeError("part's own");
          });
        expect(throws).toThrow("part's own");
        expect(store.note("peers")).toBeUndefined();
        store.saveNote("peers", bytes(4));
        return store.atomically(() => {
          store.keepSideBlock(RIVAL.block);
          return true;
        });
      });
      expect(store.head()?.hash).toBe(hashOf(11));
      expect(store.note("peers")).toEqual(bytes(4));
      expect(store.sideBlocks()).toEqual([{ hash: hashOf(21), height: at(1) }]);
    });

    test("undoes parts that were kept when the whole is not", () => {
      const before = contents(testStore);
      store.atomically(() => {
        store.atomically(() => {
          store.commitBlock(FIRST);
          return true;
        });
        return false;
      });
      expect(contents(testStore)).toEqual(before);
      store.commitBlock(FIRST);
      expect(store.head()?.hash).toBe(hashOf(11));
    });

    test("leaves what came before a commit that fails, for the writer to decide on", () => {
      store.atomically(() => {
        store.saveNote("peers", bytes(5));
        expect(() => store.commitBlock({ ...FIRST, pages: [POISONED_PAGE] })).toThrow("poisoned");
        return true;
      });
      expect(store.note("peers")).toEqual(bytes(5));
      expect(contents(testStore)).toMatchObject({ head: { height: 0 }, side: [] });
      expect(store.block(hashOf(11))).toBeUndefined();
    });

    test("shows its own writes to reads and snapshots inside of it", () => {
      store.atomically(() => {
        store.commitBlock(FIRST);
        expect(store.snapshot(() => store.stateValue(bytes(1, 3)))).toEqual(bytes(8));
        expect(store.stateValueAt(bytes(1, 1), at(0))).toEqual(bytes(5));
        return true;
      });
    });
  });

  describe("blocks beside the canonical chain", () => {
    test("are kept without receipts, and listed from the lowest", () => {
      const second = block({ name: 22, height: 2, parent: 21 });
      store.keepSideBlock(second);
      store.keepSideBlock(RIVAL.block);
      expect({ ...store.block(hashOf(21)) }).toEqual({ ...RIVAL.block, receipts: bytes() });
      expect(store.header(hashOf(22))).toMatchObject({ header: second.header, totalWork: second.totalWork });
      expect(store.sideBlocks()).toEqual([
        { hash: hashOf(21), height: at(1) },
        { hash: hashOf(22), height: at(2) },
      ]);
      expect(store.hashAt(at(1))).toBeUndefined();
      expect(store.transactionPosition(transactionHash(3))).toBeUndefined();
    });

    test("stay as they are when they are kept again, as canonical ones do", () => {
      store.commitBlock(FIRST);
      store.keepSideBlock(RIVAL.block);
      const before = contents(testStore);
      store.keepSideBlock(RIVAL.block);
      store.keepSideBlock(FIRST.block);
      expect(contents(testStore)).toEqual(before);
    });

    test("get their receipts when they become canonical, and are side blocks no more", () => {
      store.keepSideBlock(RIVAL.block);
      store.commitBlock(RIVAL);
      expect({ ...store.block(hashOf(21)) }).toEqual(RIVAL.block);
      expect(store.sideBlocks()).toEqual([]);
      expect(store.transactionPosition(transactionHash(2))).toEqual({ height: at(1), index: 1 });
    });

    test("are joined by those that are taken back, with their receipts", () => {
      store.commitBlock(FIRST);
      store.keepSideBlock(RIVAL.block);
      store.revertHead(REVERT_FIRST);
      expect(store.sideBlocks().map(({ hash }) => hash)).toEqual([hashOf(11), hashOf(21)]);
      expect({ ...store.block(hashOf(11)) }).toEqual(FIRST.block);
    });

    test("lead to the place of a transaction that is in both branches, back and forth", () => {
      store.commitBlock(FIRST);
      const first = contents(testStore);
      store.revertHead(REVERT_FIRST);
      store.commitBlock(RIVAL);
      expect([1, 2, 3].map((name) => store.transactionPosition(transactionHash(name)))).toEqual([
        undefined,
        { height: at(1), index: 1 },
        { height: at(1), index: 0 },
      ]);
      store.revertHead({
        height: at(1),
        state: [change(1, { from: 6, to: 5 })],
        pages: [{ prefix: "", body: bytes(1) }],
      });
      store.commitBlock(FIRST);
      store.dropSideBlocks([hashOf(21)]);
      expect(contents(testStore)).toEqual(first);
    });

    test("are forgotten on demand, unknown ones passed over, canonical ones never", () => {
      store.commitBlock(FIRST);
      const before = contents(testStore);
      store.keepSideBlock(RIVAL.block);
      store.dropSideBlocks([hashOf(21), hashOf(99), hashOf(21)]);
      expect(contents(testStore)).toEqual(before);
      store.keepSideBlock(RIVAL.block);
      const withRival = contents(testStore);
      expect(() => store.dropSideBlocks([hashOf(21), hashOf(11)])).toThrow("canonical block is not forgotten");
      expect(contents(testStore)).toEqual(withRival);
    });

    test("are there when the store is opened again", () => {
      store.keepSideBlock(RIVAL.block);
      const before = contents(testStore);
      store = testStore.reopen();
      expect(contents({ ...testStore, store })).toEqual(before);
    });
  });

  describe("undo records", () => {
    const extend = (from: number, to: number, undoHeightMin: (height: number) => number) => {
      for (let height = from; height <= to; height++) {
        const stored = block({ name: 10 + height, height, parent: 9 + height });
        const state = [change(1, { from: 4 + height, to: 5 + height }), change(50 + height, { to: 1 })];
        store.commitBlock(commit(stored, { state, undoHeightMin: undoHeightMin(height) }));
      }
    };

    test("below the height that a commit names are dropped, and those above answer", () => {
      expect(store.undoHeightMin() as number).toBe(1);
      extend(1, 10, (height) => Math.max(height - 2, 0));
      expect(store.undoHeightMin() as number).toBe(8);
      expect(store.changesAt(at(8))).toMatchObject([{ previous: bytes(12), value: bytes(13) }, { value: bytes(1) }]);
      expect(() => store.changesAt(at(7))).toThrow("undo record");
      expect([7, 8, 9, 10].map((height) => store.stateValueAt(bytes(1, 1), at(height))?.[0])).toEqual([12, 13, 14, 15]);
      expect(() => store.stateValueAt(bytes(1, 1), at(6))).toThrow("down to the height");
      expect(store.stateValueAt(bytes(1, 55), at(7))).toEqual(bytes(1));
    });

    test("that were never dropped are brought down in steps", () => {
      extend(1, 12, () => 0);
      expect(store.undoHeightMin() as number).toBe(1);
      const heights: number[] = [];
      for (let height = 13; height <= 17; height++) {
        extend(height, height, () => height - 1);
        heights.push(store.undoHeightMin());
      }
      expect(heights).toEqual([5, 9, 13, 15, 16]);
    });

    test("of the block itself stay", () => {
      extend(1, 3, (height) => height);
      expect(store.undoHeightMin() as number).toBe(3);
      expect(store.changesAt(at(3))).toHaveLength(2);
      expect(() => extend(4, 4, () => 5)).toThrow("can be taken back");
      expect(store.head()?.height).toBe(at(3));
    });

    test("come back with a part of a write that is undone", () => {
      extend(1, 5, () => 0);
      store.atomically(() => {
        extend(6, 7, (height) => height);
        return false;
      });
      expect(store.undoHeightMin() as number).toBe(1);
      expect(store.changesAt(at(1))).toHaveLength(2);
    });
  });

  test("notes are kept by name, replaced, and there when the store is opened again", () => {
    expect(store.note("peers")).toBeUndefined();
    const larger = bytes(1, 2, 3, 4);
    store.saveNote("peers", larger.subarray(1, 3));
    store.saveNote("bans", bytes());
    expect([store.note("peers"), store.note("bans"), store.note("")]).toEqual([bytes(2, 3), bytes(), undefined]);
    store.saveNote("peers", bytes(9));
    store = testStore.reopen();
    expect([store.note("peers"), store.note("bans")]).toEqual([bytes(9), bytes()]);
  });
});
