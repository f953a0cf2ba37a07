// A crash leaves a store as SQLite would: each write there in full or not at all, and what returned stays.

import { describe, expect, test } from "bun:test";
import type { Height } from "../../src/core/primitives/index.ts";
import { MemoryStore } from "../support/memoryStore.ts";
import { block, bytes, hashOf } from "../support/storeRecords.ts";
import { Random } from "./random.ts";
import { CrashError, SimulatedStore } from "./simulatedStore.ts";

const UNDO_ALL = 0 as Height;

function commitOf(height: number) {
  const parent = height === 0 ? {} : { parent: height };
  return {
    block: block({ name: height + 1, height, ...parent }),
    state: [],
    pages: [],
    undoHeightMin: UNDO_ALL,
    eventSources: [],
  };
}

function open(options: { durable?: MemoryStore; seed?: number } = {}) {
  const durable = options.durable ?? new MemoryStore();
  let crashes = 0;
  const store = new SimulatedStore({
    durable,
    random: new Random(options.seed ?? 1),
    onCrash: () => crashes++,
  });
  return { durable, store, crashes: () => crashes };
}

describe("a planned crash", () => {
  test("hits a write before or after it is durable, and what was written before stays", () => {
    const heights = new Set<number | undefined>();
    for (let seed = 0; seed < 40; seed++) {
      const { durable, store, crashes } = open({ seed });
      store.commitBlock(commitOf(0));
      store.planCrash(1);
      store.commitBlock(commitOf(1));
      expect(() => store.commitBlock(commitOf(2))).toThrow(CrashError);
      expect(crashes()).toBe(1);
      expect(durable.hashAt(1 as Height)).toBe(hashOf(2));
      heights.add(durable.head()?.height);
    }
    expect([...heights].toSorted()).toEqual([1, 2]);
  });

  test("leaves nothing alive", () => {
    const { store } = open();
    store.commitBlock(commitOf(0));
    store.planCrash(0);
    expect(() => store.commitBlock(commitOf(1))).toThrow(CrashError);
    expect(() => store.head()).toThrow(CrashError);
    expect(() => store.commitBlock(commitOf(1))).toThrow(CrashError);
  });

  test("can be called off", () => {
    const { store } = open();
    store.planCrash(0);
    store.planCrash(undefined);
    store.commitBlock(commitOf(0));
    expect(store.head()?.height).toBe(0 as Height);
  });
});

describe("a crash within several writes", () => {
  test("undoes all of them, or none once they are durable", () => {
    const heights = new Set<number | undefined>();
    for (let seed = 0; seed < 60; seed++) {
      const { durable, store } = open({ seed });
      store.commitBlock(commitOf(0));
      store.planCrash(seed % 3);
      const write = () => {
        for (const height of [1, 2, 3]) store.commitBlock(commitOf(height));
        return true;
      };
      expect(() => store.atomically(write)).toThrow(CrashError);
      heights.add(durable.head()?.height);
    }
    expect([...heights].toSorted()).toEqual([0, 3]);
  });

  test("is told apart from writes that are durable", () => {
    const { store } = open();
    let wasWriting = false;
    store.atomically(() => {
      store.commitBlock(commitOf(0));
      wasWriting = store.isWriting;
      return true;
    });
    expect([wasWriting, store.isWriting]).toEqual([true, false]);
  });
});

describe("notes", () => {
  test("are read back at once, and a crash may lose the last ones", () => {
    const kept = new Set<string | undefined>();
    for (let seed = 0; seed < 30; seed++) {
      const { durable, store } = open({ seed });
      store.saveNote("peers", bytes(1));
      store.saveNote("peers", bytes(2));
      expect(store.note("peers")).toEqual(bytes(2));
      store.kill();
      expect(() => store.note("other")).toThrow(CrashError);
      const next = open({ durable });
      kept.add(next.store.note("peers")?.toHex());
    }
    expect(kept).toEqual(new Set([undefined, "01", "02"]));
  });
});
