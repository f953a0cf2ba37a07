// Sync as a whole, against scripted peers over simulated time: catching up, changing to a better chain, and keeping to
// the bounds whatever the peers do.

import { describe, expect, test } from "bun:test";
import {
  BODY_WINDOW_BLOCKS_MAX,
  BODY_WINDOW_BYTES_MAX,
  IMPORT_BLOCKS_MAX,
  PENDING_HEADERS_MAX,
} from "../../../../../src/core/network/sync/bounds.ts";
import type { SyncResponse } from "../../../../../src/core/network/wire/message.ts";
import type { Hash, Height } from "../../../../../src/core/primitives/index.ts";
import { type FakeBlock, GENESIS_BLOCK, makeBlock, makeBranch } from "../../../../support/syncFakeChain.ts";
import { SyncWorld } from "../../../../support/syncFakes.ts";

const genesis = GENESIS_BLOCK.traced;
const long = makeBranch({ parent: genesis, count: 2000, transactionCount: 1 });
const tipOf = (blocks: readonly FakeBlock[]) => (blocks[blocks.length - 1] as FakeBlock).traced;
const isAt = (world: SyncWorld, blocks: readonly FakeBlock[]) => () => world.chain.head().hash === tipOf(blocks).hash;

function bounded(world: SyncWorld): SyncWorld {
  world.check = (status) => {
    expect(status.headersPending).toBeLessThanOrEqual(PENDING_HEADERS_MAX);
    expect(status.blocksAhead).toBeLessThanOrEqual(BODY_WINDOW_BLOCKS_MAX);
    expect(status.bytesAhead).toBeLessThanOrEqual(BODY_WINDOW_BYTES_MAX);
  };
  return world;
}

describe("an empty node", () => {
  test("catches up with 2,000 blocks from three peers, one of which stalls and one lies", () => {
    const world = bounded(new SyncWorld());
    const staller = world.connect({ blocks: long, script: () => undefined });
    const head = tipOf(long);
    const liar = world.connect({
      blocks: long.slice(0, 600),
      claim: { height: 9000 as Height, hash: `0x${"ab".repeat(32)}` as Hash, totalWork: head.totalWork * 9n },
    });
    const honest = world.connect({ blocks: long });
    expect(world.run({ isDone: isAt(world, long) })).toBe(true);
    expect(world.offencesOf(liar)).toEqual(["false_head"]);
    expect(new Set(world.offencesOf(staller))).toEqual(new Set(["unanswered"]));
    expect(world.offencesOf(honest)).toEqual([]);
    expect(Math.max(...world.chain.batches)).toBe(IMPORT_BLOCKS_MAX);
    world.run({ timeMs: 1000 });
    expect(world.sync.progress()).toMatchObject({ state: "idle", height: 2000, headersPending: 0, bytesAhead: 0 });
    expect(world.sync.isLevel()).toBe(true);
    expect(world.lines("info")).toEqual(["sync started", "sync finished"]);
  });

  test("asks several peers at once", () => {
    const world = bounded(new SyncWorld());
    for (let count = 0; count < 3; count++) world.connect({ blocks: long });
    expect(world.run({ isDone: isAt(world, long) })).toBe(true);
    const askedPeers = new Set(
      world.sent.filter((line) => line.includes(" blocks ")).map((line) => line.split(" ")[0]),
    );
    expect(askedPeers.size).toBe(3);
    expect(world.offences).toEqual([]);
  });

  test("sends the same messages when everything happens again", () => {
    const blocks = long.slice(0, 800);
    const play = () => {
      const world = new SyncWorld();
      world.connect({ blocks, latencyMs: 30 });
      world.connect({ blocks, script: (answer, { requestId }) => (requestId % 3 === 0 ? undefined : answer) });
      world.connect({ blocks: long.slice(0, 700), latencyMs: 5 });
      expect(world.run({ isDone: isAt(world, blocks) })).toBe(true);
      return world.sent;
    };
    expect(play()).toEqual(play());
  });

  test("goes on where it was when peers vanish", () => {
    const world = bounded(new SyncWorld());
    const first = world.connect({ blocks: long });
    expect(world.run({ isDone: () => world.chain.head().height >= 500 })).toBe(true);
    world.disconnect(first.connectionId);
    world.run({ timeMs: 1000 });
    const { height } = world.chain.head();
    expect(height).toBeLessThan(2000);
    world.connect({ blocks: long });
    expect(world.run({ isDone: isAt(world, long) })).toBe(true);
  });

  test("begins again from its chain after a crash", () => {
    const world = new SyncWorld();
    world.connect({ blocks: long });
    world.run({ isDone: () => world.chain.head().height >= 300 });
    const { height } = world.chain.head();
    const again = new SyncWorld({ blocks: long.slice(0, height) });
    again.connect({ blocks: long });
    expect(again.run({ isDone: isAt(again, long) })).toBe(true);
  });
});

describe("near the head", () => {
  const base = long.slice(0, 50);

  test("one missing block takes two round trips and no line at info", () => {
    const world = new SyncWorld({ blocks: base });
    const peer = world.connect({ blocks: base });
    world.announce(peer, long.slice(50, 51));
    expect(world.sync.isLevel()).toBe(false);
    expect(world.run({ isDone: isAt(world, long.slice(0, 51)), timeMs: 100 })).toBe(true);
    expect(world.sent.map((line) => line.split(" ")[1])).toEqual(["headers", "blocks"]);
    expect(world.lines("info")).toEqual([]);
    expect(world.lines("debug")).toEqual(["sync finished"]);
    expect([world.sync.isLevel(), world.idleCount]).toEqual([true, 1]);
  });

  test("nothing is asked for a block that gossip is importing", () => {
    const world = new SyncWorld({ blocks: base });
    const peer = world.connect({ blocks: base });
    const next = long[50] as FakeBlock;
    world.underway.add(next.traced.hash);
    world.announce(peer, [next]);
    world.run({ timeMs: 1000 });
    expect(world.sent).toEqual([]);
    world.underway.clear();
    expect(world.run({ isDone: isAt(world, [next]), timeMs: 1000 })).toBe(true);
  });

  test("an orphan leads to the chain that it is on", () => {
    const world = new SyncWorld({ blocks: base });
    const peer = world.connect({ blocks: long.slice(0, 53), claim: world.chain.head() });
    world.sync.onUnknownParent(peer.peer, tipOf(long.slice(0, 53)).header);
    expect(world.run({ isDone: isAt(world, long.slice(0, 53)), timeMs: 1000 })).toBe(true);
    expect(world.offences).toEqual([]);
  });

  test("orphans without a better chain cost a look at the peer's headers a second, at most", () => {
    const world = new SyncWorld({ blocks: base });
    const peer = world.connect({ blocks: base.slice(0, 40) });
    for (let count = 0; count < 100; count++) {
      world.sync.onUnknownParent(peer.peer, tipOf(long).header);
      world.run({ timeMs: 30 });
    }
    // One answer with headers that the node has, and an empty one.
    expect(world.sent.length).toBeLessThanOrEqual(2 * 3);
  });
});

describe("another chain", () => {
  const base = makeBranch({ parent: genesis, count: 100 });
  const mine = [...base, ...makeBranch({ parent: tipOf(base), count: 20, fork: 1 })];
  const theirs = [...base, ...makeBranch({ parent: tipOf(base), count: 40, fork: 2, transactionCount: 2 })];

  test("with more work replaces 20 blocks", () => {
    const world = bounded(new SyncWorld({ blocks: mine }));
    world.connect({ blocks: theirs });
    expect(world.run({ isDone: isAt(world, theirs), timeMs: 5000 })).toBe(true);
    expect(world.splits).toEqual([]);
  });

  test("with less work is not asked for, whatever its length", () => {
    const heavy = [...base, ...makeBranch({ parent: tipOf(base), count: 20, fork: 3, work: 9 })];
    const world = new SyncWorld({ blocks: heavy });
    world.connect({ blocks: theirs });
    world.run({ timeMs: 2000 });
    expect(world.sent).toEqual([]);
    expect(world.sync.isLevel()).toBe(true);
  });

  test.each([
    [20, 0],
    [19, 1],
  ])("that replaces 20 blocks where %p are replaced is a split of %p", (reorgDepthMax, splits) => {
    const world = new SyncWorld({ blocks: mine, reorgDepthMax });
    world.connect({ blocks: theirs });
    world.run({ timeMs: 5000 });
    expect(world.splits).toHaveLength(splits);
    expect(isAt(world, splits === 0 ? theirs : mine)()).toBe(true);
    expect(world.sent.some((line) => line.includes(" blocks "))).toBe(splits === 0);
    if (splits === 0) return;
    const { hash, totalWork, header } = tipOf(theirs);
    expect(world.splits[0]).toMatchObject({ ancestorHeight: 100, tip: { hash, totalWork, height: header.height } });
    expect(world.offences).toEqual([]);
  });

  test("that is deep and does not show its work is no split", () => {
    const world = new SyncWorld({ blocks: mine, reorgDepthMax: 5 });
    const short = [...base, ...makeBranch({ parent: tipOf(base), count: 10, fork: 4 })];
    const peer = world.connect({ blocks: short, claim: { ...tipOf(theirs), height: 140 as Height } });
    world.run({ timeMs: 5000 });
    expect(world.splits).toEqual([]);
    expect(world.offencesOf(peer)).toEqual(["false_head"]);
  });

  test("of a node that has only block 0 is never a split", () => {
    const world = new SyncWorld({ reorgDepthMax: 1 });
    world.connect({ blocks: theirs });
    expect(world.run({ isDone: isAt(world, theirs), timeMs: 5000 })).toBe(true);
  });

  test("of a peer that changes its chain on the way is followed", () => {
    const world = bounded(new SyncWorld({ blocks: base }));
    const first = makeBranch({ parent: tipOf(base), count: 1500, fork: 5 });
    const second = makeBranch({ parent: (first[699] as FakeBlock).traced, count: 900, fork: 6 });
    const peer = world.connect({ blocks: [...base, ...first] });
    world.run({ isDone: () => world.chain.head().height > 150 });
    world.announce(peer, second);
    expect(world.run({ isDone: isAt(world, second) })).toBe(true);
    expect(world.offences).toEqual([]);
  });
});

describe("an answer", () => {
  const blocks = long.slice(0, 300);

  test("that nobody asked for is an offence, and a late one is none", () => {
    const world = new SyncWorld();
    const peer = world.connect({ blocks, latencyMs: 4000 });
    world.run({ timeMs: 9000 });
    expect(world.offencesOf(peer)).toEqual(["unanswered"]);
    world.sync.onMessage(peer.peer, { type: "SyncResponse", kind: "headers", requestId: 999, headers: [] });
    world.sync.onMessage(peer.peer, { type: "GetBlockResponse", hash: genesis.hash, block: undefined });
    expect(world.offencesOf(peer)).toEqual(["unanswered", "unrequested", "unrequested"]);
  });

  test("of the other kind, or of another peer, is an offence", () => {
    const world = new SyncWorld();
    const quiet = world.connect({ blocks, script: () => undefined });
    const other = world.connect({ blocks: [] });
    const answer: SyncResponse = { type: "SyncResponse", kind: "blocks", requestId: 1, blocks: [] };
    world.sync.onMessage(quiet.peer, answer);
    world.sync.onMessage(other.peer, { type: "SyncResponse", kind: "headers", requestId: 1, headers: [] });
    expect([world.offencesOf(quiet), world.offencesOf(other)]).toEqual([["unrequested"], ["unrequested"]]);
  });

  test("with more headers than were asked for ends the work with the peer", () => {
    const world = new SyncWorld();
    const tooMany = makeBranch({ parent: genesis, count: 1 }).map(({ encoded }) => encoded);
    const peer = world.connect({
      blocks,
      script: (answer) =>
        answer.kind === "headers"
          ? { ...answer, headers: Array.from({ length: 513 }, () => tooMany[0] as never) }
          : answer,
    });
    world.run({ timeMs: 20_000 });
    expect(world.offencesOf(peer)).toEqual(["unrequested"]);
    expect([world.sent.length, world.sync.isLevel()]).toEqual([1, true]);
  });
});

test("an early block is waited for, without an offence", () => {
  const world = new SyncWorld();
  const base = makeBranch({ parent: genesis, count: 3 });
  const early = makeBlock({ parent: tipOf(base), timestampMs: world.nowMs + 18_000 });
  const peer = world.connect({ blocks: [...base, early] });
  world.run({ timeMs: 1000 });
  expect(world.chain.head().height as number).toBe(3);
  expect(world.run({ isDone: isAt(world, [early]), timeMs: 5000 })).toBe(true);
  expect(world.offencesOf(peer)).toEqual([]);
});
