// The index of side blocks, apart from blocks that decode: what goes, and what goes with it.

import { expect, test } from "bun:test";
import type { ChainHeader } from "../../../../src/core/chain/headers.ts";
import { SideBlocks } from "../../../../src/core/chain/sideBlocks.ts";
import type { Height, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { deliver, grow, hashOfBlock } from "../../../support/branches.ts";
import { testAccount, testGenesis } from "../../../support/chainFixture.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { hashOf } from "../../../support/storeRecords.ts";
import { mine, openTestChain } from "../../../support/testChain.ts";
import { HEADER } from "../../../vectors/samples.ts";

function block(name: number, parent: number, height: number, work = height): ChainHeader {
  const header = { ...HEADER, parentHash: hashOf(parent), height: height as Height };
  return { hash: hashOf(name), header, totalWork: BigInt(work) };
}

/** Blocks 11 and 21 on block 10 at height 4; 12 and 13 on 11; 22 on 21. */
function create(): SideBlocks {
  const side = new SideBlocks(new MemoryStore());
  const blocks = [block(12, 11, 6), block(11, 10, 5), block(21, 10, 5, 4), block(22, 21, 6, 7), block(13, 11, 6)];
  for (const each of blocks) side.add(each);
  return side;
}

const names = (hashes: readonly string[]) => hashes.map(Number).toSorted((left, right) => left - right);

test("a block goes with all that rest on it", () => {
  const side = create();
  expect(names(side.withDescendants(hashOf(11)))).toEqual([11, 12, 13]);
  expect(side.withDescendants(hashOf(11))[0]).toBe(hashOf(11));
  expect(names(side.withDescendants(hashOf(10)))).toEqual([10, 11, 12, 13, 21, 22]);
  side.remove(hashOf(13));
  side.remove(hashOf(99));
  expect(names(side.withDescendants(hashOf(11)))).toEqual([11, 12]);
});

test("those up to a height are named once, with what rests on them", () => {
  const side = create();
  expect(side.upTo(4 as Height)).toEqual([]);
  const found = side.upTo(6 as Height);
  expect(names(found)).toEqual([11, 12, 13, 21, 22]);
  for (const hash of found) side.remove(hash);
  expect([side.count, side.upTo(9 as Height)]).toEqual([0, []]);
  side.add(block(5, 4, 3));
  expect(names(side.upTo(9 as Height))).toEqual([5]);
});

test("the worst tip has the least work, then the higher hash, and is never the spared one", () => {
  const side = create();
  expect(side.worstTip(undefined)).toBe(hashOf(13));
  expect(side.worstTip(hashOf(13))).toBe(hashOf(12));
  for (const name of [12, 13]) side.remove(hashOf(name));
  expect(side.worstTip(undefined)).toBe(hashOf(11));
  side.remove(hashOf(22));
  expect(side.worstTip(undefined)).toBe(hashOf(21));
  expect(side.worstTip(hashOf(21))).toBe(hashOf(11));
});

test("the bound on side blocks holds after each delivery", () => {
  const genesis = testGenesis();
  const testChain = openTestChain({ reorgDepthMax: 2 });
  deliver(testChain, grow(genesis, [], [{}, {}]));
  // All on block 0 of a chain that stays there.
  const miner = openTestChain();
  const side = Array.from({ length: 4200 }, (_, index) =>
    mine(miner, { nowMs: (genesis.timestampMs + 1001 + index) as TimestampMs, proposer: testAccount(1).address }),
  );
  deliver(testChain, side);
  const [last] = grow(genesis, [], [{ stepMs: 9000, proposer: testAccount(2).address }]);
  if (last === undefined) throw new RangeError("a block was mined");
  deliver(testChain, [last]);
  const kept = testChain.store.sideBlocks().map(({ hash }) => hash);
  expect(kept).toHaveLength(4097);
  expect(kept).toContain(hashOfBlock(last));
  const lowest = side.map(hashOfBlock).toSorted().slice(0, 4096);
  expect(kept.filter((hash) => hash !== hashOfBlock(last)).toSorted()).toEqual(lowest);
});
