// The mempool: what waits, what is ready, what replaces what, how much it holds, and how it follows the chain.

import { describe, expect, test } from "bun:test";
import type { Address, Height, Nonce } from "../../../../src/core/primitives/index.ts";
import type { VerifiedTransaction } from "../../../../src/core/protocol/index.ts";
import { account, createPool, deploy, HEIGHT, pay, sender, type TestPool, TRANSFER_SIZE_BYTES } from "./pool.ts";

describe("nonces", () => {
  test("a transaction past a gap waits, and is ready when the gap is filled", () => {
    const pool = createPool();
    expect(pool.add(pay({ nonce: 2 }))).toBeUndefined();
    expect(pool.add(pay({ nonce: 1 }))).toBeUndefined();
    expect([pool.ready(), pool.mempool.hasReady(), pool.mempool.count]).toEqual([[], false, 2]);
    expect(pool.mempool.nextNonce(sender(0), 0 as Nonce) as number).toBe(0);
    expect(pool.add(pay({ nonce: 0 }))).toBeUndefined();
    expect([pool.ready(), pool.mempool.hasReady()]).toEqual([[0, 1, 2], true]);
    expect(pool.mempool.nextNonce(sender(0), 0 as Nonce) as number).toBe(3);
  });

  test("at most 64 may be left out, counted from the first that is missing", () => {
    const pool = createPool();
    expect(pool.add(pay({ nonce: 65 }))).toBe("nonce_too_far");
    expect(pool.add(pay({ nonce: 64 }))).toBeUndefined();
    expect(pool.add(pay({ nonce: 0 }))).toBeUndefined();
    expect(pool.add(pay({ nonce: 66 }))).toBe("nonce_too_far");
    expect(pool.add(pay({ nonce: 65 }))).toBeUndefined();
    expect(pool.ready()).toEqual([0]);
  });

  test("the account's own nonce is where it counts from", () => {
    const pool = createPool();
    const used = account({ nonce: 7 });
    expect(pool.add(pay({ nonce: 6 }), { account: used })).toBe("nonce_too_low");
    expect(pool.add(pay({ nonce: 72 }), { account: used })).toBe("nonce_too_far");
    expect(pool.add(pay({ nonce: 7 }), { account: used })).toBeUndefined();
    expect(pool.ready()).toEqual([7]);
    expect(pool.mempool.nextNonce(sender(0), 7 as Nonce) as number).toBe(8);
    expect(pool.mempool.nextNonce(sender(1), 3 as Nonce) as number).toBe(3);
  });
});

describe("replacement", () => {
  const atLeast: readonly [number, number][] = [
    [0, 1],
    [1, 2],
    [9, 10],
    [10, 11],
    [11, 13],
    [100, 110],
    [101, 112],
    [1_000_001, 1_100_002],
  ];

  test.each(atLeast)("price %p gives way to %p, not to less", (old, least) => {
    const pool = createPool();
    const first = pay({ price: old });
    expect(pool.add(first)).toBeUndefined();
    expect(pool.add(pay({ price: least - 1, amount: 2 }))).toBe("replacement_underpriced");
    const better = pay({ price: least, amount: 2 });
    expect(pool.add(better)).toBeUndefined();
    expect([pool.mempool.get(first.hash), pool.mempool.get(better.hash)]).toEqual([undefined, better]);
    expect([pool.mempool.count, pool.mempool.sizeBytes]).toEqual([1, TRANSFER_SIZE_BYTES]);
    expect(pool.mempool.order().next()).toBe(better);
  });

  test("names the price that would do", () => {
    const pool = createPool();
    pool.add(pay({ price: 100 }));
    const refusal = pool.mempool.add({ transaction: pay({ price: 109 }), account: account(), height: HEIGHT });
    expect(refusal).toMatchObject({ details: { gasPrice: 109, gasPriceMin: 110, replaces: pay({ price: 100 }).hash } });
  });

  test("a price so high that no number is a tenth above it is not replaced", () => {
    const pool = createPool();
    const rich = account({ balance: Number.MAX_SAFE_INTEGER });
    expect(pool.add(pay({ price: Number.MAX_SAFE_INTEGER - 1 }), { account: rich })).toBeUndefined();
    expect(pool.add(pay({ price: Number.MAX_SAFE_INTEGER }), { account: rich })).toBe("replacement_underpriced");
  });

  test("needs no room in a full pool, and none in a full queue", () => {
    const pool = createPool({ limits: { countMax: 1, sizeBytesMax: TRANSFER_SIZE_BYTES, perAccountMax: 1 } });
    expect(pool.add(pay({}))).toBeUndefined();
    expect(pool.add(pay({ price: 1 }))).toBeUndefined();
    expect(pool.mempool.count).toBe(1);
  });

  test("by a larger one keeps to the bound on bytes", () => {
    const pool = createPool({ limits: { sizeBytesMax: 1000 } });
    expect(pool.add(pay({}))).toBeUndefined();
    expect(pool.add(deploy({ price: 5, codeSizeBytes: 2000 }))).toBe("mempool_full");
    expect(pool.add(deploy({ price: 5, codeSizeBytes: 500 }))).toBeUndefined();
    expect(pool.mempool.sizeBytes).toBeWithin(500, 1001);
  });

  test("of a waiting one leaves those after it where they are", () => {
    const pool = createPool();
    for (const nonce of [0, 1, 2]) pool.add(pay({ nonce }));
    pool.add(pay({ nonce: 1, price: 3 }));
    expect(pool.ready()).toEqual([0, 1, 2]);
  });
});

describe("bounds", () => {
  test("of one account", () => {
    const pool = createPool({ limits: { perAccountMax: 2 } });
    expect([0, 1, 2].map((nonce) => pool.add(pay({ nonce })))).toEqual([undefined, undefined, "mempool_full"]);
    expect(pool.add(pay({ from: 1 }))).toBeUndefined();
    pool.include([pay({ nonce: 0 })]);
    expect(pool.add(pay({ nonce: 2 }), { account: account({ nonce: 1 }) })).toBeUndefined();
  });

  test("of count and of bytes", () => {
    const byCount = createPool({ limits: { countMax: 2 } });
    expect([0, 1, 2].map((from) => byCount.add(pay({ from })))).toEqual([undefined, undefined, "mempool_full"]);
    const byBytes = createPool({ limits: { sizeBytesMax: 2 * TRANSFER_SIZE_BYTES } });
    expect([0, 1, 2].map((from) => byBytes.add(pay({ from })))).toEqual([undefined, undefined, "mempool_full"]);
    expect(byBytes.mempool.sizeBytes).toBe(2 * TRANSFER_SIZE_BYTES);
  });

  test("a known transaction is told as such, even by a full pool", () => {
    const pool = createPool({ limits: { countMax: 1 } });
    pool.add(pay({}));
    expect(pool.add(pay({}))).toBe("already_known");
  });
});

describe("after a block", () => {
  test("what it included is gone, and what followed is ready", () => {
    const pool = createPool();
    const all = [0, 1, 2].map((nonce) => pay({ nonce }));
    for (const transaction of all) pool.add(transaction);
    pool.include(all.slice(0, 2));
    expect([pool.ready(), pool.mempool.count, pool.mempool.sizeBytes]).toEqual([[2], 1, TRANSFER_SIZE_BYTES]);
    expect(pool.mempool.get((all[0] as (typeof all)[0]).hash)).toBeUndefined();
  });

  test("what another transaction with its nonce has replaced in the block is gone", () => {
    const pool = createPool();
    const own = pay({ nonce: 0, amount: 5 });
    pool.add(own);
    pool.add(pay({ nonce: 2 }));
    pool.include([pay({ nonce: 0, amount: 6 }), pay({ nonce: 1 })]);
    expect(pool.mempool.get(own.hash)).toBeUndefined();
    expect(pool.ready()).toEqual([2]);
  });

  test("a gap that the block has filled is no gap any more", () => {
    const pool = createPool();
    pool.add(pay({ nonce: 1 }));
    pool.include([pay({ nonce: 0 })]);
    expect(pool.ready()).toEqual([1]);
    expect(pool.mempool.nextNonce(sender(0), 1 as Nonce) as number).toBe(2);
  });

  test("senders that it did not touch are left alone, and a queue that it emptied is forgotten", () => {
    const pool = createPool();
    pool.add(pay({ from: 0 }));
    pool.add(pay({ from: 1 }));
    pool.include([pay({ from: 0 }), pay({ from: 2 })]);
    expect(pool.order()).toEqual([[1, 0]]);
    expect(pool.mempool.nextNonce(sender(0), 9 as Nonce) as number).toBe(9);
  });

  test("what expires at its height is dropped, and what followed waits again", () => {
    const pool = createPool();
    pool.add(pay({ nonce: 0 }));
    pool.add(pay({ nonce: 1, expiry: HEIGHT + 1 }));
    pool.add(pay({ nonce: 2, expiry: HEIGHT + 2 }));
    pool.include([], HEIGHT);
    expect(pool.ready()).toEqual([0, 1, 2]);
    pool.include([], HEIGHT + 1);
    expect([pool.ready(), pool.mempool.count]).toEqual([[0], 2]);
    expect(pool.mempool.nextNonce(sender(0), 0 as Nonce) as number).toBe(1);
    expect(pool.add(pay({ nonce: 1 }))).toBeUndefined();
    expect(pool.ready()).toEqual([0, 1, 2]);
    pool.include([], HEIGHT + 2);
    expect([pool.ready(), pool.mempool.count, pool.mempool.sizeBytes]).toEqual([[0, 1], 2, 2 * TRANSFER_SIZE_BYTES]);
  });

  test("a pool that was emptied holds nothing, by any count", () => {
    const pool = createPool();
    const all = [0, 1, 2, 3].flatMap((from) => [0, 1].map((nonce) => pay({ from, nonce, expiry: HEIGHT + 50 })));
    for (const transaction of all) pool.add(transaction);
    pool.include(all);
    expect([pool.mempool.count, pool.mempool.sizeBytes, pool.mempool.hasReady()]).toEqual([0, 0, false]);
    expect(pool.mempool.list(10)).toEqual([]);
    pool.include([], HEIGHT + 60);
    expect(pool.mempool.count).toBe(0);
  });
});

describe("the list", () => {
  test("has ready ones in a block's order, then those that wait, each with the nonce that is missing", () => {
    const pool = createPool();
    const waiting = pay({ from: 0, nonce: 3, price: 9 });
    const cheap = pay({ from: 0, nonce: 0, price: 1 });
    const dear = pay({ from: 1, nonce: 0, price: 5 });
    for (const transaction of [waiting, cheap, dear]) pool.add(transaction);
    expect(pool.mempool.list(10)).toEqual([
      { transaction: dear, missingNonce: undefined },
      { transaction: cheap, missingNonce: undefined },
      { transaction: waiting, missingNonce: 1 as Nonce },
    ]);
  });

  test("is as short as it is asked to be", () => {
    const pool = createPool();
    for (const nonce of [0, 1, 5, 6]) pool.add(pay({ nonce }));
    expect([0, 1, 2, 3, 4, 5].map((countMax) => pool.mempool.list(countMax).length)).toEqual([0, 1, 2, 3, 4, 4]);
  });
});

describe("a reorganization", () => {
  const at =
    (nonces: Record<number, number>, balance = 1_000_000_000) =>
    (address: Address) =>
      account({ nonce: nonces[Number(address) - 1] ?? 0, balance });
  const reorganize = (
    pool: TestPool,
    options: {
      abandoned?: VerifiedTransaction[];
      adopted?: VerifiedTransaction[];
      account: ReturnType<typeof at>;
      height?: number;
    },
  ) =>
    pool.mempool.applyReorganization({
      abandoned: [{ transactions: options.abandoned ?? [] }],
      adopted: [{ transactions: options.adopted ?? [] }],
      account: options.account,
      height: (options.height ?? HEIGHT + 1) as Height,
    });

  test("brings back what the new branch does not hold, before what waits of the sender", () => {
    const pool = createPool();
    const included = [0, 1, 2].map((nonce) => pay({ nonce }));
    for (const transaction of included) pool.add(transaction);
    pool.include(included);
    pool.add(pay({ nonce: 3 }), { account: account({ nonce: 3 }) });
    expect(pool.ready()).toEqual([3]);
    expect(reorganize(pool, { abandoned: included, adopted: [included[0] as never], account: at({ 0: 1 }) })).toBe(2);
    expect(pool.ready()).toEqual([1, 2, 3]);
    expect(pool.mempool.nextNonce(sender(0), 1 as Nonce) as number).toBe(4);
  });

  test("lets a nonce go down where nothing comes back, so that what waits has to wait on", () => {
    const pool = createPool();
    pool.add(pay({ nonce: 2 }), { account: account({ nonce: 2 }) });
    expect(pool.ready()).toEqual([2]);
    const unfit = pay({ nonce: 1, price: 0, expiry: HEIGHT });
    expect(reorganize(pool, { abandoned: [unfit], account: at({ 0: 1 }) })).toBe(0);
    expect([pool.ready(), pool.mempool.count]).toEqual([[], 1]);
    pool.add(pay({ nonce: 1 }), { account: account({ nonce: 1 }) });
    expect(pool.ready()).toEqual([1, 2]);
  });

  test("drops what the new branch has used the nonces of, in whatever transactions", () => {
    const pool = createPool();
    for (const nonce of [0, 1, 2]) pool.add(pay({ nonce }));
    expect(
      reorganize(pool, { adopted: [pay({ nonce: 0, amount: 5 }), pay({ nonce: 1 })], account: at({ 0: 2 }) }),
    ).toBe(0);
    expect(pool.ready()).toEqual([2]);
  });

  test("keeps the places of what waits, and puts what comes back behind them", () => {
    const pool = createPool();
    const back = pay({ from: 1, nonce: 0 });
    pool.add(pay({ from: 0 }));
    pool.add(pay({ from: 1, nonce: 1 }), { account: account({ nonce: 1 }) });
    pool.add(pay({ from: 2 }));
    reorganize(pool, { abandoned: [back, pay({ from: 2, nonce: 0 })], account: at({}) });
    expect(pool.order()).toEqual([
      [0, 0],
      [2, 0],
      [1, 0],
      [1, 1],
    ]);
  });

  test("pays for the lowest nonces first, and drops what expired by the new height", () => {
    const pool = createPool();
    const poor = account({ balance: 10, nonce: 1 });
    pool.add(pay({ nonce: 1, amount: 6 }), { account: poor });
    pool.add(pay({ from: 3, expiry: HEIGHT + 5 }));
    expect(
      reorganize(pool, { abandoned: [pay({ nonce: 0, amount: 6 })], account: at({}, 10), height: HEIGHT + 5 }),
    ).toBe(1);
    expect(pool.order()).toEqual([[0, 0]]);
    expect(pool.mempool.count).toBe(1);
  });

  test("brings back no more than the mempool may hold", () => {
    const pool = createPool({ limits: { countMax: 3 } });
    const abandoned = Array.from({ length: 9 }, (_, nonce) => pay({ nonce }));
    expect(reorganize(pool, { abandoned, account: at({}) })).toBe(3);
    expect(pool.ready()).toEqual([0, 1, 2]);
  });
});
