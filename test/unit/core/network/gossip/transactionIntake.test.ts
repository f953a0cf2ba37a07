// Bounds and order of what waits for its signature, and what is remembered of transactions that do not fit.

import { describe, expect, test } from "bun:test";
import {
  EARLY_MAX,
  EARLY_MS,
  EARLY_SIZE_BYTES_MAX,
  EXCESS_MAX,
  JOBS_MAX,
  UNFIT_MS,
  WAITING_MAX,
  WAITING_PER_PEER_MAX,
  WAITING_SIZE_BYTES_PER_PEER_MAX,
} from "../../../../../src/core/network/gossip/transactionIntake.ts";
import { TRANSACTIONS_PER_MESSAGE_MAX } from "../../../../../src/core/network/limits.ts";
import { type Bytes, defined } from "../../../../../src/core/primitives/index.ts";
import { fakeBlock, fakeTransaction, fakeTransactions } from "../../../../support/networkFakes.ts";
import { createGossip, encodings } from "./harness.ts";

type Node = ReturnType<typeof createGossip>;

/** Sends in messages as large as they may be. */
function send(node: Node, connectionId: number, transactions: readonly Bytes[]): void {
  for (let start = 0; start < transactions.length; start += TRANSACTIONS_PER_MESSAGE_MAX) {
    node.transactions.onTransactions(connectionId, transactions.slice(start, start + TRANSACTIONS_PER_MESSAGE_MAX));
  }
}

describe("jobs", () => {
  test("join what comes while they are under way", () => {
    const node = createGossip();
    const sent = fakeTransactions(10);
    for (const { encoded } of sent) node.transactions.onTransactions(1, [encoded]);
    expect(node.verifier.started.map(({ encoded }) => encoded.length)).toEqual(Array(JOBS_MAX).fill(1));
    node.verifier.answer();
    expect(node.verifier.started.map(({ encoded }) => encoded.length)).toEqual([1, 10 - JOBS_MAX]);
  });

  test("are settled in the order in which they were started, whatever the order of the answers", () => {
    const node = createGossip();
    const sent = fakeTransactions(200);
    node.transactions.onTransactions(1, encodings(sent.slice(0, 100)));
    node.transactions.onTransactions(1, encodings(sent.slice(100)));
    node.verifier.answer(1);
    expect(node.pool.admitted).toEqual([]);
    node.verifier.answer();
    expect(node.pool.admitted).toEqual([...sent]);
  });

  test("may be answered within the call", () => {
    const node = createGossip();
    node.verifier.isImmediate = true;
    const sent = fakeTransactions(3000);
    send(node, 1, encodings(sent));
    expect(node.pool.admitted).toEqual([...sent]);
    expect(node.transactions.counts()).toEqual({ waiting: 0, early: 0 });
  });

  test("that find too many others under way are started at a later tick, in the same order", () => {
    const node = createGossip({ jobsMax: 1 });
    const sent = fakeTransactions(2);
    expect(node.jobs.verify([Uint8Array.of(1)], () => undefined)).toBe(true);
    for (const { encoded } of sent) node.transactions.onTransactions(1, [encoded]);
    expect(node.verifier.started).toHaveLength(1);
    node.jobs.onVerified({ jobId: 1, hashes: [undefined] });
    node.verifier.started.length = 0;
    node.tick();
    expect(node.verifier.started.map(({ encoded }) => encoded)).toEqual([encodings(sent)]);
  });

  test("keep their order when there are too many others for more than one of them", () => {
    const node = createGossip({ jobsMax: 1 });
    const sent = fakeTransactions(2 * TRANSACTIONS_PER_MESSAGE_MAX);
    expect(node.jobs.verify([Uint8Array.of(1)], () => undefined)).toBe(true);
    send(node, 1, encodings(sent));
    node.verifier.started.length = 0;
    node.jobs.onVerified({ jobId: 1, hashes: [undefined] });
    node.tick();
    node.verifier.answerAll();
    expect(node.pool.admitted).toEqual([...sent]);
  });
});

describe("what waits for its signature", () => {
  const many = encodings(fakeTransactions(WAITING_PER_PEER_MAX + 1));

  test("of one peer is bounded; the excess is dropped without points", () => {
    const node = createGossip();
    send(node, 1, many.slice(0, WAITING_PER_PEER_MAX));
    expect(node.transactions.counts().waiting).toBe(WAITING_PER_PEER_MAX);
    send(node, 1, many);
    expect(node.transactions.counts().waiting).toBe(WAITING_PER_PEER_MAX);
    expect(node.links.punished).toEqual([]);
    node.verifier.answerAll();
    expect(node.transactions.counts().waiting).toBe(0);
    expect(node.pool.admitted).toHaveLength(WAITING_PER_PEER_MAX);
    send(node, 1, encodings(fakeTransactions(WAITING_PER_PEER_MAX, { sender: 1 })));
    expect(node.transactions.counts().waiting).toBe(WAITING_PER_PEER_MAX);
  });

  test("of one peer is bounded in bytes as well", () => {
    const node = createGossip();
    const codeSizeBytes = 250_000;
    const large = Array.from({ length: 12 }, (_, nonce) => fakeTransaction({ nonce, codeSizeBytes }).encoded);
    node.transactions.onTransactions(1, large);
    const sizeBytes = defined(large[0], "a large one").length;
    const fitting = Math.floor(WAITING_SIZE_BYTES_PER_PEER_MAX / sizeBytes);
    expect(fitting).toBeLessThan(12);
    expect(node.transactions.counts().waiting).toBe(fitting);
    node.verifier.answerAll();
    node.transactions.onTransactions(1, large);
    expect(node.transactions.counts().waiting).toBe(12 - fitting);
  });

  test("is flood when a peer sends far more than its bound, at one past what is tolerated", () => {
    const node = createGossip();
    send(node, 1, many.slice(0, WAITING_PER_PEER_MAX));
    const excess = defined(many.at(-1), "there is one more");
    send(node, 1, Array(EXCESS_MAX).fill(excess));
    expect(node.links.punished).toEqual([]);
    send(node, 1, [excess]);
    expect(node.links.offences(1)).toEqual(["flood"]);
  });

  test("of all peers is bounded, which is nobody's fault", () => {
    const perPeer = WAITING_PER_PEER_MAX;
    const count = WAITING_MAX / perPeer;
    const node = createGossip({ peers: count + 1 });
    for (let peer = 1; peer <= count; peer++) {
      send(node, peer, encodings(fakeTransactions(perPeer, { sender: peer })));
      expect(node.transactions.counts().waiting).toBe(peer * perPeer);
    }
    send(node, count + 1, [fakeTransaction({ nonce: 0 }).encoded]);
    expect(node.transactions.counts().waiting).toBe(WAITING_MAX);
    expect(node.links.punished).toEqual([]);
  });
});

describe("a transaction that does not fit now", () => {
  test("costs no points, and is not looked at again before there is another head", () => {
    const node = createGossip();
    const { encoded } = fakeTransaction({ nonce: 0, expiry: 1 });
    node.transactions.onTransactions(1, [encoded]);
    node.transactions.onTransactions(2, [encoded]);
    expect([node.pool.precheckCount, node.links.punished.length, node.verifier.started.length]).toEqual([1, 0, 0]);
    node.chain.importBlocks([{ block: fakeBlock({ parent: node.genesis.block }).block, transactions: [] }]);
    node.transactions.onTransactions(3, [encoded]);
    expect(node.pool.precheckCount).toBe(2);
  });

  test("is looked at again after a short while", () => {
    const node = createGossip();
    const { encoded } = fakeTransaction({ nonce: 0, expiry: 1 });
    node.transactions.onTransactions(1, [encoded]);
    node.clock.atMs += UNFIT_MS - 1;
    node.transactions.onTransactions(1, [encoded]);
    expect(node.pool.precheckCount).toBe(1);
    node.clock.atMs += 1;
    node.transactions.onTransactions(1, [encoded]);
    expect(node.pool.precheckCount).toBe(2);
  });
});

describe("a transaction too far ahead of its sender", () => {
  const sent = fakeTransactions(101);
  const last = defined(sent.at(-1), "there is a last one").encoded;
  const others = encodings(sent.slice(0, -1));

  test("waits, and is admitted when those before it have come", () => {
    const node = createGossip();
    node.verifier.isImmediate = true;
    node.transactions.onTransactions(1, [last]);
    expect(node.transactions.counts().early).toBe(1);
    node.transactions.onTransactions(2, [last]);
    expect(node.pool.precheckCount).toBe(1);
    node.transactions.onTransactions(2, others);
    node.tick(1000);
    expect(node.transactions.counts().early).toBe(0);
    expect(node.pool.admitted).toHaveLength(sent.length);
    expect(node.links.punished).toEqual([]);
  });

  test("is given up after a while", () => {
    const node = createGossip();
    node.verifier.isImmediate = true;
    node.transactions.onTransactions(1, [last]);
    node.tick(EARLY_MS - 1);
    expect(node.transactions.counts().early).toBe(1);
    node.tick(1000);
    expect(node.transactions.counts().early).toBe(0);
  });

  test("waits with at most so many bytes, which become free again", () => {
    const node = createGossip();
    node.verifier.isImmediate = true;
    const codeSizeBytes = 250_000;
    for (let round = 0; round < 3; round++) {
      const far = Array.from(
        { length: 5 },
        (_, index) => fakeTransaction({ nonce: 100 + index, codeSizeBytes }).encoded,
      );
      node.transactions.onTransactions(1, far);
      expect(node.transactions.counts().early).toBe(Math.floor(EARLY_SIZE_BYTES_MAX / (codeSizeBytes + 256)));
      node.tick(EARLY_MS);
      expect(node.transactions.counts().early).toBe(0);
    }
  });

  test("waits with at most so many others", () => {
    const node = createGossip();
    node.verifier.isImmediate = true;
    const far = Array.from({ length: EARLY_MAX + 1 }, (_, index) => fakeTransaction({ nonce: 100 + index }).encoded);
    send(node, 1, far.slice(0, EARLY_MAX));
    expect(node.transactions.counts().early).toBe(EARLY_MAX);
    send(node, 1, far);
    expect(node.transactions.counts().early).toBe(EARLY_MAX);
  });
});
