// Blocks: ranges from several peers, and what becomes of peers that are slow, have nothing, or give something else.

import { describe, expect, test } from "bun:test";
import type { SyncResponse } from "../../../../../src/core/network/wire/message.ts";
import { type Bytes, EMPTY_BYTES } from "../../../../../src/core/primitives/index.ts";
import { encodeBlock } from "../../../../../src/core/protocol/index.ts";
import { type FakeBlock, fakeTransaction, GENESIS_BLOCK, makeBranch } from "../../../../support/syncFakeChain.ts";
import { type Script, SyncWorld } from "../../../../support/syncFakes.ts";

const genesis = GENESIS_BLOCK.traced;
const blocks = makeBranch({ parent: genesis, count: 600, transactionCount: 1 });
const tipOf = (chain: readonly FakeBlock[]) => (chain[chain.length - 1] as FakeBlock).traced;
const isAt = (world: SyncWorld, chain: readonly FakeBlock[]) => () => world.chain.head().hash === tipOf(chain).hash;

/** Changes the blocks of each answer that has some. */
function changeBlocks(change: (blocks: readonly Bytes[]) => readonly Bytes[]): Script {
  return (answer): SyncResponse => (answer.kind === "blocks" ? { ...answer, blocks: change(answer.blocks) } : answer);
}

describe("a peer that gives other blocks is not asked again, and another one is", () => {
  const { header, body } = (blocks[0] as FakeBlock).block;
  const swapped = encodeBlock({ header, body: { ...body, transactions: [fakeTransaction({ nonce: 99 })] } });
  const cases: Readonly<Record<string, Script>> = {
    "that do not decode": changeBlocks(([, ...rest]) => [EMPTY_BYTES, ...rest]),
    "in another order": changeBlocks((given) => given.toReversed()),
    "with another body": changeBlocks(([, ...rest]) => [swapped, ...rest]),
  };

  test.each(Object.entries(cases))("%s", (_, script) => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks, script });
    const honest = world.connect({ blocks: blocks.slice(0, 599), latencyMs: 40 });
    expect(world.run({ isDone: isAt(world, blocks.slice(0, 599)), timeMs: 30_000 })).toBe(true);
    expect(world.offencesOf(liar)).toEqual(["invalid_block"]);
    expect(world.offencesOf(honest)).toEqual([]);
  });

  test("more than were asked for", () => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks, script: changeBlocks((given) => [...given, ...given]) });
    world.connect({ blocks: blocks.slice(0, 599), latencyMs: 40 });
    expect(world.run({ isDone: isAt(world, blocks.slice(0, 599)), timeMs: 30_000 })).toBe(true);
    expect(new Set(world.offencesOf(liar))).toEqual(new Set(["unrequested"]));
  });
});

describe("an answer", () => {
  test("with half of what was asked for is followed by a request for the rest", () => {
    const world = new SyncWorld();
    const half = changeBlocks((given) => given.slice(0, Math.ceil(given.length / 2)));
    const peer = world.connect({ blocks, script: half });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    expect(world.offencesOf(peer)).toEqual([]);
  });

  test("without a block leads to another peer, and is no offence at first", () => {
    const world = new SyncWorld();
    const empty = world.connect({ blocks: blocks.slice(0, 599), script: changeBlocks(() => []) });
    world.connect({ blocks, latencyMs: 60 });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    expect(world.offencesOf(empty)).toEqual([]);
  });

  test("without a block from every peer: the headers are given up, and who gave them is not believed", () => {
    const world = new SyncWorld();
    const peer = world.connect({ blocks, script: changeBlocks(() => []) });
    world.run({ timeMs: 5000 });
    expect(world.offencesOf(peer)).toEqual(["false_head"]);
    expect(world.sync.progress()).toMatchObject({ state: "idle", headersPending: 0, bytesAhead: 0 });
  });

  test("without blocks, again and again, is an offence", () => {
    const world = new SyncWorld();
    const long = makeBranch({ parent: genesis, count: 3000 });
    const empty = world.connect({ blocks: long.slice(0, 2999), script: changeBlocks(() => []) });
    world.connect({ blocks: long, latencyMs: 700 });
    world.run({ timeMs: 20_000 });
    expect(world.offencesOf(empty)).toContain("unanswered");
  });
});

describe("a peer that is slow", () => {
  test("at the front is passed over, while another one is free", () => {
    const world = new SyncWorld();
    const slow = world.connect({ blocks, script: (answer) => (answer.kind === "blocks" ? undefined : answer) });
    const quick = world.connect({ blocks });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 6000 })).toBe(true);
    expect(world.offencesOf(slow)).toEqual([]);
    expect(world.offencesOf(quick)).toEqual([]);
  });

  test("and alone is waited for, then has not answered", () => {
    const world = new SyncWorld();
    const peer = world.connect({ blocks, script: (answer) => (answer.kind === "blocks" ? undefined : answer) });
    world.run({ timeMs: 9000 });
    expect(world.offencesOf(peer)).toEqual([]);
    world.run({ timeMs: 2000 });
    expect(new Set(world.offencesOf(peer))).toEqual(new Set(["unanswered"]));
  });

  test("may still be the first with the blocks", () => {
    const world = new SyncWorld();
    const held: SyncResponse[] = [];
    const keeper = world.connect({
      blocks,
      script: (answer) => {
        if (answer.kind !== "blocks") return answer;
        held.push(answer);
        return undefined;
      },
    });
    world.run({ timeMs: 10_500 });
    expect(held.length).toBeGreaterThan(0);
    for (const answer of held) world.sync.onMessage(keeper.peer, answer);
    world.run({ timeMs: 500 });
    expect(world.chain.head().height).toBeGreaterThan(0);
    expect(world.offencesOf(keeper)).not.toContain("unrequested");
  });

  test("because its buffer is full is not asked for blocks", () => {
    const world = new SyncWorld();
    const full = world.connect({ blocks });
    full.isCongested = true;
    world.connect({ blocks, latencyMs: 40 });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 20_000 })).toBe(true);
    expect(world.sent.some((line) => line.startsWith(`${full.connectionId} blocks`))).toBe(false);
  });
});

test("large blocks are asked for one or two at a time, within the window of bytes", () => {
  const chain = makeBranch({ parent: genesis, count: 120, paddingBytes: 700_000 });
  const world = new SyncWorld();
  for (let count = 0; count < 4; count++) world.connect({ blocks: chain });
  let most = 0;
  world.check = ({ bytesAhead }) => {
    most = Math.max(most, bytesAhead);
  };
  expect(world.run({ isDone: isAt(world, chain), timeMs: 60_000 })).toBe(true);
  expect(most).toBeLessThanOrEqual(32 * 1024 * 1024);
  const counts = world.sent.filter((line) => line.includes(" blocks ")).map((line) => Number(line.split(" ")[3]));
  expect(counts[0]).toBe(16);
  expect(Math.max(...counts.slice(-10))).toBeLessThanOrEqual(2);
  expect(Math.max(...world.chain.batches)).toBeLessThanOrEqual(2);
  expect(most).toBeGreaterThan(8 * 1024 * 1024);
});
