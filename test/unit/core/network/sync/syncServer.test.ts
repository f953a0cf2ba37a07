// Serving those that catch up: what an answer holds, and what a peer that asks without end gets.

import { describe, expect, test } from "bun:test";
import type { Offence, Peer, PeerLinks } from "../../../../../src/core/network/peer.ts";
import { SyncPeers } from "../../../../../src/core/network/sync/syncPeers.ts";
import { QUEUED_REQUESTS_MAX, SyncServer } from "../../../../../src/core/network/sync/syncServer.ts";
import type { Message, SyncResponse } from "../../../../../src/core/network/wire/message.ts";
import { type Hash, ZERO_HASH } from "../../../../../src/core/primitives/index.ts";
import { encodeHeader } from "../../../../../src/core/protocol/index.ts";
import { type FakeBlock, FakeChain, GENESIS_BLOCK, makeBranch, START_MS } from "../../../../support/syncFakeChain.ts";

const genesis = GENESIS_BLOCK.traced;
const blocks = makeBranch({ parent: genesis, count: 1000 });
const hashAt = (height: number) => (blocks[height - 1] as FakeBlock).traced.hash;

function setUp(options: { blockSizeBytesMax?: number } = {}) {
  const chain = new FakeChain({ nowMs: () => START_MS, blocks });
  const sent: [number, Message][] = [];
  const offences: [number, Offence][] = [];
  const congested = new Set<number>();
  const links: PeerLinks = {
    noteUseful: () => undefined,
    peers: () => [],
    peer: (connectionId) => ({ connectionId, isCongested: congested.has(connectionId) }) as Peer,
    send: (connectionId, message) => sent.push([connectionId, message]),
    broadcast: () => undefined,
    punish: (connectionId, offence) => offences.push([connectionId, offence]),
  };
  const peers = new SyncPeers({ links, chain });
  const { blockSizeBytesMax = 1024 * 1024 } = options;
  const server = new SyncServer({ links, chain, peers, blockSizeBytesMax, nowMs: 0 });
  for (const connectionId of [1, 3]) server.onPeerReady(connectionId, 0);
  const headers = (locator: readonly Hash[], countMax = 512, nowMs = 0) =>
    server.onRequest(1, { type: "SyncRequest", kind: "headers", requestId: 5, locator, countMax }, nowMs);
  const byHash = (hashes: readonly Hash[], connectionId = 1) =>
    server.onRequest(connectionId, { type: "SyncRequest", kind: "blocks", requestId: 6, hashes }, 0);
  const last = () => sent.at(-1)?.[1] as SyncResponse;
  const tellOffences = () => {
    peers.tellOffences();
    return offences;
  };
  return { chain, server, sent, congested, headers, byHash, last, offences: tellOffences };
}

const encodedHeaders = (from: number, to: number) =>
  blocks.slice(from - 1, to).map(({ block }) => encodeHeader(block.header));

describe("headers", () => {
  test("follow the first hash of the locator that is canonical", () => {
    const { chain, headers, last } = setUp();
    const side = (makeBranch({ parent: (blocks[989] as FakeBlock).traced, count: 1, fork: 1 })[0] as FakeBlock).traced;
    headers([ZERO_HASH, side.hash, hashAt(990), hashAt(5)]);
    expect(last()).toEqual({ type: "SyncResponse", kind: "headers", requestId: 5, headers: encodedHeaders(991, 1000) });
    headers([chain.head().hash]);
    expect(last()).toMatchObject({ headers: [] });
  });

  test.each([
    [3, 3],
    [512, 512],
    [100_000, 512],
  ])("at most as many as asked for: %p gives %p", (countMax, count) => {
    const { headers, last } = setUp();
    headers([genesis.hash], countMax);
    expect(last()).toMatchObject({ headers: encodedHeaders(1, count) });
  });

  test("fit the chain's largest block", () => {
    const { headers, last } = setUp({ blockSizeBytesMax: 1000 });
    headers([genesis.hash]);
    const { headers: given } = last() as Extract<SyncResponse, { kind: "headers" }>;
    expect(given.length).toBe(Math.floor(1000 / (given[0]?.length ?? 0)));
  });

  test("of another chain are refused", () => {
    const { headers, last, offences } = setUp();
    headers([ZERO_HASH]);
    expect(last()).toMatchObject({ headers: [] });
    expect(offences()).toEqual([[1, "malformed_message"]]);
  });
});

describe("blocks", () => {
  const encoded = (heights: readonly number[]) => heights.map((height) => (blocks[height - 1] as FakeBlock).encoded);

  test("come in the order asked for, up to the first that is not kept", () => {
    const { byHash, last } = setUp();
    byHash([hashAt(7), hashAt(3), ZERO_HASH, hashAt(4)]);
    expect(last()).toMatchObject({ kind: "blocks", requestId: 6, blocks: encoded([7, 3]) });
    byHash([ZERO_HASH]);
    expect(last()).toMatchObject({ blocks: [] });
  });

  test("fit the chain's largest block, and one is always given", () => {
    const size = (blocks[0] as FakeBlock).encoded.length;
    for (const [blockSizeBytesMax, count] of [
      [3 * size, 3],
      [3 * size - 1, 2],
      [1, 1],
    ] as const) {
      const { byHash, last } = setUp({ blockSizeBytesMax });
      byHash([hashAt(1), hashAt(2), hashAt(3), hashAt(4)]);
      expect(last()).toMatchObject({ blocks: encoded([1, 2, 3, 4].slice(0, count)) });
    }
  });

  test("are given one by one as well", () => {
    const { server, sent } = setUp();
    server.onRequest(3, { type: "GetBlock", hash: hashAt(9) }, 0);
    server.onRequest(3, { type: "GetBlock", hash: ZERO_HASH }, 0);
    expect(sent).toEqual([
      [3, { type: "GetBlockResponse", hash: hashAt(9), block: encoded([9])[0] }],
      [3, { type: "GetBlockResponse", hash: ZERO_HASH, block: undefined }],
    ]);
  });
});

describe("a peer that asks without end", () => {
  test("is answered at its rate, then has a few requests wait, then is punished", () => {
    const { headers, sent, server, offences } = setUp();
    for (let count = 0; count < 1000; count++) headers([genesis.hash]);
    const atOnce = sent.length;
    // 16,384 items at 528 for a request with 512 headers.
    expect(atOnce).toBe(Math.ceil(16_384 / 528));
    expect(offences()).toHaveLength(1000 - atOnce - QUEUED_REQUESTS_MAX);
    for (let nowMs = 0; nowMs <= 5000; nowMs += 100) server.tick(nowMs);
    expect(sent.length).toBe(atOnce + QUEUED_REQUESTS_MAX);
  });

  test("does not take the turns of others", () => {
    const { headers, byHash, sent } = setUp();
    for (let count = 0; count < 100; count++) headers([genesis.hash]);
    byHash([hashAt(1)], 3);
    expect(sent.at(-1)?.[0]).toBe(3);
  });

  test("cannot take more than the node gives to all", () => {
    const { server, sent } = setUp();
    for (let connectionId = 100; connectionId < 200; connectionId++) {
      server.onPeerReady(connectionId, 0);
      for (let count = 0; count < 8; count++) {
        const locator = [genesis.hash];
        server.onRequest(
          connectionId,
          { type: "SyncRequest", kind: "headers", requestId: 1, locator, countMax: 512 },
          0,
        );
      }
    }
    expect(sent.length).toBe(Math.ceil(32_768 / 528));
  });
});

test("a congested peer is answered when its buffer is empty again", () => {
  const { congested, byHash, sent, server, offences } = setUp();
  congested.add(1);
  byHash([hashAt(1)]);
  byHash([hashAt(2)]);
  server.tick(100);
  expect(sent).toEqual([]);
  congested.delete(1);
  server.tick(200);
  expect(sent).toHaveLength(2);
  expect(offences()).toEqual([]);
});

test("what waits of a peer that is gone is forgotten", () => {
  const { congested, byHash, sent, server } = setUp();
  congested.add(1);
  byHash([hashAt(1)]);
  server.onPeerGone(1);
  congested.delete(1);
  server.tick(100);
  byHash([hashAt(1)]);
  expect(sent).toEqual([]);
});
