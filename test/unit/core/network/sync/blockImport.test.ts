// Import: verdicts and what follows from them.

import { describe, expect, test } from "bun:test";
import { IMPORT_TRANSACTIONS_MAX } from "../../../../../src/core/network/sync/bounds.ts";
import type { Height } from "../../../../../src/core/primitives/index.ts";
import {
  type FakeBlock,
  fakeTransaction,
  GENESIS_BLOCK,
  makeBlock,
  makeBranch,
} from "../../../../support/syncFakeChain.ts";
import { SyncWorld } from "../../../../support/syncFakes.ts";

const genesis = GENESIS_BLOCK.traced;
const base = makeBranch({ parent: genesis, count: 100, transactionCount: 1 });
const tipOf = (chain: readonly FakeBlock[]) => (chain[chain.length - 1] as FakeBlock).traced;
const isAt = (world: SyncWorld, chain: readonly FakeBlock[]) => () => world.chain.head().hash === tipOf(chain).hash;

describe("an invalid block", () => {
  const bad = makeBranch({ parent: tipOf(base), count: 50, fork: 1 });
  const good = makeBranch({ parent: tipOf(base), count: 20, fork: 2 });

  test("takes all that is built on it with it, and those who announced it", () => {
    const world = new SyncWorld();
    world.chain.invalidBlocks.add((bad[10] as FakeBlock).traced.hash);
    const liars = [world.connect({ blocks: [...base, ...bad] }), world.connect({ blocks: [...base, ...bad] })];
    const honest = world.connect({ blocks: [...base, ...good], latencyMs: 100 });
    expect(world.run({ isDone: isAt(world, good), timeMs: 20_000 })).toBe(true);
    for (const liar of liars) expect(world.offencesOf(liar)).toEqual(["invalid_block"]);
    expect(world.offencesOf(honest)).toEqual([]);
  });

  test("is remembered: who gives its header later is not followed", () => {
    const world = new SyncWorld();
    world.chain.invalidBlocks.add((bad[10] as FakeBlock).traced.hash);
    world.connect({ blocks: [...base, ...bad] });
    world.run({ timeMs: 5000 });
    expect(world.chain.head().height as number).toBe(110);
    const second = world.connect({ blocks: [...base, ...bad] });
    world.run({ timeMs: 5000 });
    expect(world.offencesOf(second)).toEqual(["invalid_header"]);
  });

  test("by a signature is found before anything is executed, and what comes before it is kept", () => {
    const world = new SyncWorld();
    const forged = makeBlock({ parent: tipOf(base), transactions: [fakeTransaction({ nonce: 1, isBad: true })] });
    const liar = world.connect({ blocks: [...base, forged, ...makeBranch({ parent: forged.traced, count: 30 })] });
    expect(world.run({ isDone: isAt(world, base), timeMs: 5000 })).toBe(true);
    world.run({ timeMs: 5000 });
    expect(world.offencesOf(liar)).toEqual(["invalid_block"]);
    expect(world.chain.head().height as number).toBe(100);
    expect(world.sync.progress()).toMatchObject({ state: "idle", bytesAhead: 0, blocksAhead: 0 });
  });

  test("by a transaction that does not decode is the header's fault", () => {
    const world = new SyncWorld();
    const broken = makeBlock({ parent: tipOf(base), transactions: [new Uint8Array([250, 1])] });
    const liar = world.connect({ blocks: [...base, broken] });
    world.run({ timeMs: 5000 });
    expect(world.offencesOf(liar)).toEqual(["invalid_block"]);
  });
});

test("a batch has at most so many transactions, unless a single block has more", () => {
  const many = (parent: FakeBlock["traced"], count: number) =>
    makeBlock({ parent, transactions: Array.from({ length: count }, (_, nonce) => fakeTransaction({ nonce })) });
  const first = many(genesis, IMPORT_TRANSACTIONS_MAX - 500);
  const second = many(first.traced, 500);
  const third = many(second.traced, 1);
  const world = new SyncWorld();
  // The first is recovered last, so that all three wait for it.
  world.recoveryMs = (count) => count;
  world.connect({ blocks: [first, second, third] });
  expect(world.run({ isDone: isAt(world, [third]), timeMs: 5000 })).toBe(true);
  expect(world.chain.batches).toEqual([2, 1]);
  const huge = many(third.traced, IMPORT_TRANSACTIONS_MAX + 1);
  world.connect({ blocks: [first, second, third, huge] });
  expect(world.run({ isDone: isAt(world, [huge]), timeMs: 5000 })).toBe(true);
});

test("blocks that gossip has imported meanwhile are passed over", () => {
  const world = new SyncWorld();
  world.connect({ blocks: base, latencyMs: 200 });
  world.run({ timeMs: 600 });
  for (const block of base.slice(0, 60)) world.chain.extend(block);
  expect(world.run({ isDone: isAt(world, base), timeMs: 5000 })).toBe(true);
});

test("a chain that becomes too deep while it is fetched is a split", () => {
  const mine = makeBranch({ parent: tipOf(base), count: 10, fork: 4 });
  const theirs = makeBranch({ parent: tipOf(base), count: 40, fork: 5 });
  const world = new SyncWorld({ blocks: [...base, ...mine], reorgDepthMax: 10 });
  world.connect({ blocks: [...base, ...theirs], latencyMs: 100 });
  world.run({ timeMs: 250 });
  for (const block of makeBranch({ parent: tipOf(mine), count: 3, fork: 4 })) world.chain.extend(block);
  world.run({ timeMs: 3000 });
  expect(world.splits).toHaveLength(1);
  expect(world.splits[0]?.ancestorHeight).toBe(100 as Height);
  expect(world.chain.head().height as number).toBe(113);
});

test("blocks that an operator takes back are fetched anew", () => {
  const world = new SyncWorld();
  world.connect({ blocks: base, latencyMs: 200 });
  world.run({ timeMs: 500 });
  expect(world.sync.progress().headersPending).toBe(100);
  expect(world.run({ isDone: isAt(world, base), timeMs: 5000 })).toBe(true);
});
