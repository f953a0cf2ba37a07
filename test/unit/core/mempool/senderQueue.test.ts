// The waiting transactions of one sender: which are ready.

import { expect, test } from "bun:test";
import { SenderQueue } from "../../../../src/core/mempool/senderQueue.ts";
import type { Nonce } from "../../../../src/core/primitives/index.ts";
import { pay } from "./pool.ts";

function queueOf(accountNonce: number, nonces: readonly number[]): SenderQueue {
  const queue = new SenderQueue(accountNonce as Nonce);
  nonces.forEach((nonce, arrival) => {
    queue.set({ transaction: pay({ nonce }), arrival });
  });
  return queue;
}

const nonceOf = (entry: ReturnType<SenderQueue["first"]>) => entry?.transaction.transaction.nonce as number | undefined;
const isReady = (queue: SenderQueue, nonces: readonly number[]) => nonces.map((nonce) => queue.isReady(nonce as Nonce));

test("what follows the account's nonce without a gap is ready, in whatever order it came", () => {
  const queue = queueOf(4, [7, 5, 4, 9]);
  expect([queue.size, queue.nextNonce as number, nonceOf(queue.first())]).toEqual([4, 6, 4]);
  expect(isReady(queue, [4, 5, 7, 9])).toEqual([true, true, false, false]);
  queue.set({ transaction: pay({ nonce: 6 }), arrival: 9 });
  expect(queue.nextNonce as number).toBe(8);
});

test("taking one out of the middle makes those after it wait; taking one past the gap does not move it", () => {
  const queue = queueOf(0, [0, 1, 2, 5]);
  queue.delete(1 as Nonce);
  expect([queue.nextNonce as number, ...isReady(queue, [0, 2, 5])]).toEqual([1, true, false, false]);
  queue.delete(5 as Nonce);
  expect(queue.nextNonce as number).toBe(1);
  queue.delete(0 as Nonce);
  expect([queue.nextNonce as number, nonceOf(queue.first()), queue.size]).toEqual([0, undefined, 1]);
});

test("following the account gives up what is used, and may find more ready", () => {
  const queue = queueOf(0, [0, 1, 3, 4, 7]);
  const used = queue.advanceTo(3 as Nonce).map(nonceOf);
  expect(used.toSorted()).toEqual([0, 1]);
  expect([queue.size, queue.nextNonce as number, nonceOf(queue.first())]).toEqual([3, 5, 3]);
  expect(queue.advanceTo(9 as Nonce)).toHaveLength(3);
  expect([queue.size, queue.nextNonce as number, queue.first()]).toEqual([0, 9, undefined]);
});

test("going back with the account makes the ready ones wait", () => {
  const queue = queueOf(5, [5, 6]);
  expect(queue.advanceTo(4 as Nonce)).toEqual([]);
  expect([queue.nextNonce as number, queue.first(), queue.size]).toEqual([4, undefined, 2]);
});
