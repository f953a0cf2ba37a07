// Sync against whatever mixture of peers: with one honest peer it comes to that peer's chain, keeps to its bounds on the
// way, and blames nobody honest.

import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  BODY_WINDOW_BLOCKS_MAX,
  BODY_WINDOW_BYTES_MAX,
  PENDING_HEADERS_MAX,
} from "../../src/core/network/sync/bounds.ts";

import type { PeerHead, SyncResponse } from "../../src/core/network/wire/message.ts";
import type { Bytes, Height } from "../../src/core/primitives/index.ts";
import { type FakeBlock, GENESIS_BLOCK, makeBranch } from "../support/syncFakeChain.ts";
import { type PeerOptions, type Script, SyncWorld } from "../support/syncFakes.ts";
import { checkProperty } from "./checkProperty.ts";

const trunk = makeBranch({ parent: GENESIS_BLOCK.traced, count: 700, transactionCount: 1 });
const forks = [0, 1, 2].map((fork) =>
  makeBranch({
    parent: (trunk[199 + 100 * fork] as FakeBlock).traced,
    count: 450,
    fork: fork + 1,
    transactionCount: 1,
  }),
);

/** The chain of a peer: the trunk, or the trunk up to a fork and one of the branches there; all have less work than it. */
function chainOf(kind: number, length: number): FakeBlock[] {
  const fork = forks[kind];
  const whole = fork === undefined ? trunk : [...trunk.slice(0, 200 + 100 * kind), ...fork.slice(0, 300 - 100 * kind)];
  return whole.slice(0, length);
}

const changed = (answer: SyncResponse, change: (items: readonly Bytes[]) => readonly Bytes[]): SyncResponse =>
  answer.kind === "headers"
    ? { ...answer, headers: change(answer.headers) }
    : { ...answer, blocks: change(answer.blocks) };

const SCRIPTS: readonly Script[] = [
  (answer) => answer,
  () => undefined,
  (answer, { requestId }) => (requestId % 2 === 0 ? undefined : answer),
  (answer) => (answer.kind === "headers" ? answer : undefined),
  (answer) => (answer.kind === "headers" ? answer : changed(answer, () => [])),
  (answer) => changed(answer, (items) => items.slice(0, Math.ceil(items.length / 2))),
  (answer) => changed(answer, (items) => items.toReversed()),
  (answer) => changed(answer, (items) => [...items, ...items]),
  (answer) =>
    changed(answer, (items) => items.map((item) => item.map((byte, index) => (index === 9 ? byte ^ 1 : byte)))),
  (answer) => ({ ...answer, requestId: answer.requestId + 1 }),
];

/** Longer than the test goes on. */
const STAYS_MS = 1_000_000;

const peerArbitrary = fc.record({
  kind: fc.integer({ min: 0, max: 3 }),
  length: fc.integer({ min: 1, max: 700 }),
  script: fc.integer({ min: 0, max: SCRIPTS.length - 1 }),
  latencyMs: fc.integer({ min: 1, max: 1500 }),
  claimedWork: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
  comesMs: fc.integer({ min: 0, max: 3000 }),
  staysMs: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.constant(STAYS_MS)),
});

function claimOf(work: number | undefined): PeerHead | undefined {
  if (work === undefined) return undefined;
  return {
    height: work as Height,
    hash: `0x${work.toString(16).padStart(64, "0")}` as PeerHead["hash"],
    totalWork: BigInt(work),
  };
}

test("one honest peer is enough", () => {
  const property = fc.property(
    fc.array(peerArbitrary, { maxLength: 5 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 400 }),
    (peers, ownKind, ownLength) => {
      const world = new SyncWorld({ blocks: chainOf(ownKind, ownLength) });
      world.check = (status) => {
        if (
          status.headersPending > PENDING_HEADERS_MAX ||
          status.blocksAhead > BODY_WINDOW_BLOCKS_MAX ||
          status.bytesAhead > BODY_WINDOW_BYTES_MAX
        ) {
          throw new Error(`past a bound: ${status.headersPending} ${status.blocksAhead} ${status.bytesAhead}`);
        }
      };
      for (const { kind, length, script, latencyMs, claimedWork, comesMs, staysMs } of peers) {
        const claim = claimOf(claimedWork);
        const options: PeerOptions = {
          blocks: chainOf(kind, length),
          latencyMs,
          script: SCRIPTS[script] as Script,
          ...(claim === undefined ? {} : { claim }),
        };
        world.later(comesMs, () => {
          const peer = world.connect(options);
          world.later(staysMs, () => world.disconnect(peer.connectionId));
        });
      }
      const honest = world.connect({ blocks: trunk, latencyMs: 20 });
      const tip = (trunk[trunk.length - 1] as FakeBlock).traced.hash;
      expect(world.run({ isDone: () => world.chain.head().hash === tip, timeMs: 180_000 })).toBe(true);
      // A peer that announces more than it shows may be asked for headers just now.
      world.run({ timeMs: 60_000 });
      expect(world.sync.progress()).toMatchObject({ blocksAhead: 0, bytesAhead: 0 });
      expect(world.sync.isLevel()).toBe(true);
      expect([world.offencesOf(honest), world.splits]).toEqual([[], []]);
    },
  );
  checkProperty(property, { numRuns: 25 });
}, 60_000);
