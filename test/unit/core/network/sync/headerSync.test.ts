// Headers: who is asked, what is believed, and what a peer that lies gets.

import { describe, expect, test } from "bun:test";
import { PENDING_HEADERS_MAX } from "../../../../../src/core/network/sync/bounds.ts";
import type { SyncResponse } from "../../../../../src/core/network/wire/message.ts";
import type { Bytes, Hash, Height } from "../../../../../src/core/primitives/index.ts";
import { encodeHeader } from "../../../../../src/core/protocol/index.ts";
import { type FakeBlock, GENESIS_BLOCK, makeBlock, makeBranch, START_MS } from "../../../../support/syncFakeChain.ts";
import { type Script, SyncWorld } from "../../../../support/syncFakes.ts";

const genesis = GENESIS_BLOCK.traced;
const blocks = makeBranch({ parent: genesis, count: 1200 });
const tipOf = (chain: readonly FakeBlock[]) => (chain[chain.length - 1] as FakeBlock).traced;
const isAt = (world: SyncWorld, chain: readonly FakeBlock[]) => () => world.chain.head().hash === tipOf(chain).hash;
const askedFor = (world: SyncWorld, kind: string) => world.sent.filter((line) => line.split(" ")[1] === kind);

/** Changes the headers of each answer that has some. */
function changeHeaders(change: (headers: readonly Bytes[]) => readonly Bytes[]): Script {
  return (answer): SyncResponse =>
    answer.kind === "headers" && answer.headers.length > 0 ? { ...answer, headers: change(answer.headers) } : answer;
}

describe("a peer that gives bad headers is not asked again, and another one is", () => {
  const other = makeBranch({ parent: genesis, count: 3, fork: 7 }).map(({ traced }) => encodeHeader(traced.header));
  const cases: Readonly<Record<string, Script>> = {
    "that do not decode": changeHeaders((headers) => [...headers.slice(0, 5), new Uint8Array([1, 2, 3])]),
    "with one left out": changeHeaders((headers) => [...headers.slice(0, 5), ...headers.slice(6)]),
    "that begin nowhere in the locator": changeHeaders((headers) => headers.slice(1)),
    "with another chain's among them": changeHeaders((headers) => [headers[0] as Bytes, ...other.slice(1)]),
  };

  test.each(Object.entries(cases))("%s", (_, script) => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks, script });
    const honest = world.connect({ blocks: blocks.slice(0, 900), latencyMs: 50 });
    expect(world.run({ isDone: isAt(world, blocks.slice(0, 900)) })).toBe(true);
    expect(world.offencesOf(liar)).toEqual(["invalid_header"]);
    expect(world.offencesOf(honest)).toEqual([]);
  });

  test("that break the chain's rules, whoever gives them", () => {
    const world = new SyncWorld();
    world.chain.invalidHeaders.add((blocks[600] as FakeBlock).traced.hash);
    const liars = [world.connect({ blocks }), world.connect({ blocks })];
    world.run({ timeMs: 10_000 });
    for (const liar of liars) expect(world.offencesOf(liar)).toEqual(["invalid_header"]);
    expect(world.chain.head().height as number).toBe(0);
    // The second goes on where the first had got to.
    expect(askedFor(world, "headers")).toHaveLength(3);
  });
});

describe("announced work", () => {
  const claim = { height: 5000 as Height, hash: `0x${"cd".repeat(32)}` as Hash, totalWork: 5000n };

  test("that the headers do not show is a small offence, and nothing is imported", () => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks, claim });
    world.run({ timeMs: 10_000 });
    expect(world.offencesOf(liar)).toEqual(["false_head"]);
    expect(world.chain.head().height as number).toBe(0);
    expect([world.sync.isLevel(), world.sync.progress().state]).toEqual([true, "idle"]);
  });

  test("is asked for again when the peer announces another head", () => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks, claim });
    world.run({ timeMs: 10_000 });
    liar.claim = undefined;
    world.sync.onPeerHead(liar.peer);
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 10_000 })).toBe(true);
  });

  test("is not waited for where headers come a few at a time", () => {
    const world = new SyncWorld();
    const dripper = world.connect({ blocks, claim, script: changeHeaders((headers) => headers.slice(0, 1)) });
    world.run({ timeMs: 10_000 });
    expect(world.offencesOf(dripper)).toEqual(["false_head"]);
    expect(askedFor(world, "headers").length).toBeLessThan(10);
  });

  test("is not waited for where answers are kept to less than half of what fits", () => {
    const world = new SyncWorld();
    const dripper = world.connect({ blocks, claim, script: changeHeaders((headers) => headers.slice(0, 100)) });
    world.run({ timeMs: 10_000 });
    expect(world.offencesOf(dripper)).toEqual(["false_head"]);
    expect(askedFor(world, "headers").length).toBeLessThan(10);
  });

  test("that is right does not vouch for the height beside it", () => {
    const world = new SyncWorld();
    const tip = tipOf(blocks);
    world.connect({
      blocks,
      claim: { height: Number.MAX_SAFE_INTEGER as Height, hash: tip.hash, totalWork: tip.totalWork },
    });
    let targetMax = 0;
    world.run({
      isDone: () => {
        targetMax = Math.max(targetMax, world.sync.progress().targetHeight);
        return isAt(world, blocks)();
      },
    });
    expect(targetMax).toBe(tip.header.height);
  });

  test("of several peers: the most is asked for first", () => {
    const world = new SyncWorld();
    world.connect({ blocks: blocks.slice(0, 300) });
    const best = world.connect({ blocks });
    // The first was asked before the second came.
    expect(world.run({ isDone: isAt(world, blocks) })).toBe(true);
    const again = new SyncWorld();
    again.connect({ blocks: blocks.slice(0, 300), script: () => undefined });
    again.run({ timeMs: 1 });
    again.connect({ blocks: blocks.slice(0, 400), claim: tipClaim(blocks.slice(0, 400)) });
    const most = again.connect({ blocks });
    again.run({ timeMs: 5500 });
    expect(askedFor(again, "headers")[1]).toStartWith(`${most.connectionId} `);
    expect(best.connectionId).toBeGreaterThan(0);
  });
});

function tipClaim(chain: readonly FakeBlock[]) {
  const { hash, header, totalWork } = tipOf(chain);
  return { hash, height: header.height, totalWork };
}

describe("a peer that never comes to what it announced keeps nobody from the others", () => {
  const claim = { height: 5000 as Height, hash: `0x${"cd".repeat(32)}` as Hash, totalWork: 5000n };
  const forked = makeBranch({ parent: genesis, count: 1, fork: 7 });
  const early = makeBlock({ parent: tipOf(forked), fork: 7, timestampMs: START_MS + 86_400_000 });
  const encodedOf = (chain: readonly FakeBlock[]) => chain.map(({ traced }) => encodeHeader(traced.header));
  /** Answers with these, and then with the last of them for ever. */
  const answering = (...answers: (readonly Bytes[])[]): Script => {
    const left = [...answers];
    return (answer) =>
      answer.kind === "headers"
        ? { ...answer, headers: (left.length > 1 ? left.shift() : left[0]) as readonly Bytes[] }
        : undefined;
  };
  const behind = { blocks: blocks.slice(0, 600), reorgDepthMax: 100 };

  test("with headers that the node has, while a node is empty", () => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks: [], claim, script: answering(encodedOf(blocks.slice(0, 512))) });
    world.connect({ blocks });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    world.run({ timeMs: 30_000 });
    expect(world.offencesOf(liar)).toContain("false_head");
    expect(world.sync.isLevel()).toBe(true);
  });

  test("with two answers in turn, the one lower than the other", () => {
    const world = new SyncWorld(behind);
    const [high, low] = [encodedOf(blocks.slice(0, 500)), encodedOf(blocks.slice(0, 400))];
    const liar = world.connect({ blocks: [], claim, script: answering(...Array(50).fill([high, low]).flat()) });
    world.connect({ blocks });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    expect(world.offencesOf(liar)).toEqual(["false_head"]);
  });

  test("with a header of the far future, which costs little work", () => {
    const world = new SyncWorld();
    const future = makeBlock({ parent: genesis, fork: 7, timestampMs: START_MS + 86_400_000 });
    world.connect({ blocks: [], claim, script: answering(encodedOf([future])) });
    world.connect({ blocks });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    world.run({ timeMs: 300_000 });
    expect(world.sync.isLevel()).toBe(true);
    // Asked less and less often.
    expect(askedFor(world, "headers").length).toBeLessThan(50);
  });

  test("with such a one on a branch that begins deep down", () => {
    const world = new SyncWorld(behind);
    world.connect({ blocks: [], claim, script: answering(encodedOf(forked), encodedOf([early])) });
    const honest = world.connect({ blocks });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    expect(world.offencesOf(honest)).toEqual([]);
  });

  test("with silence in the middle, for which whoever is asked next is not blamed", () => {
    const world = new SyncWorld(behind);
    const deep = makeBranch({ parent: genesis, count: 100, fork: 7 });
    let answers = 0;
    const script: Script = (answer) => (answers++ === 0 ? answer : undefined);
    const liar = world.connect({ blocks: deep, claim, script });
    const honest = world.connect({ blocks });
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 30_000 })).toBe(true);
    expect([world.offencesOf(liar), world.offencesOf(honest)]).toEqual([["unanswered"], []]);
  });
});

describe("a peer that keeps silent", () => {
  test("rests for longer each time, and does not keep the node from mining", () => {
    const world = new SyncWorld();
    const silent = world.connect({ blocks, script: () => undefined });
    expect(world.sync.isLevel()).toBe(false);
    world.run({ timeMs: 6000 });
    expect(world.sync.isLevel()).toBe(true);
    world.run({ timeMs: 120_000 });
    // Asked at about 0, 10, 25, 50 and 95 seconds.
    expect(world.offencesOf(silent)).toEqual(Array.from({ length: 5 }, () => "unanswered" as const));
  });

  test("and answers every other time without an end to it rests for longer as well", () => {
    const world = new SyncWorld({ blocks });
    const claim = { height: 5000 as Height, hash: `0x${"cd".repeat(32)}` as Hash, totalWork: 5000n };
    // The first answer has headers that the node has, the one after it never comes.
    world.connect({
      blocks: blocks.slice(0, 3),
      claim,
      script: (answer, { requestId }) => (requestId % 2 ? answer : undefined),
    });
    world.run({ timeMs: 200_000 });
    expect(askedFor(world, "headers").length).toBeLessThanOrEqual(2 * 6);
    expect(world.sync.isLevel()).toBe(true);
  });

  test("is believed again when it answers", () => {
    const world = new SyncWorld();
    let isSilent = true;
    world.connect({ blocks, script: (answer) => (isSilent ? undefined : answer) });
    world.run({ timeMs: 6000 });
    isSilent = false;
    expect(world.run({ isDone: isAt(world, blocks), timeMs: 20_000 })).toBe(true);
  });
});

describe("a chain longer than the window", () => {
  const long = makeBranch({ parent: genesis, count: PENDING_HEADERS_MAX + 1200 });
  const cheap = makeBranch({ parent: genesis, count: PENDING_HEADERS_MAX + 600, fork: 9 });

  test("is imported once its headers have shown the announced work", () => {
    const world = new SyncWorld();
    world.connect({ blocks: long });
    world.run({ isDone: () => world.chain.head().height > 0 });
    // All headers have been seen before the first block is imported.
    expect(askedFor(world, "headers").length).toBeGreaterThanOrEqual(Math.ceil(long.length / 512));
    expect(world.run({ isDone: isAt(world, long) })).toBe(true);
    expect(world.offences).toEqual([]);
  });

  test("is not begun where the work is not there", () => {
    const world = new SyncWorld();
    const liar = world.connect({ blocks: cheap, claim: { ...tipClaim(long), totalWork: 99_999n } });
    world.run({ timeMs: 20_000 });
    expect(world.offencesOf(liar)).toEqual(["false_head"]);
    expect(world.chain.head().height as number).toBe(0);
  });

  test("is not changed for another one after its work was shown", () => {
    const world = new SyncWorld();
    const honest = long.slice(0, PENDING_HEADERS_MAX);
    const fork = makeBranch({ parent: tipOf(honest), count: 1100, fork: 8 });
    const liar = world.connect({ blocks: long });
    world.run({ isDone: () => world.chain.head().height > 0 });
    liar.claim = tipClaim(long);
    for (const block of fork) liar.chain.extend(block);
    world.run({ timeMs: 20_000 });
    expect(world.offencesOf(liar)).toEqual(["false_head"]);
    // Some blocks past the window came before the first mark; they are few enough to be replaced.
    expect(world.chain.head().height - honest.length).toBeLessThan(1000);
  });

  test("of less work a block than this node's is fetched when all of it is better", () => {
    const mine = makeBranch({ parent: genesis, count: 900, work: 10, fork: 3 });
    const world = new SyncWorld({ blocks: mine });
    world.connect({ blocks: long });
    expect(world.run({ isDone: isAt(world, long) })).toBe(true);
  });
});
