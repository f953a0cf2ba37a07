// A better branch that begins too deep: when it is noticed, by headers alone or by a block, and when it is none any more.

import { describe, expect, test } from "bun:test";
import type { ChainHeader } from "../../../../src/core/chain/index.ts";
import type { Hash } from "../../../../src/core/primitives/index.ts";
import { type BranchBlock, deliver, grow, hashOfBlock, LATE_MS } from "../../../support/branches.ts";
import { testAccount, testGenesis } from "../../../support/chainFixture.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { type MinedBlock, openTestChain, type TestChain } from "../../../support/testChain.ts";

const GENESIS = testGenesis();
const by = (miner: number, count: number): BranchBlock[] =>
  Array.from({ length: count }, () => ({ proposer: testAccount(miner).address }));

const BASE = grow(GENESIS, [], by(0, 6));
/** From height 2: four blocks of the canonical chain are not in it. */
const DEEP = grow(GENESIS, BASE.slice(0, 2), by(1, 8));
const SHALLOW = grow(GENESIS, BASE.slice(0, 3), by(1, 5));

function open(store = new MemoryStore()): TestChain {
  const testChain = openTestChain({ store, reorgDepthMax: 3 });
  deliver(testChain, BASE);
  return testChain;
}

/** Checks the headers of a branch one upon the other, as a sync does; the last `remembered` of them are in the overlay. */
function checkHeaders(
  { chain }: TestChain,
  blocks: readonly MinedBlock[],
  options: { remembered?: number; overlay?: Map<Hash, ChainHeader>; between?: () => void } = {},
): void {
  const { remembered = 1000, overlay = new Map<Hash, ChainHeader>(), between } = options;
  for (const { block } of blocks) {
    const result = chain.verifyHeader({
      header: block.header,
      overlay: (hash) => overlay.get(hash),
      nowMs: LATE_MS,
    });
    if (!result.ok) throw new RangeError(result.refusal.code);
    overlay.set(result.header.hash, result.header);
    for (const oldest of overlay.keys()) if (overlay.size > remembered) overlay.delete(oldest);
    between?.();
  }
}

describe("by headers", () => {
  test("a better branch that begins too deep is noticed with its last block, and only once it is better", () => {
    const testChain = open();
    checkHeaders(testChain, DEEP.slice(0, 3));
    expect(testChain.chain.deepSplit()).toBeUndefined();
    for (const count of [6, 8]) {
      checkHeaders(testChain, DEEP.slice(0, count));
      const tip = DEEP[count - 1] as MinedBlock;
      expect(testChain.chain.deepSplit()).toEqual({
        ancestorHeight: 2 as never,
        tip: { hash: hashOfBlock(tip), height: (2 + count) as never, totalWork: BigInt(16 * (3 + count)) },
        isUndoKept: true,
      });
    }
    checkHeaders(testChain, DEEP.slice(0, 6));
    expect(testChain.chain.deepSplit()?.tip.height as number).toBe(10);
  });

  test("a better branch that the node may follow is none", () => {
    const testChain = open();
    checkHeaders(testChain, SHALLOW);
    expect(testChain.chain.deepSplit()).toBeUndefined();
  });

  test("a branch is followed to where it begins when its first headers are not remembered any more", () => {
    const testChain = open();
    checkHeaders(testChain, DEEP, { remembered: 2 });
    expect(testChain.chain.deepSplit()).toMatchObject({ ancestorHeight: 2, tip: { height: 10 } });
  });

  test("a header of another branch in between does not lose the way down", () => {
    const testChain = open();
    const gossiped = grow(GENESIS, BASE, by(2, 1));
    checkHeaders(testChain, DEEP, { remembered: 2, between: () => checkHeaders(testChain, gossiped) });
    expect(testChain.chain.deepSplit()).toMatchObject({ ancestorHeight: 2, tip: { height: 10 } });
  });

  test("the way down goes on where a better branch has replaced the block that this one began at", () => {
    const testChain = open();
    const long = grow(GENESIS, BASE.slice(0, 5), by(1, 10));
    const overlay = new Map<Hash, ChainHeader>();
    checkHeaders(testChain, long.slice(0, 6), { overlay, remembered: 2 });
    deliver(testChain, grow(GENESIS, BASE.slice(0, 4), by(2, 3)));
    expect(testChain.chain.head.header.height as number).toBe(7);
    checkHeaders(testChain, long.slice(6), { overlay, remembered: 2 });
    expect(testChain.chain.deepSplit()).toBeUndefined();
  });

  test("blocks that are imported while their chain's further headers are checked make it no split", () => {
    const testChain = openTestChain({ reorgDepthMax: 3 });
    const overlay = new Map<Hash, ChainHeader>();
    checkHeaders(testChain, BASE.slice(0, 5), { overlay });
    deliver(testChain, BASE.slice(0, 4));
    checkHeaders(testChain, BASE.slice(5), { overlay });
    expect(testChain.chain.deepSplit()).toBeUndefined();
  });

  test("a branch that became too deep while its blocks were awaited is noticed when they come", () => {
    const testChain = open();
    checkHeaders(testChain, SHALLOW);
    deliver(testChain, grow(GENESIS, BASE, by(0, 1)));
    expect(deliver(testChain, SHALLOW).codes).toEqual(["reorg_too_deep"]);
    expect(testChain.chain.deepSplit()).toMatchObject({ ancestorHeight: 3, tip: { height: 8 } });
  });
});

test("a split is over when the head is better than the other tip", () => {
  const testChain = open();
  checkHeaders(testChain, DEEP.slice(0, 5));
  const { chain } = testChain;
  const isSplit = chain.deepSplit() !== undefined;
  deliver(testChain, grow(GENESIS, BASE, by(0, 1)));
  checkHeaders(testChain, DEEP.slice(0, 6));
  expect([isSplit, chain.deepSplit()?.tip.height as number]).toEqual([true, 8]);
  deliver(testChain, grow(GENESIS, BASE, by(0, 3)));
  expect(chain.head.header.height as number).toBe(9);
  expect(chain.deepSplit()).toBeUndefined();
});

test("undo records reach twice as deep as the node goes by itself, and no further", () => {
  const testChain = openTestChain({ reorgDepthMax: 1 });
  deliver(testChain, BASE);
  expect(testChain.chain.rollbackHeightMin() as number).toBe(4);
  checkHeaders(testChain, DEEP);
  expect(testChain.chain.deepSplit()).toMatchObject({ ancestorHeight: 2, isUndoKept: false });
});

test("undo records lead back to where a split begins, and the other chain is taken then", () => {
  const testChain = open();
  checkHeaders(testChain, DEEP);
  expect(testChain.chain.deepSplit()).toMatchObject({ ancestorHeight: 2, isUndoKept: true });
  expect(testChain.chain.rollback(2 as never)).toHaveLength(4);
  expect(testChain.chain.deepSplit()?.tip.height as number).toBe(10);
  expect(new Set(deliver(testChain, DEEP).codes)).toEqual(new Set(["adopted"]));
  expect(testChain.chain.deepSplit()).toBeUndefined();
});
