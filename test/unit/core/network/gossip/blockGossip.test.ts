// New blocks on their way through a node: checks, punishments, what is held and for how long, and what is sent on.

import { describe, expect, test } from "bun:test";
import {
  EARLY_AHEAD_MS_MAX,
  EARLY_MAX,
  EARLY_PER_PEER_MAX,
  EARLY_TOLERATED_MAX,
  ORPHANS_MAX,
  ORPHANS_PER_PEER_MAX,
  TOLERANCE_WINDOW_MS,
  UNKNOWN_PARENTS_MAX,
} from "../../../../../src/core/network/gossip/blockGossip.ts";
import { defined, type Hash, type Height, type TimestampMs } from "../../../../../src/core/primitives/index.ts";
import { encodeBlock } from "../../../../../src/core/protocol/index.ts";
import {
  type FakeBlock,
  fakeBlock,
  fakeBlocks,
  fakeTransaction,
  fakeTransactions,
  INVALID_GAS,
  UNEXECUTABLE_PROPOSER,
} from "../../../../support/networkFakes.ts";
import { createGossip, encodings } from "./harness.ts";

const hashes = (blocks: readonly FakeBlock[]): Hash[] => blocks.map(({ hash }) => hash);

describe("a block", () => {
  test("is imported and sent at once to those that lack it", () => {
    const node = createGossip();
    const block = fakeBlock({ parent: node.genesis.block });
    node.blocks.onBlock(1, block.encoded);
    expect(node.chain.imported).toEqual([block.hash]);
    expect(node.links.sent).toEqual([{ to: [2, 3], message: { type: "Block", block: block.encoded } }]);
    node.blocks.onBlock(2, block.encoded);
    node.connect(4);
    node.blocks.onBlock(4, block.encoded);
    expect(node.chain.imported).toHaveLength(1);
    expect(node.links.sent).toHaveLength(1);
    expect(node.links.punished).toEqual([]);
    // Only who brought it first has been of use.
    expect(node.links.useful).toEqual([1]);
  });

  test("beside the canonical chain is kept and not sent on, since nobody has executed it", () => {
    const node = createGossip();
    const [left, right] = [1, 2].map((step) =>
      fakeBlock({ parent: node.genesis.block, header: { timestampMs: (1_699_999_001_000 + step) as TimestampMs } }),
    ) as [FakeBlock, FakeBlock];
    node.blocks.onBlock(1, left.encoded);
    node.blocks.onBlock(1, right.encoded);
    expect(node.chain.head().hash).toBe(left.hash);
    expect(node.chain.header(right.hash)).toBeDefined();
    expect(node.links.blocksTo(2)).toEqual([left.encoded]);
    expect(node.links.useful).toEqual([1]);
  });

  test("of this node goes to all, once", () => {
    const node = createGossip();
    const block = fakeBlock({ parent: node.genesis.block });
    node.chain.importBlocks([{ block: block.block, transactions: [] }]);
    node.blocks.onOwnBlock(block);
    node.blocks.onOwnBlock(block);
    expect(node.links.sent).toEqual([{ to: [1, 2, 3], message: { type: "Block", block: block.encoded } }]);
  });

  test("from somebody who is not ready is ignored", () => {
    const node = createGossip();
    node.blocks.onBlock(9, fakeBlock({ parent: node.genesis.block }).encoded);
    expect(node.chain.imported).toEqual([]);
  });
});

describe("the transactions of a block", () => {
  test("that wait in the mempool are not recovered again", () => {
    const node = createGossip();
    const waiting = fakeTransactions(5);
    node.pool.admit(waiting);
    const block = fakeBlock({ parent: node.genesis.block, transactions: encodings(waiting) });
    node.blocks.onBlock(1, block.encoded);
    expect(node.verifier.started).toEqual([]);
    expect(node.chain.imported).toEqual([block.hash]);
  });

  test("are recovered where they are not known, while the block is pending and others repeat it", () => {
    const node = createGossip();
    const all = fakeTransactions(5);
    node.pool.admit(all.slice(0, 2));
    const block = fakeBlock({ parent: node.genesis.block, transactions: encodings(all) });
    node.blocks.onBlock(1, block.encoded);
    node.blocks.onBlock(2, block.encoded);
    expect(node.verifier.started.map(({ encoded }) => encoded)).toEqual([encodings(all.slice(2))]);
    expect([node.blocks.isPending(block.hash), node.chain.imported.length]).toEqual([true, 0]);
    node.verifier.answerAll();
    expect([node.blocks.isPending(block.hash), node.chain.imported.length]).toEqual([false, 1]);
    expect(node.links.sent.map(({ to }) => to)).toEqual([[3]]);
  });

  test("with a garbage signature in place of the mempool's are not taken from there", () => {
    const node = createGossip();
    node.pool.admit([fakeTransaction({ nonce: 0 })]);
    const garbage = fakeTransaction({ nonce: 0, isGarbage: true });
    const block = fakeBlock({ parent: node.genesis.block, transactions: [garbage.encoded] });
    node.blocks.onBlock(1, block.encoded);
    node.blocks.onBlock(2, block.encoded);
    node.verifier.answerAll();
    expect(node.chain.imported).toEqual([]);
    expect(node.links.punished.map(({ connectionId, offence }) => [connectionId, offence])).toEqual([
      [1, "invalid_block"],
      [2, "invalid_block"],
    ]);
    node.blocks.onBlock(3, block.encoded);
    expect(node.links.offences(3)).toEqual(["invalid_block"]);
    expect(node.verifier.started).toEqual([]);
  });

  test("may have come by synchronization when they are recovered", () => {
    const node = createGossip();
    const transactions = fakeTransactions(1);
    const block = fakeBlock({ parent: node.genesis.block, transactions: encodings(transactions) });
    node.blocks.onBlock(1, block.encoded);
    node.chain.importBlocks([{ block: block.block, transactions }]);
    node.verifier.answerAll();
    expect(node.chain.imported).toEqual([block.hash]);
    expect([node.links.sent.length, node.links.punished.length]).toEqual([0, 0]);
  });
});

describe("an invalid block", () => {
  const malformed = Uint8Array.of(1, 2, 3);
  const cases = [
    { name: "that does not decode", offence: "malformed_message", make: () => malformed },
    {
      name: "without work",
      offence: "invalid_block",
      make: (parent: FakeBlock) => fakeBlock({ parent: parent.block, header: { seal: new Uint8Array(0) } }).encoded,
    },
    {
      name: "with an invalid header",
      offence: "invalid_header",
      make: (parent: FakeBlock) => fakeBlock({ parent: parent.block, header: { gasUsed: INVALID_GAS } }).encoded,
    },
    {
      name: "that can't be executed",
      offence: "invalid_block",
      make: (parent: FakeBlock) =>
        fakeBlock({ parent: parent.block, header: { proposer: UNEXECUTABLE_PROPOSER } }).encoded,
    },
    {
      name: "with bytes that are no transaction",
      offence: "invalid_block",
      make: (parent: FakeBlock) => fakeBlock({ parent: parent.block, transactions: [malformed] }).encoded,
    },
  ] as const;
  for (const { name, offence, make } of cases) {
    test(`${name} costs points and goes no further`, () => {
      const node = createGossip();
      const encoded = make(node.genesis);
      node.blocks.onBlock(1, encoded);
      expect(node.links.offences(1)).toEqual([offence]);
      expect([node.chain.imported.length, node.links.sent.length, node.blocks.orphanCount]).toEqual([0, 0, 0]);
      const checks = node.chain.headerChecks;
      node.blocks.onBlock(2, encoded);
      expect(node.links.offences(2)).toHaveLength(1);
      expect(node.chain.headerChecks).toBe(checks);
    });
  }

  test("makes those on it invalid, held ones too", () => {
    const node = createGossip();
    const bad = fakeBlock({ parent: node.genesis.block, header: { proposer: UNEXECUTABLE_PROPOSER } });
    const [child, grandchild, next] = fakeBlocks(bad.block, 3) as [FakeBlock, FakeBlock, FakeBlock];
    node.blocks.onBlock(1, grandchild.encoded);
    node.blocks.onBlock(2, child.encoded);
    expect(node.blocks.orphanCount).toBe(2);
    node.blocks.onBlock(3, bad.encoded);
    expect(node.blocks.orphanCount).toBe(0);
    expect(node.links.punished.map(({ connectionId }) => connectionId)).toEqual([3, 2, 1]);
    node.blocks.onBlock(2, next.encoded);
    expect(node.links.offences(2)).toHaveLength(2);
  });

  test("costs a peer no more once its connection has ended", () => {
    const node = createGossip();
    node.links.offencesMax = 1;
    const bad = fakeBlock({ parent: node.genesis.block, header: { proposer: UNEXECUTABLE_PROPOSER } });
    node.blocks.onBlock(1, defined(fakeBlocks(bad.block, 1)[0], "a child").encoded);
    node.blocks.onBlock(1, bad.encoded);
    expect(node.links.offences(1)).toEqual(["invalid_block"]);
  });

  test("is not made of a right header by a wrong body", () => {
    const node = createGossip();
    const transactions = encodings(fakeTransactions(2));
    const right = fakeBlock({ parent: node.genesis.block, transactions });
    const { body, header } = right.block;
    const wrong = encodeBlock({ header, body: { ...body, transactions: transactions.slice(1) } });
    node.blocks.onBlock(1, wrong);
    node.blocks.onBlock(2, wrong);
    expect(node.links.punished.map(({ connectionId }) => connectionId)).toEqual([1, 2]);
    expect(node.chain.bodyChecks).toBe(1);
    node.blocks.onBlock(3, right.encoded);
    node.verifier.answerAll();
    expect(node.chain.imported).toEqual([right.hash]);
    expect(node.links.offences(3)).toEqual([]);
  });
});

describe("blocks without their parent", () => {
  test("follow it: a chain of ten in reverse order", () => {
    const node = createGossip();
    const chain = fakeBlocks(node.genesis.block, 10);
    for (const { encoded } of chain.slice(1).toReversed()) node.blocks.onBlock(1, encoded);
    expect(node.blocks.orphanCount).toBe(9);
    node.blocks.onBlock(1, defined(chain[0], "the first").encoded);
    expect(node.chain.imported).toEqual(hashes(chain));
    expect(node.blocks.orphanCount).toBe(0);
    expect(node.links.blocksTo(2)).toHaveLength(10);
    expect(node.links.punished).toEqual([]);
  });

  test("follow it each after its signatures", () => {
    const node = createGossip();
    const [first, second, third] = fakeTransactions(3);
    const a = fakeBlock({ parent: node.genesis.block, transactions: [defined(first, "first").encoded] });
    const b = fakeBlock({ parent: a.block, transactions: [defined(second, "second").encoded] });
    const c = fakeBlock({ parent: b.block, transactions: [defined(third, "third").encoded] });
    for (const { encoded } of [a, b, c]) node.blocks.onBlock(1, encoded);
    // The parents are under way, so nothing has to be fetched.
    expect(node.unknownParents).toEqual([]);
    node.verifier.answerAll();
    expect(node.chain.imported).toEqual(hashes([a, b, c]));
  });

  test("are told to synchronization, once for a chain of them", () => {
    const node = createGossip();
    const chain = fakeBlocks(node.genesis.block, 5);
    for (const { encoded } of chain.slice(2)) node.blocks.onBlock(2, encoded);
    expect(node.unknownParents).toEqual([{ from: 2, hash: defined(chain[2], "the third").hash }]);
  });

  test("follow it when synchronization has brought it", () => {
    const node = createGossip();
    const [parent, child] = fakeBlocks(node.genesis.block, 2) as [FakeBlock, FakeBlock];
    node.blocks.onBlock(1, child.encoded);
    node.chain.importBlocks([{ block: parent.block, transactions: [] }]);
    node.tick();
    expect(node.chain.imported).toEqual(hashes([parent, child]));
  });

  test("are not kept once they are too low to replace anything", () => {
    const node = createGossip();
    const [, low, high] = fakeBlocks(node.genesis.block, 3) as [FakeBlock, FakeBlock, FakeBlock];
    node.blocks.onBlock(1, low.encoded);
    node.chain.heightMin = 3;
    node.tick();
    expect(node.blocks.orphanCount).toBe(0);
    node.blocks.onBlock(1, low.encoded);
    expect(node.blocks.orphanCount).toBe(0);
    node.blocks.onBlock(1, high.encoded);
    expect(node.blocks.orphanCount).toBe(1);
    expect(node.unknownParents.map(({ hash }) => hash)).toEqual(hashes([low, high]));
  });
});

describe("a block before its time", () => {
  const aheadOf = (node: ReturnType<typeof createGossip>, aheadMs: number, parent = node.genesis) =>
    fakeBlock({ parent: parent.block, header: { timestampMs: (node.clock.atMs + aheadMs) as TimestampMs } });

  test("waits for it without points, and its children with it", () => {
    const node = createGossip();
    const block = aheadOf(node, 20_000);
    const child = aheadOf(node, 21_000, block);
    node.blocks.onBlock(1, block.encoded);
    node.blocks.onBlock(2, block.encoded);
    node.blocks.onBlock(1, child.encoded);
    node.tick(4999);
    expect([node.blocks.earlyCount, node.chain.imported.length]).toEqual([1, 0]);
    node.tick(1);
    expect(node.chain.imported).toEqual([block.hash]);
    expect(node.links.blocksTo(2)).toEqual([]);
    node.tick(1000);
    expect(node.chain.imported).toEqual(hashes([block, child]));
    expect([node.links.punished.length, node.unknownParents.length]).toEqual([0, 0]);
  });

  test("is not held when that is far away", () => {
    const node = createGossip();
    node.blocks.onBlock(1, aheadOf(node, EARLY_AHEAD_MS_MAX).encoded);
    expect(node.blocks.earlyCount).toBe(1);
    node.blocks.onBlock(1, aheadOf(node, EARLY_AHEAD_MS_MAX + 1).encoded);
    expect(node.blocks.earlyCount).toBe(1);
    expect(node.links.punished).toEqual([]);
  });

  test("is held beside a few others, of one peer and of all", () => {
    const peers = EARLY_MAX / EARLY_PER_PEER_MAX + 1;
    const node = createGossip({ peers });
    for (let index = 0; index <= EARLY_PER_PEER_MAX; index++)
      node.blocks.onBlock(1, aheadOf(node, 20_000 + index).encoded);
    expect(node.blocks.earlyCount).toBe(EARLY_PER_PEER_MAX);
    for (let index = 0; index < 2 * EARLY_MAX; index++) {
      node.blocks.onBlock(1 + (index % peers), aheadOf(node, 30_000 + index).encoded);
    }
    expect(node.blocks.earlyCount).toBe(EARLY_MAX);
  });

  test("is flood when there are many of them", () => {
    const node = createGossip();
    for (let index = 0; index < EARLY_TOLERATED_MAX; index++)
      node.blocks.onBlock(1, aheadOf(node, 20_000 + index).encoded);
    expect(node.links.punished).toEqual([]);
    node.blocks.onBlock(1, aheadOf(node, 30_000).encoded);
    expect(node.links.offences(1)).toEqual(["flood"]);
  });
});

describe("a flood of blocks whose parents nobody knows", () => {
  /** Each on a parent of its own that does not exist. */
  const base = fakeBlock({ header: { height: 7 as Height } }).block;
  const orphan = (index: number) => {
    const parentHash = `0x${index.toString(16).padStart(64, "0")}` as Hash;
    return encodeBlock({ header: { ...base.header, parentHash }, body: base.body });
  };

  test("costs points at one past what is tolerated in a window", () => {
    const node = createGossip();
    for (let index = 0; index < UNKNOWN_PARENTS_MAX; index++) node.blocks.onBlock(1, orphan(index));
    expect(node.links.punished).toEqual([]);
    expect(node.blocks.orphanCount).toBe(ORPHANS_PER_PEER_MAX);
    node.blocks.onBlock(1, orphan(UNKNOWN_PARENTS_MAX));
    expect(node.links.offences(1)).toEqual(["unknown_parents"]);

    const slow = createGossip();
    for (let index = 0; index < 2 * UNKNOWN_PARENTS_MAX; index++) {
      if (index === UNKNOWN_PARENTS_MAX) slow.clock.atMs += TOLERANCE_WINDOW_MS;
      slow.blocks.onBlock(1, orphan(index));
    }
    expect(slow.links.punished).toEqual([]);
  });

  test("of 100,000 holds no more than the bound, whoever sends them, and leaves an honest one in its place", () => {
    const node = createGossip({ peers: 20 });
    const [parent, honest] = fakeBlocks(node.genesis.block, 2) as [FakeBlock, FakeBlock];
    node.blocks.onBlock(20, honest.encoded);
    let countMax = 0;
    for (let index = 0; index < 100_000; index++) {
      node.blocks.onBlock(1 + (index % 19), orphan(index));
      countMax = Math.max(countMax, node.blocks.orphanCount);
    }
    expect(countMax).toBe(ORPHANS_MAX);
    expect(node.blocks.orphanSizeBytes).toBeLessThan(ORPHANS_MAX * 1024);
    expect(new Set(node.links.punished.map(({ offence }) => offence))).toEqual(new Set(["unknown_parents"]));
    expect(node.links.offences(1).length).toBeGreaterThan(100);
    expect(node.links.offences(20)).toEqual([]);
    node.blocks.onBlock(20, parent.encoded);
    expect(node.chain.imported).toEqual(hashes([parent, honest]));
  }, 30_000);

  test("ends with the connection of who sends it, and leaves nothing behind", () => {
    const node = createGossip();
    node.links.offencesMax = 2;
    for (let index = 0; index < 1000; index++) node.blocks.onBlock(1, orphan(index));
    expect(node.links.offences(1)).toHaveLength(2);
    expect(node.links.peer(1)).toBeUndefined();
    expect([node.blocks.orphanCount, node.blocks.orphanSizeBytes]).toEqual([0, 0]);
    expect(node.chain.headerChecks).toBe(2 * (UNKNOWN_PARENTS_MAX + 1));
  });
});

test("the same events give the same messages and punishments", () => {
  const run = () => {
    const node = createGossip({ peers: 4 });
    const chain = fakeBlocks(node.genesis.block, 30);
    for (const [index, { encoded }] of chain.entries()) {
      const other = defined(chain[(index * 7) % chain.length], "a block of the chain");
      node.blocks.onBlock(1 + (index % 4), other.encoded);
      node.blocks.onBlock(1 + ((index + 1) % 4), encoded);
      if (index % 5 === 0)
        node.blocks.onBlock(1, fakeBlock({ parent: other.block, header: { gasUsed: INVALID_GAS } }).encoded);
      node.tick(10);
    }
    return { sent: node.links.sent, punished: node.links.punished, imported: node.chain.imported };
  };
  const first = run();
  expect([first.imported.length, first.punished.length > 0]).toEqual([30, true]);
  expect(run()).toEqual(first);
});
