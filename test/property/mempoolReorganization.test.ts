// After random reorganizations the mempool holds what one would that is filled from nothing with all that is not
// included; and senders that no branch touches keep their places.

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { SenderAccount } from "../../src/core/mempool/index.ts";
import type { Address, Height } from "../../src/core/primitives/index.ts";
import type { VerifiedTransaction } from "../../src/core/protocol/index.ts";
import { account, createPool, pay, sender, type TestPool } from "../unit/core/mempool/pool.ts";
import { checkProperty } from "./checkProperty.ts";

const SENDERS = 5;
const NONCES = 8;

/** One branch takes so many transactions of each sender from where the ancestor has left it. */
const branch = fc.array(fc.nat(3), { minLength: SENDERS, maxLength: SENDERS });
const scenario = fc.record({
  waiting: fc.array(fc.record({ from: fc.nat(SENDERS - 1), nonce: fc.nat(NONCES - 1), price: fc.nat(3) }), {
    maxLength: 40,
  }),
  branches: fc.array(branch, { minLength: 1, maxLength: 4 }),
  /** Whether the next branch takes other transactions with the same nonces. */
  isOther: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

const key = ({ transaction }: VerifiedTransaction) => `${transaction.from}/${transaction.nonce}`;
const hashes = ({ mempool }: TestPool) => mempool.list(1000).map(({ transaction }) => transaction.hash);

/** Two of a block, so that the order of blocks matters. */
function blocksOf(transactions: readonly VerifiedTransaction[]) {
  const half = transactions.length >> 1;
  return [transactions.slice(0, half), transactions.slice(half)].map((each) => ({ transactions: each }));
}

function check({ waiting, branches, isOther }: Scenario): void {
  const pool = createPool();
  const known = new Map<string, VerifiedTransaction>();
  const keep = (transaction: VerifiedTransaction, of: SenderAccount) => {
    if (pool.add(transaction, { account: of }) === undefined) known.set(key(transaction), transaction);
  };
  for (const { from, nonce, price } of waiting) {
    const transaction = pay({ from, nonce, price });
    if (!known.has(key(transaction))) keep(transaction, account());
  }
  let taken: readonly VerifiedTransaction[] = [];
  let nonces = new Map<Address, number>();
  branches.forEach((counts, index) => {
    // Rising nonces of each sender, mixed.
    const next = Array.from({ length: NONCES }, (_, nonce) =>
      counts.flatMap((count, from) => {
        if (nonce >= count) return [];
        const own = pay({ from, nonce, price: 1 });
        return [isOther[index] ? pay({ from, nonce, amount: 2 + index }) : (known.get(key(own)) ?? own)];
      }),
    ).flat();
    const before = pool.mempool.list(1000);
    const touched = new Set([...taken, ...next].map(({ transaction }) => transaction.from));
    nonces = new Map(counts.map((count, from) => [sender(from), count]));
    const at = (address: Address) => account({ nonce: nonces.get(address) ?? 0 });
    pool.mempool.applyReorganization({
      abandoned: blocksOf(taken),
      adopted: blocksOf(next),
      account: at,
      height: (20 + index) as Height,
    });
    for (const transaction of taken) known.set(key(transaction), transaction);
    for (const [name, { transaction }] of known) {
      if (transaction.nonce < (nonces.get(transaction.from) ?? 0)) known.delete(name);
    }
    const rebuilt = createPool();
    const rising = [...known.values()].toSorted((left, right) => left.transaction.nonce - right.transaction.nonce);
    for (const transaction of rising) rebuilt.add(transaction, { account: at(transaction.transaction.from) });
    expect(hashes(pool).toSorted()).toEqual(hashes(rebuilt).toSorted());
    for (let from = 0; from < SENDERS; from++) expect(pool.ready(from)).toEqual(rebuilt.ready(from));
    expect(pool.mempool.sizeBytes).toBe(rebuilt.mempool.sizeBytes);
    const untouched = (list: typeof before) =>
      list.filter(({ transaction }) => !touched.has(transaction.transaction.from));
    expect(untouched(pool.mempool.list(1000))).toEqual(untouched(before));
    taken = next;
  });
}

test("the content is that of a mempool filled from nothing", () => {
  checkProperty(fc.property(scenario, check), { numRuns: 200 });
});
