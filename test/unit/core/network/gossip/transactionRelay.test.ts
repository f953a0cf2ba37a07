// How transactions leave: batches, congested peers, and what a new peer is offered.

import { describe, expect, test } from "bun:test";
import {
  BACKLOG_COUNT_MAX,
  BACKLOG_SIZE_BYTES_MAX,
  FLUSH_MS,
  MESSAGE_SIZE_BYTES_MAX,
  OFFER_INTERVAL_MS,
  OFFER_SIZE_BYTES_PER_TICK,
} from "../../../../../src/core/network/gossip/transactionRelay.ts";
import { TRANSACTIONS_PER_MESSAGE_MAX } from "../../../../../src/core/network/limits.ts";
import { fakeTransaction, fakeTransactions } from "../../../../support/networkFakes.ts";
import { createGossip, encodings } from "./harness.ts";

const SIZE_BYTES = fakeTransaction({ nonce: 0 }).encoded.length;
/** Few enough that their bytes bound no message. */
const IN_MESSAGE_MAX = Math.min(TRANSACTIONS_PER_MESSAGE_MAX, Math.floor(MESSAGE_SIZE_BYTES_MAX / SIZE_BYTES));

describe("a batch", () => {
  test("leaves as soon as it is full, and not before", () => {
    const node = createGossip({ peers: 1 });
    const sent = fakeTransactions(IN_MESSAGE_MAX + 1);
    node.pool.admit(sent.slice(0, IN_MESSAGE_MAX - 1));
    expect(node.links.sent).toEqual([]);
    node.pool.admit(sent.slice(IN_MESSAGE_MAX - 1));
    expect(node.links.transactionsTo(1).map((message) => message.length)).toEqual([IN_MESSAGE_MAX]);
    node.tick();
    expect(node.links.transactionsTo(1).flat()).toEqual([...encodings(sent)]);
  });

  test("has no more bytes than a block of the chain, whose lines are shorter then", () => {
    const node = createGossip({ peers: 1, blockSizeBytesMax: 4 * SIZE_BYTES });
    const sent = fakeTransactions(10);
    node.pool.admit(sent);
    node.tick();
    expect(node.links.transactionsTo(1).map((message) => message.length)).toEqual([4, 4, 2]);
    expect(node.links.transactionsTo(1).flat()).toEqual([...encodings(sent)]);
  });

  test("leaves when its first transaction has waited, at the next event", () => {
    const node = createGossip({ peers: 1 });
    const [first, second, third] = fakeTransactions(3).map((transaction) => [transaction]);
    node.pool.admit(first ?? []);
    node.clock.atMs += FLUSH_MS - 1;
    node.pool.admit(second ?? []);
    expect(node.links.sent).toEqual([]);
    node.clock.atMs += 1;
    node.pool.admit(third ?? []);
    expect(node.links.transactionsTo(1).map((message) => message.length)).toEqual([3]);
  });
});

test("a transaction larger than a batch leaves alone", () => {
  const node = createGossip({ peers: 1 });
  const codeSizeBytes = MESSAGE_SIZE_BYTES_MAX;
  const sent = [0, 1, 2, 3].map((nonce) => fakeTransaction(nonce === 1 ? { nonce, codeSizeBytes } : { nonce }));
  node.pool.admit(sent);
  node.tick();
  expect(node.links.transactionsTo(1)).toEqual([
    encodings(sent.slice(0, 1)),
    encodings(sent.slice(1, 2)),
    encodings(sent.slice(2)),
  ]);
});

describe("a congested peer", () => {
  test("is sent nothing, and gets what waits in order when its congestion ends", () => {
    const node = createGossip({ peers: 2 });
    const sent = fakeTransactions(30);
    node.links.congest(1, true);
    for (const transaction of sent) {
      node.pool.admit([transaction]);
      node.tick();
    }
    expect(node.links.transactionsTo(1)).toEqual([]);
    expect(node.transactions.backlogCount(1)).toBe(30);
    expect(node.links.transactionsTo(2).flat()).toEqual([...encodings(sent)]);
    node.links.congest(1, false);
    node.tick();
    expect(node.links.transactionsTo(1)).toEqual([encodings(sent)]);
    expect(node.transactions.backlogCount(1)).toBe(0);
  });

  test("gets what came later after what waits, however long that takes", () => {
    const node = createGossip({ peers: 1 });
    const sent = fakeTransactions(5 * IN_MESSAGE_MAX);
    const early = Math.min(BACKLOG_COUNT_MAX, 4 * IN_MESSAGE_MAX + 10);
    node.links.congest(1, true);
    node.pool.admit(sent.slice(0, early));
    node.tick();
    node.links.congest(1, false);
    node.tick();
    expect(node.transactions.backlogCount(1)).toBe(early - 4 * IN_MESSAGE_MAX);
    node.pool.admit(sent.slice(early));
    node.tick();
    node.tick();
    expect(node.links.transactionsTo(1).flat()).toEqual([...encodings(sent)]);
  });

  test("has a backlog of bounded size", () => {
    const node = createGossip({ peers: 1 });
    const codeSizeBytes = 256 * 1024;
    node.links.congest(1, true);
    node.pool.admit([0, 1, 2, 3, 4, 5].map((nonce) => fakeTransaction({ nonce, codeSizeBytes })));
    node.tick();
    expect(node.transactions.backlogCount(1)).toBe(Math.floor(BACKLOG_SIZE_BYTES_MAX / (codeSizeBytes + 256)));
  });

  test("is not sent what it has sent itself meanwhile", () => {
    const node = createGossip({ peers: 1 });
    const sent = fakeTransactions(3);
    node.links.congest(1, true);
    node.pool.admit(sent);
    node.tick();
    node.transactions.onTransactions(1, encodings(sent.slice(1)));
    node.links.congest(1, false);
    node.tick();
    expect(node.links.transactionsTo(1)).toEqual([encodings(sent.slice(0, 1))]);
  });

  test("has a bounded backlog whose oldest are dropped, and is offered the mempool in the end", () => {
    const node = createGossip({ peers: 1 });
    const sent = fakeTransactions(BACKLOG_COUNT_MAX + 1);
    node.links.congest(1, true);
    node.pool.admit(sent.slice(0, BACKLOG_COUNT_MAX));
    node.tick();
    expect(node.transactions.backlogCount(1)).toBe(BACKLOG_COUNT_MAX);
    node.pool.admit(sent.slice(BACKLOG_COUNT_MAX));
    node.tick();
    expect(node.transactions.backlogCount(1)).toBe(BACKLOG_COUNT_MAX);
    node.links.congest(1, false);
    for (let count = 0; count < 10; count++) node.tick(OFFER_INTERVAL_MS);
    const received = node.links.transactionsTo(1).flat();
    expect(received).toHaveLength(sent.length);
    expect(received[0]).toEqual(sent[1]?.encoded as never);
    expect(received.at(-1)).toEqual(sent[0]?.encoded as never);
  });
});

describe("a peer that becomes ready", () => {
  test("is offered what waits in the mempool, a message at a tick, without what it has", () => {
    const node = createGossip({ peers: 1 });
    const waiting = fakeTransactions(2 * IN_MESSAGE_MAX + 10);
    node.pool.admit(waiting);
    node.tick(OFFER_INTERVAL_MS);
    node.links.sent.length = 0;
    node.connect(2);
    node.transactions.onTransactions(2, encodings(waiting.slice(0, 5)));
    node.tick();
    expect(node.links.transactionsTo(2)).toHaveLength(1);
    for (let count = 0; count < 5; count++) node.tick();
    expect(node.links.transactionsTo(2).flat()).toEqual([...encodings(waiting.slice(5))]);
    expect(node.links.transactionsTo(1)).toEqual([]);
  });

  test("is not offered what it was just sent like all others", () => {
    const node = createGossip({ peers: 1 });
    node.pool.admit(fakeTransactions(3));
    node.connect(2);
    node.tick(OFFER_INTERVAL_MS);
    node.tick();
    expect(node.links.transactionsTo(2)).toHaveLength(1);
  });

  test("waits for its offer while one was made just now, or while it is congested", () => {
    const node = createGossip({ peers: 1 });
    node.pool.admit(fakeTransactions(3));
    node.connect(2);
    node.connect(3);
    node.links.congest(3, true);
    // Peers 2 and 3 are ready before the batch leaves, and are sent it like any other peer.
    node.tick();
    expect(node.links.transactionsTo(2)).toHaveLength(1);
    node.connect(4);
    node.tick(OFFER_INTERVAL_MS - 1);
    expect(node.links.transactionsTo(4)).toEqual([]);
    node.tick(1);
    expect(node.links.transactionsTo(4)).toHaveLength(1);
    expect(node.links.transactionsTo(3)).toEqual([]);
  });

  test("shares a tick's bytes with the others", () => {
    const peers = 2 * Math.ceil(OFFER_SIZE_BYTES_PER_TICK / (IN_MESSAGE_MAX * SIZE_BYTES));
    const node = createGossip({ peers: 0 });
    node.pool.admit(fakeTransactions(IN_MESSAGE_MAX));
    node.tick(OFFER_INTERVAL_MS);
    for (let connectionId = 1; connectionId <= peers; connectionId++) node.connect(connectionId);
    node.tick(OFFER_INTERVAL_MS);
    const served = () => node.links.sent.length;
    expect(served()).toBeGreaterThan(1);
    expect(served()).toBeLessThan(peers);
    node.tick();
    node.tick();
    expect(served()).toBe(peers);
  });
});
