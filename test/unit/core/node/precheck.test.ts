// What is refused before a signature is recovered.

import { expect, test } from "bun:test";
import { Precheck } from "../../../../src/core/node/precheck.ts";
import { createQueries } from "../../../../src/core/node/queries.ts";
import type { Address, Gas, Nonce } from "../../../../src/core/primitives/index.ts";
import type { Transaction } from "../../../../src/core/protocol/index.ts";
import { TEST_BALANCE, testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { mineAndImport, openTestChain, verified } from "../../../support/testChain.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";

const ANNE = testAccount(0).address;
const BERT = testAccount(1).address;
const GUEST = `0x${"ee".repeat(20)}` as Address;

function createPrecheck() {
  const testChain = openTestChain({ genesis: testGenesis({ allowList: [GUEST] }) });
  const queries = createQueries(testChain);
  let reads = 0;
  const precheck = new Precheck({
    genesis: queries.genesis,
    account: (address) => {
      reads++;
      return queries.account(address);
    },
  });
  const check = (change: Partial<Transaction>): string | undefined => {
    const base = transfer({ from: ANNE, to: BERT, amount: 1, nonce: 1 });
    return precheck.check(verified({ ...base, ...change } as Transaction, testChain.domain))?.code;
  };
  const include = (...transactions: Transaction[]) => {
    mineAndImport(testChain, { transactions: transactions.map((next) => verified(next, testChain.domain)) });
  };
  return { check, include, readCount: () => reads };
}

test("what committed state alone rules out", () => {
  const { check, include } = createPrecheck();
  include(transfer({ from: ANNE, to: BERT, amount: 1, nonce: 0 }));
  expect(check({})).toBeUndefined();
  expect(check({ gasLimit: 1 as Gas })).toBe("gas_limit_too_low");
  expect(check({ nonce: 0 as Nonce })).toBe("nonce_too_low");
  expect(check({ amount: TEST_BALANCE as never })).toBe("insufficient_balance");
  expect(check({ from: `0x${"dd".repeat(20)}` as Address, amount: 0 as never })).toBe("unknown_sender");
  expect(check({ from: GUEST, amount: 0 as never })).toBeUndefined();
  expect(check({ ...ORDINARY_TRANSACTIONS.stake, from: ANNE })).toBe("not_yet_enabled");
});

test("a nonce far ahead passes here, since what waits in the mempool is not known", () => {
  expect(createPrecheck().check({ nonce: 10_000 as Nonce })).toBeUndefined();
});

test("a refusal rests on what is committed now, whatever was read before", () => {
  const { check, include } = createPrecheck();
  const all = { from: BERT, to: ANNE, nonce: 0 as Nonce, amount: (TEST_BALANCE + 5) as never };
  expect(check(all)).toBe("insufficient_balance");
  include(transfer({ from: ANNE, to: BERT, amount: 5, nonce: 0 }));
  expect(check(all)).toBeUndefined();
  include(transfer({ from: BERT, to: ANNE, amount: 1, nonce: 0 }));
  expect(check({ ...all, nonce: 1 as Nonce, amount: (TEST_BALANCE + 5) as never })).toBeUndefined();
  expect(check({ ...all, nonce: 1 as Nonce, amount: (TEST_BALANCE + 6) as never })).toBe("insufficient_balance");
});

test("an account that was read lets 64 more pass, and is then read anew", () => {
  const { check, include, readCount } = createPrecheck();
  expect(check({ nonce: 0 as Nonce })).toBeUndefined();
  include(transfer({ from: ANNE, to: BERT, amount: 1, nonce: 0 }));
  for (let use = 0; use < 64; use++) expect(check({ nonce: 0 as Nonce })).toBeUndefined();
  expect(readCount()).toBe(1);
  expect(check({ nonce: 0 as Nonce })).toBe("nonce_too_low");
  expect(readCount()).toBe(2);
});
