// Going over to another branch: how deep, what an invalid block of the branch leaves behind, and a store that fails or a
// process that dies at any write.

import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../../src/core/ports/index.ts";
import type { Gas, Hash } from "../../../../src/core/primitives/index.ts";
import { openStore } from "../../../../src/io/sqlite/index.ts";
import { type BranchBlock, deliver, grow, growInvalid, hashOfBlock } from "../../../support/branches.ts";
import { TEST_BALANCE, testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { STORE_KINDS, type TestStore } from "../../../support/storeKinds.ts";
import { type MinedBlock, openTestChain, type TestChain, verified } from "../../../support/testChain.ts";
import { verifyState, withDatabaseCopy } from "../../../support/verifyChain.ts";

const GENESIS = testGenesis();
const OTHER = testAccount(3).address;

/** One payment of its own in each block, so that the state tells the branches apart. */
const paying = (from: number): BranchBlock => ({
  proposer: testAccount(from).address,
  transactions: ({ chain, domain }) => {
    const { address } = testAccount(from);
    const { nonce } = chain.state().account(address);
    return [verified(transfer({ from: address, to: OTHER, amount: 1, nonce }), domain)];
  },
});

const blocks = (count: number, block: BranchBlock): BranchBlock[] => Array.from({ length: count }, () => block);
const hashes = (list: readonly { readonly hash: Hash }[]) => list.map(({ hash }) => hash);

function contents({ store, pages }: TestStore, { chain }: TestChain) {
  return {
    head: chain.head,
    position: store.head(),
    side: store.sideBlocks(),
    state: [...store.stateEntries()],
    pages: pages(),
    undoHeightMin: store.undoHeightMin(),
  };
}

test("the branch with more work wins, and its last common block is where both are told apart", () => {
  const testChain = openTestChain();
  const base = grow(GENESIS, [], blocks(2, paying(0)));
  const [old, better] = [grow(GENESIS, base, blocks(2, paying(1))), grow(GENESIS, base, blocks(3, paying(2)))];
  deliver(testChain, [...base, ...old]);
  const { report, codes } = deliver(testChain, better);
  expect(codes.at(-1)).toBe("adopted");
  expect(hashes(report.abandoned)).toEqual(old.map(hashOfBlock));
  expect(hashes(report.adopted)).toEqual(better.map(hashOfBlock));
  expect(report.abandoned.flatMap(({ transactions }) => transactions)).toEqual(
    old.flatMap(({ transactions }) => transactions),
  );
  expect(report.adopted.flatMap(({ transactions }) => hashes(transactions))).toEqual(
    better.flatMap(({ transactions }) => hashes(transactions)),
  );
  expect(testChain.chain.state().account(testAccount(1).address).balance as number).toBe(TEST_BALANCE);
  expect(testChain.chain.state().account(OTHER).balance as number).toBe(TEST_BALANCE + 5);
  expect(verifyState(testChain.store).problems).toEqual([]);
});

test("what came and went within one delivery is not told of", () => {
  const testChain = openTestChain();
  const [first] = grow(GENESIS, [], [paying(0)]) as [MinedBlock];
  const longer = grow(GENESIS, [], blocks(2, paying(1)));
  const longest = grow(GENESIS, [first], blocks(2, paying(2)));
  deliver(testChain, [first]);
  const { report, codes } = deliver(testChain, [...longer, ...longest, first]);
  expect([codes.length, codes.at(-1)]).toEqual([5, "known_block"]);
  expect(report.abandoned).toEqual([]);
  expect(hashes(report.adopted)).toEqual(longest.map(hashOfBlock));
});

test("of two blocks with equal work the lower hash wins, whichever comes first", () => {
  const pair = [grow(GENESIS, [], [paying(0)]), grow(GENESIS, [], [paying(1)])].map(([block]) => block as MinedBlock);
  const lowest = pair.map(hashOfBlock).toSorted()[0] as Hash;
  for (const order of [pair, pair.toReversed()]) {
    const testChain = openTestChain();
    deliver(testChain, order);
    expect(testChain.chain.head.hash).toBe(lowest);
    expect(deliver(testChain, order).codes).toEqual(["known_block", "known_block"]);
  }
});

describe("a branch that begins", () => {
  const depth = 4;
  const open = () => {
    const testChain = openTestChain({ reorgDepthMax: depth });
    const base = grow(GENESIS, [], blocks(8, paying(0)));
    deliver(testChain, base);
    return { testChain, base };
  };

  test("as deep as the node goes back is followed, as far as undo records are kept", () => {
    const { testChain, base } = open();
    // An operator can go back twice as far.
    expect(testChain.store.undoHeightMin() as number).toBe(8 - 2 * depth + 1);
    expect(testChain.chain.reorgHeightMin() as number).toBe(8 - depth + 1);
    const { report } = deliver(testChain, grow(GENESIS, base.slice(0, 8 - depth), blocks(depth + 1, paying(1))));
    expect(report.abandoned).toHaveLength(depth);
    expect(testChain.chain.head.header.height as number).toBe(9);
    expect(verifyState(testChain.store).problems).toEqual([]);
  });

  test("one block deeper is refused and not kept", () => {
    const { testChain, base } = open();
    const deeper = grow(GENESIS, base.slice(0, 8 - depth - 1), blocks(depth + 2, paying(1)));
    expect(deliver(testChain, deeper).codes).toEqual(["reorg_too_deep"]);
    expect(testChain.store.sideBlocks()).toEqual([]);
    expect(testChain.chain.head.hash).toBe(hashOfBlock(base[7] as MinedBlock));
    expect(deliver(testChain, deeper.slice(1)).codes).toEqual(["unknown_parent"]);
  });

  test("too deep since the head has moved on is dropped, however long it is", () => {
    const { testChain, base } = open();
    const branch = grow(GENESIS, base.slice(0, 8 - depth), blocks(depth + 2, paying(1)));
    expect(deliver(testChain, branch.slice(0, depth - 1)).codes).toEqual(["kept", "kept", "kept"]);
    const [ninth] = grow(GENESIS, base, [paying(0)]) as [MinedBlock];
    deliver(testChain, [ninth]);
    expect(testChain.store.sideBlocks()).toHaveLength(depth - 1);
    expect(deliver(testChain, branch.slice(depth - 1)).codes).toEqual(["unknown_parent"]);
    expect(testChain.store.sideBlocks()).toEqual([]);
    expect(testChain.chain.head.hash).toBe(hashOfBlock(ninth));
  });

  test("too deep since the head moved on within the same delivery is refused once it would win", () => {
    const { testChain, base } = open();
    const branch = grow(GENESIS, base.slice(0, 8 - depth), blocks(depth + 2, paying(1)));
    const [ninth] = grow(GENESIS, base, [paying(0)]) as [MinedBlock];
    const { codes, report } = deliver(testChain, [...branch.slice(0, 3), ninth, ...branch.slice(3)]);
    expect(codes.slice(0, 4)).toEqual(["kept", "kept", "kept", "adopted"]);
    expect(codes.at(-1)).toBe("reorg_too_deep");
    expect([report.abandoned.length, hashes(report.adopted)]).toEqual([0, [hashOfBlock(ninth)]]);
    expect(testChain.chain.deepSplit()).toMatchObject({ ancestorHeight: 8 - depth, isUndoKept: true });
  });

  test("where undo records are missing is refused", () => {
    const store = new MemoryStore();
    const base = grow(GENESIS, [], blocks(8, paying(0)));
    deliver(openTestChain({ store, reorgDepthMax: 1 }), base);
    const raised = openTestChain({ store, reorgDepthMax: 5 });
    expect(raised.chain.reorgHeightMin() as number).toBe(7);
    expect(deliver(raised, grow(GENESIS, base.slice(0, 5), blocks(4, paying(1)))).codes).toEqual(["reorg_too_deep"]);
    const { report } = deliver(raised, grow(GENESIS, base.slice(0, 6), blocks(3, paying(1))));
    expect(report.abandoned).toHaveLength(2);
  });
});

describe.each(STORE_KINDS)("an invalid block in a heavier branch, in $name", ({ create }) => {
  test("brings back exactly what was, and is remembered with all that rest on it", () => {
    const testStore = create();
    try {
      const testChain = openTestChain({ store: testStore.store });
      const base = grow(GENESIS, [], blocks(1, paying(0)));
      deliver(testChain, [...base, ...grow(GENESIS, base, blocks(5, paying(1)))]);
      const good = grow(GENESIS, base, blocks(3, paying(2)));
      const bad = growInvalid(GENESIS, [...base, ...good], { count: 4, change: { gasUsed: 1 as Gas } });
      expect(new Set(deliver(testChain, [...good, ...bad.slice(0, 1)]).codes)).toEqual(new Set(["kept"]));
      deliver(testChain, grow(GENESIS, base, [{ proposer: OTHER }]));
      const before = contents(testStore, testChain);
      // The second of the bad ones makes the branch the better one.
      const { report, codes } = deliver(testChain, bad.slice(1));
      expect(["invalid_parent", "kept"]).toContain(codes[0] as string);
      expect(codes.at(-1)).toBe("invalid_parent");
      expect([report.abandoned, report.adopted]).toEqual([[], []]);
      const dropped = new Set(bad.map(hashOfBlock));
      const kept = before.side.filter(({ hash }) => !dropped.has(hash));
      expect(contents(testStore, testChain)).toEqual({ ...before, side: kept });
      expect(deliver(testChain, bad.slice(0, 1)).codes).toEqual(["gas_mismatch"]);
      expect(deliver(testChain, bad.slice(2, 3)).codes).toEqual(["invalid_parent"]);
      // The good part of the branch is still there to build on.
      const rescued = grow(GENESIS, [...base, ...good], blocks(3, paying(4)));
      expect(deliver(testChain, rescued).codes.at(-1)).toBe("adopted");
      expect(verifyState(testStore.store).problems).toEqual([]);
    } finally {
      testStore.dispose();
    }
  });
});

/** Calls `onWrite` before each write, and has it fail where that throws. */
function watched(store: Store, onWrite: () => void): Store {
  const WRITES = new Set<string | symbol>(["commitBlock", "revertHead", "keepSideBlock", "dropSideBlocks"]);
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const method = value.bind(target) as (...inputs: unknown[]) => unknown;
      if (!WRITES.has(name)) return method;
      return (...inputs: unknown[]) => {
        onWrite();
        return method(...inputs);
      };
    },
  });
}

const BASE = grow(GENESIS, [], blocks(1, paying(0)));
const OLD = grow(GENESIS, BASE, blocks(3, paying(1)));
/** Of two branches of three blocks the lower hash wins, so the new one's third block has the higher one. */
const NEW = [2, 3, 4, 5, 6]
  .map((payer) => grow(GENESIS, BASE, blocks(4, paying(payer))))
  .find((branch) => hashOfBlock(branch[2] as MinedBlock) > hashOfBlock(OLD[2] as MinedBlock)) as MinedBlock[];
/** One side block, three blocks taken back, four committed. */
const WRITES_OF_REORGANIZATION = 8;

describe.each(STORE_KINDS)("a write that fails in $name", ({ create }) => {
  test.each(Array.from({ length: WRITES_OF_REORGANIZATION + 1 }, (_, index) => [index]))(
    "as number %i of a reorganization leaves the old head or the new one",
    (failing) => {
      const testStore = create();
      let left = Number.POSITIVE_INFINITY;
      const store = watched(testStore.store, () => {
        if (left-- === 0) throw new RangeError("no space left");
      });
      try {
        const testChain = openTestChain({ store });
        deliver(testChain, [...BASE, ...OLD, ...NEW.slice(0, -1)]);
        const before = contents(testStore, testChain);
        left = failing;
        if (failing < WRITES_OF_REORGANIZATION) {
          expect(() => deliver(testChain, NEW.slice(-1))).toThrow("no space left");
          expect(contents(testStore, testChain)).toEqual(before);
        }
        left = Number.POSITIVE_INFINITY;
        const reopened = testStore.reopen();
        expect(verifyState(reopened).problems).toEqual([]);
        const again = openTestChain({ store: reopened });
        expect(again.chain.head).toEqual(before.head);
        expect(again.chain.isConsistent()).toBe(true);
        deliver(again, NEW.slice(-1));
        expect(again.chain.head.hash).toBe(hashOfBlock(NEW[3] as MinedBlock));
        expect(verifyState(reopened).problems).toEqual([]);
      } finally {
        testStore.dispose();
      }
    },
  );
});

describe("a process that dies", () => {
  const folder = mkdtempSync(join(tmpdir(), "aureon-reorganize-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("before any write of a reorganization leaves a file with the old head, and after it one with the new", () => {
    const path = join(folder, "chain.sqlite");
    const opened = openStore({ path, cacheSizeMb: 4, compression: false });
    const found: { hash: Hash; problems: readonly string[] }[] = [];
    const look = () => found.push(withDatabaseCopy(path, (copy) => ({ ...verifyState(copy), hash: headOf(copy) })));
    let isWatched = false;
    const testChain = openTestChain({ store: watched(opened, () => isWatched && look()) });
    deliver(testChain, [...BASE, ...OLD, ...NEW.slice(0, -1)]);
    const { hash } = testChain.chain.head;
    isWatched = true;
    deliver(testChain, NEW.slice(-1));
    look();
    opened.close();
    expect(found.flatMap(({ problems }) => problems)).toEqual([]);
    expect(found.map((each) => each.hash)).toEqual([
      ...Array.from({ length: WRITES_OF_REORGANIZATION }, () => hash),
      hashOfBlock(NEW[3] as MinedBlock),
    ]);
  });
});

function headOf(store: { head(): { readonly hash: Hash } | undefined }): Hash {
  return (store.head() as { hash: Hash }).hash;
}
