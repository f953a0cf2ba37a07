// A full pool makes room by dropping the last transactions of whoever holds most, and what waits may not cost more than
// its sender owns.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { SenderAccount } from "../../../../src/core/mempool/admission.ts";
import { LargestHolder } from "../../../../src/core/mempool/largestHolder.ts";
import type { Address, Nonce } from "../../../../src/core/primitives/index.ts";
import { account, createPool, deploy, pay, sender, TRANSFER_SIZE_BYTES } from "./pool.ts";

function held(pool: ReturnType<typeof createPool>): [number, number][] {
  return pool.mempool
    .list(10_000)
    .map(({ transaction }): [number, number] => [
      Number(transaction.transaction.from) - 1,
      transaction.transaction.nonce,
    ])
    .toSorted(([leftSender, left], [rightSender, right]) => leftSender - rightSender || left - right);
}

test("the largest holder is the one that a search of all would find, through any changes", () => {
  const holders = new LargestHolder();
  const held = new Map<number, number>();
  // Enough changes for the heap to be built anew several times.
  for (let step = 0; step < 20_000; step++) {
    const who = (step * 7919) % 23;
    const now = held.get(who) ?? 0;
    const change = step % 3 === 0 ? -now : ((step * 104_729) % 50) + 1;
    held.set(who, now + change);
    if (change !== 0) holders.add(sender(who), change);
    const most = Math.max(...held.values());
    expect(holders.top()?.bytes).toBe(most === 0 ? undefined : most);
    if (step % 500 === 0) for (const [each, bytes] of held) expect(holders.bytesOf(sender(each))).toBe(bytes);
  }
});

describe("a full pool", () => {
  test("drops the last transaction of the largest holder for a newcomer", () => {
    const pool = createPool({ limits: { countMax: 3 } });
    for (const nonce of [0, 1, 2]) pool.add(pay({ nonce }));
    expect(pool.add(pay({ from: 1 }))).toBeUndefined();
    expect(held(pool)).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
    // Now the largest holder has two, and a third sender gets the place of the second one.
    expect(pool.add(pay({ from: 2 }))).toBeUndefined();
    expect(pool.add(pay({ from: 3 }))).toBe("mempool_full");
    expect(pool.add(pay({ from: 0, nonce: 1 }))).toBe("mempool_full");
  });

  test("drops nothing for whoever holds most himself, or as much", () => {
    const pool = createPool({ limits: { countMax: 4 } });
    for (const from of [0, 1]) for (const nonce of [0, 1]) pool.add(pay({ from, nonce }));
    const before = held(pool);
    expect(pool.add(pay({ from: 0, nonce: 2 }))).toBe("mempool_full");
    expect(pool.add(pay({ from: 1, nonce: 2 }))).toBe("mempool_full");
    expect(held(pool)).toEqual(before);
  });

  test("drops a sender's own later transaction for its earlier one, which may close a gap, and not the other way", () => {
    const pool = createPool({ limits: { countMax: 3 } });
    for (const nonce of [1, 2, 3]) pool.add(pay({ nonce }));
    expect(pool.add(pay({ nonce: 4 }))).toBe("mempool_full");
    expect(pool.add(pay({ nonce: 0 }))).toBeUndefined();
    expect(pool.ready()).toEqual([0, 1, 2]);
    expect(pool.add(pay({ nonce: 3 }))).toBe("mempool_full");
  });

  test("takes the transaction that closes a gap in place of the sender's last", () => {
    const pool = createPool({ limits: { countMax: 3 } });
    for (const nonce of [1, 2, 3]) pool.add(pay({ nonce }));
    expect(pool.ready()).toEqual([]);
    expect(pool.add(pay({ nonce: 0 }))).toBeUndefined();
    expect(pool.ready()).toEqual([0, 1, 2]);
    expect(pool.add(pay({ nonce: 3 }))).toBe("mempool_full");
  });

  test("counts bytes: one large transaction outweighs several small ones", () => {
    const pool = createPool({ limits: { sizeBytesMax: 3 * TRANSFER_SIZE_BYTES + 2000 } });
    expect(pool.add(deploy({ from: 0, codeSizeBytes: 1900 }))).toBeUndefined();
    for (const nonce of [0, 1, 2]) pool.add(pay({ from: 1, nonce }));
    expect(pool.add(pay({ from: 2 }))).toBeUndefined();
    expect(held(pool).map(([from]) => from)).not.toContain(0);
  });

  test("that can't make enough room drops nothing", () => {
    const pool = createPool({ limits: { sizeBytesMax: 3 * TRANSFER_SIZE_BYTES } });
    // The waiting one stays a waiting one when it has been dropped and put back.
    for (const nonce of [0, 1, 5]) pool.add(pay({ nonce }));
    const before = [held(pool), pool.ready(), pool.mempool.sizeBytes];
    expect(pool.add(deploy({ from: 1, codeSizeBytes: 400 }))).toBe("mempool_full");
    expect([held(pool), pool.ready(), pool.mempool.sizeBytes]).toEqual(before);
  });

  test("never passes its bounds, and its sums stay those of what it holds", () => {
    const limits = { countMax: 6, sizeBytesMax: 6 * TRANSFER_SIZE_BYTES, perAccountMax: 4 };
    const draft = fc.record({ from: fc.nat(4), nonce: fc.nat(5), price: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 60 }), (drafts) => {
        const pool = createPool({ limits });
        const nonces = new Map<number, number>();
        for (const [index, fields] of drafts.entries()) {
          const nonce = nonces.get(fields.from) ?? 0;
          const transaction = pay(fields);
          if (index % 7 === 6) {
            const [first] = pool.mempool.list(1);
            if (first === undefined) continue;
            pool.include([first.transaction]);
            nonces.set(Number(first.transaction.transaction.from) - 1, first.transaction.transaction.nonce + 1);
            continue;
          }
          pool.add(transaction, { account: account({ nonce }) });
          const listed = pool.mempool.list(1000).map((pending) => pending.transaction);
          expect(pool.mempool.count).toBe(listed.length);
          expect(pool.mempool.count).toBeLessThanOrEqual(limits.countMax);
          expect(pool.mempool.sizeBytes).toBe(listed.reduce((sum, { encoded }) => sum + encoded.length, 0));
          expect(pool.mempool.sizeBytes).toBeLessThanOrEqual(limits.sizeBytesMax);
          for (const { hash } of listed) expect(pool.mempool.get(hash)).toBeDefined();
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("what waits of one sender", () => {
  const poor: SenderAccount = account({ balance: 100 });

  test("costs no more than the sender owns", () => {
    const pool = createPool();
    expect(pool.add(pay({ nonce: 0, amount: 60 }), { account: poor })).toBeUndefined();
    expect(pool.add(pay({ nonce: 1, amount: 41 }), { account: poor })).toBe("insufficient_balance");
    expect(pool.add(pay({ nonce: 1, amount: 40 }), { account: poor })).toBeUndefined();
    // A replacement gives back what it replaces.
    expect(pool.add(pay({ nonce: 1, amount: 39, price: 10 }), { account: poor })).toBeUndefined();
    pool.include([pay({ nonce: 0, amount: 60 })]);
    const after = account({ balance: 40, nonce: 1 });
    expect(pool.add(pay({ nonce: 2, amount: 1 }), { account: after })).toBe("insufficient_balance");
    pool.include([pay({ nonce: 1, amount: 39, price: 10 })]);
    expect(pool.add(pay({ nonce: 2, amount: 0 }), { account: account({ balance: 1, nonce: 2 }) })).toBeUndefined();
  });

  test("says what each transaction waits for", () => {
    const pool = createPool();
    for (const nonce of [0, 1, 2, 4]) pool.add(pay({ nonce, amount: 30 }));
    const reasons = (balance: number) =>
      pool.mempool
        .ofSender(sender(0) as Address, account({ balance, nonce: 0 as Nonce }))
        .map(({ waitsFor }) => waitsFor);
    expect(reasons(1000).map(({ kind }) => kind)).toEqual(["block", "block", "block", "nonce_gap"]);
    expect(reasons(40)).toEqual([
      { kind: "block" },
      { kind: "balance", cost: 30, left: 10 },
      { kind: "predecessor", nonce: 1 as Nonce },
      { kind: "nonce_gap", nonce: 3 as Nonce },
    ]);
  });
});
