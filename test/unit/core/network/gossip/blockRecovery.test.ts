// Bounds of the blocks whose signatures are being recovered.

import { expect, test } from "bun:test";
import { UNDER_WAY_MAX, UNDER_WAY_PER_PEER_MAX } from "../../../../../src/core/network/gossip/blockRecovery.ts";
import type { TimestampMs } from "../../../../../src/core/primitives/index.ts";
import { fakeBlock, fakeTransaction } from "../../../../support/networkFakes.ts";
import { createGossip } from "./harness.ts";

/** Siblings on block 0, each with a transaction of its own. */
function siblings(node: ReturnType<typeof createGossip>, count: number) {
  return Array.from({ length: count }, (_, index) =>
    fakeBlock({
      parent: node.genesis.block,
      transactions: [fakeTransaction({ nonce: index }).encoded],
      header: { timestampMs: (1_699_999_001_000 + index) as TimestampMs },
    }),
  );
}

test("a peer has so many under way, and what comes beyond is dropped without points", () => {
  const node = createGossip();
  const blocks = siblings(node, UNDER_WAY_PER_PEER_MAX + 1);
  for (const { encoded } of blocks) node.blocks.onBlock(1, encoded);
  expect(blocks.map(({ hash }) => node.blocks.isPending(hash))).toEqual([
    ...Array(UNDER_WAY_PER_PEER_MAX).fill(true),
    false,
  ]);
  node.verifier.answerAll();
  expect(node.chain.imported).toHaveLength(UNDER_WAY_PER_PEER_MAX);
  expect(node.links.punished).toEqual([]);
});

test("all peers together have so many under way", () => {
  const peers = UNDER_WAY_MAX / UNDER_WAY_PER_PEER_MAX + 1;
  const node = createGossip({ peers, jobsMax: UNDER_WAY_MAX + 1 });
  const blocks = siblings(node, UNDER_WAY_MAX + 1);
  for (const [index, { encoded }] of blocks.entries()) node.blocks.onBlock(1 + (index % peers), encoded);
  expect(blocks.filter(({ hash }) => node.blocks.isPending(hash))).toHaveLength(UNDER_WAY_MAX);
});

test("a block for which there was no job is recovered when another is done, or at a tick", () => {
  const node = createGossip({ jobsMax: 1 });
  const blocks = siblings(node, 3);
  for (const { encoded } of blocks) node.blocks.onBlock(1, encoded);
  expect(node.verifier.started).toHaveLength(1);
  node.verifier.answer();
  expect(node.verifier.started).toHaveLength(1);
  node.verifier.answerAll();
  expect(node.chain.imported).toHaveLength(3);

  const busy = createGossip({ jobsMax: 1 });
  busy.jobs.verify([Uint8Array.of(1)], () => undefined);
  busy.blocks.onBlock(1, blocks[0]?.encoded ?? new Uint8Array(0));
  busy.verifier.started.length = 0;
  busy.jobs.onVerified({ jobId: 1, hashes: [undefined] });
  busy.tick();
  busy.verifier.answerAll();
  expect(busy.chain.imported).toHaveLength(1);
});

test("a verifier may answer within the call, and whoever has left is not punished", () => {
  const node = createGossip();
  node.verifier.isImmediate = true;
  for (const { encoded } of siblings(node, 10)) node.blocks.onBlock(1, encoded);
  expect(node.chain.imported).toHaveLength(10);

  const slow = createGossip();
  const garbage = fakeTransaction({ nonce: 0, isGarbage: true }).encoded;
  slow.blocks.onBlock(1, fakeBlock({ parent: slow.genesis.block, transactions: [garbage] }).encoded);
  slow.links.disconnect(1);
  slow.verifier.answerAll();
  expect([slow.links.punished.length, slow.chain.imported.length]).toEqual([0, 0]);
});
