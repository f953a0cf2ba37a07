// The pool of blocks that have to wait: its bounds, and whose blocks make room.

import { describe, expect, test } from "bun:test";
import { type GossipedBlock, HeldBlocks } from "../../../../../src/core/network/gossip/heldBlocks.ts";
import { wireIdOf } from "../../../../../src/core/network/gossip/wireId.ts";
import { AssertionError, type TimestampMs } from "../../../../../src/core/primitives/index.ts";
import { fakeBlock } from "../../../../support/networkFakes.ts";

const parent = fakeBlock({}).block;

function held(index: number, sender: number): GossipedBlock {
  const { block, hash, encoded } = fakeBlock({ parent, header: { timestampMs: (1000 + index) as TimestampMs } });
  return { wireId: wireIdOf(encoded), hash, block, encoded, senders: new Set([sender]) };
}

const SIZE_BYTES = held(0, 1).encoded.length;

function pool(options: { countMax?: number; sizeBytesMax?: number; perPeerMax?: number }): HeldBlocks {
  return new HeldBlocks({ countMax: 4, sizeBytesMax: 100 * SIZE_BYTES, perPeerMax: 3, ...options });
}

function has(blocks: HeldBlocks, items: readonly GossipedBlock[]): boolean[] {
  return items.map(({ wireId }) => blocks.get(wireId) !== undefined);
}

describe("room", () => {
  test("of a peer is its share: past it, its own oldest block goes", () => {
    const blocks = pool({});
    const other = held(9, 2);
    const items = [0, 1, 2, 3].map((index) => held(index, 1));
    for (const item of [other, ...items]) blocks.add(item);
    expect(has(blocks, [other, ...items])).toEqual([true, false, true, true, true]);
  });

  test("of all is made at the cost of the peer that holds most", () => {
    const blocks = pool({});
    const items = [held(0, 1), held(1, 2), held(2, 2), held(3, 3)];
    for (const item of items) blocks.add(item);
    expect(blocks.count).toBe(4);
    const last = held(4, 4);
    blocks.add(last);
    expect(has(blocks, [...items, last])).toEqual([true, false, true, true, true]);
  });

  test("counts bytes as well, and takes no block that is larger than all", () => {
    const blocks = pool({ sizeBytesMax: 2 * SIZE_BYTES });
    const items = [0, 1, 2].map((index) => held(index, index));
    for (const item of items) blocks.add(item);
    expect(has(blocks, items)).toEqual([false, true, true]);
    expect(blocks.sizeBytes).toBe(2 * SIZE_BYTES);
    const narrow = pool({ sizeBytesMax: SIZE_BYTES - 1 });
    narrow.add(held(0, 1));
    expect(narrow.count).toBe(0);
  });

  test("in bytes is made at the cost of the peer that holds most bytes", () => {
    const blocks = pool({ sizeBytesMax: 5 * SIZE_BYTES });
    const large: GossipedBlock = { ...held(3, 2), encoded: new Uint8Array(3 * SIZE_BYTES) };
    const items = [held(0, 1), held(1, 1), large, held(4, 3)];
    for (const item of items) blocks.add(item);
    expect(has(blocks, items)).toEqual([true, true, false, true]);
    expect(blocks.sizeBytes).toBe(3 * SIZE_BYTES);
  });

  test("is there for one block at least, and a block is held once", () => {
    expect(() => pool({ countMax: 0 })).toThrow(AssertionError);
    const blocks = pool({});
    blocks.add(held(0, 1));
    expect(() => blocks.add(held(0, 2))).toThrow(AssertionError);
  });
});

test("a block is found by its header's hash and by its parent", () => {
  const blocks = pool({});
  const items = [held(0, 1), held(1, 1)] as const;
  for (const item of items) blocks.add(item);
  expect(blocks.childrenOf(items[0].block.header.parentHash)).toEqual([...items]);
  expect(blocks.childrenOf(items[0].hash)).toEqual([]);
  expect([blocks.hasHash(items[1].hash), blocks.hasHash(items[1].wireId)]).toEqual([true, false]);
});

test("what nobody else has sent goes with its peer", () => {
  const blocks = pool({});
  const items = [held(0, 1), held(1, 1), held(2, 2)];
  for (const item of items) blocks.add(item);
  items[1]?.senders.add(2);
  blocks.onPeerGone(1);
  expect(has(blocks, items)).toEqual([false, true, true]);
  blocks.onPeerGone(2);
  expect([blocks.count, blocks.sizeBytes]).toEqual([0, 0]);
  const orphaned = held(3, 1);
  orphaned.senders.delete(1);
  blocks.add(orphaned);
  expect(blocks.count).toBe(0);
});
