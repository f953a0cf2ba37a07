// The order in which a block takes transactions.

import { expect, test } from "bun:test";
import { createPool, type Draft, pay } from "./pool.ts";

function orderOf(drafts: readonly Draft[]): [number, number][] {
  const pool = createPool();
  for (const draft of drafts) pool.add(pay(draft));
  return pool.order();
}

test("the highest price first", () => {
  const drafts = [5, 9, 1, 7].map((price, from) => ({ from, price }));
  expect(orderOf(drafts).map(([from]) => from)).toEqual([1, 3, 0, 2]);
});

test("at equal price each sender in turn, then the one that came first", () => {
  const drafts = [0, 1, 2].map((nonce): Draft => ({ from: 0, nonce }));
  expect(orderOf([...drafts, { from: 1 }, { from: 1, nonce: 1 }, { from: 2 }])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [0, 1],
    [1, 1],
    [0, 2],
  ]);
});

test("a dear transaction waits for the cheap one before it", () => {
  expect(
    orderOf([
      { from: 0, nonce: 0, price: 1 },
      { from: 0, nonce: 1, price: 100 },
      { from: 1, price: 50 },
    ]),
  ).toEqual([
    [1, 0],
    [0, 0],
    [0, 1],
  ]);
});

test("transactions past a gap are not taken", () => {
  expect(
    orderOf([
      { from: 0, nonce: 0 },
      { from: 0, nonce: 2, price: 9 },
      { from: 1, nonce: 1, price: 9 },
    ]),
  ).toEqual([[0, 0]]);
});

test("a sender that is skipped offers nothing more, and the others go on", () => {
  const pool = createPool();
  for (const nonce of [0, 1, 2]) {
    pool.add(pay({ from: 0, nonce, price: 9 }));
    pool.add(pay({ from: 1, nonce, price: 1 }));
  }
  const order = pool.mempool.order();
  expect(order.next()?.transaction.nonce as number).toBe(0);
  order.skipSender();
  const rest = [order.next(), order.next(), order.next(), order.next()];
  expect(rest.map((next) => next && [Number(next.transaction.from) - 1, next.transaction.nonce])).toEqual([
    [1, 0],
    [1, 1],
    [1, 2],
    undefined,
  ]);
  expect(order.next()).toBeUndefined();
});

test("taking from an order leaves the pool as it is", () => {
  const pool = createPool();
  for (const from of [0, 1, 2]) pool.add(pay({ from }));
  expect(pool.order()).toEqual(pool.order());
  expect(pool.mempool.count).toBe(3);
});
