// The order of the mempool equals a sort that knows nothing of heaps, and its books balance after whatever comes.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { createPool, HEIGHT, pay, type TestPool, TRANSFER_SIZE_BYTES } from "../unit/core/mempool/pool.ts";
import { checkProperty } from "./checkProperty.ts";

interface Waiting {
  readonly from: number;
  readonly nonce: number;
  readonly price: number;
  readonly arrival: number;
}

/** Takes again and again the best of the senders' next transactions. */
function naiveOrder(waiting: readonly Waiting[]): [number, number][] {
  const taken: [number, number][] = [];
  const turns = new Map<number, number>();
  for (;;) {
    const turn = ({ from }: Waiting) => turns.get(from) ?? 0;
    const [best] = waiting
      .filter((candidate) => candidate.nonce === turn(candidate))
      .toSorted((a, b) => b.price - a.price || turn(a) - turn(b) || a.arrival - b.arrival);
    if (best === undefined) return taken;
    taken.push([best.from, best.nonce]);
    turns.set(best.from, best.nonce + 1);
  }
}

const draft = fc.record({ from: fc.nat(5), nonce: fc.nat(6), price: fc.nat(3) });

test("price, then turn, then arrival", () => {
  checkProperty(
    fc.property(fc.array(draft, { maxLength: 60 }), (drafts) => {
      const pool = createPool();
      const waiting = new Map<string, Waiting>();
      drafts.forEach(({ from, nonce, price }, arrival) => {
        if (pool.add(pay({ from, nonce, price })) === undefined) {
          waiting.set(`${from}/${nonce}`, { from, nonce, price, arrival });
        }
      });
      expect(pool.order()).toEqual(naiveOrder([...waiting.values()]));
    }),
    { numRuns: 150 },
  );
});

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("add" as const), ...draftFields(), expiry: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("block" as const), take: fc.nat(8) }) },
);

function draftFields() {
  return { from: fc.nat(3), nonce: fc.nat(5), price: fc.nat(30) };
}

/** Everything that the pool says of itself must agree. */
function expectBalanced(pool: TestPool, nonces: ReadonlyMap<number, number>, height: number): void {
  const { mempool } = pool;
  const listed = mempool.list(1000);
  expect(listed).toHaveLength(mempool.count);
  expect(mempool.sizeBytes).toBe(mempool.count * TRANSFER_SIZE_BYTES);
  const ready = listed.filter(({ missingNonce }) => missingNonce === undefined).map(({ transaction }) => transaction);
  expect(pool.order()).toHaveLength(ready.length);
  expect(mempool.hasReady()).toBe(ready.length > 0);
  for (const { transaction } of listed) {
    expect(mempool.get(transaction.hash)).toBe(transaction);
    const { from, nonce, expiry } = transaction.transaction;
    expect(nonce).toBeGreaterThanOrEqual(nonces.get(Number(from) - 1) ?? 0);
    if (expiry !== 0) expect(expiry as number).toBeGreaterThan(height);
  }
}

test("count, bytes, list and order agree through additions, replacements, blocks and expiry", () => {
  checkProperty(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const pool = createPool({ limits: { countMax: 12, perAccountMax: 4 } });
      const nonces = new Map<number, number>();
      let height = HEIGHT as number;
      for (const step of actions) {
        if (step.kind === "add") {
          const { from, expiry } = step;
          const account = { balance: 1e9, stake: 0, nonce: nonces.get(from) ?? 0 } as Parameters<
            TestPool["mempool"]["add"]
          >[0]["account"];
          pool.add(pay({ ...step, expiry: expiry === 0 ? 0 : height + expiry }), { account, height });
        } else {
          const order = pool.mempool.order();
          const included = Array.from({ length: step.take }, () => order.next()).filter((next) => next !== undefined);
          for (const { transaction } of included) nonces.set(Number(transaction.from) - 1, transaction.nonce + 1);
          height++;
          pool.include(included, height);
        }
        expectBalanced(pool, nonces, height);
      }
    }),
    { numRuns: 100 },
  );
});
