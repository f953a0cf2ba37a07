// What is refused before a signature is recovered.

import { expect, test } from "bun:test";
import { precheck } from "../../../../src/core/node/precheck.ts";
import { createQueries } from "../../../../src/core/node/queries.ts";
import type { Address, Gas, Nonce } from "../../../../src/core/primitives/index.ts";
import type { Transaction } from "../../../../src/core/protocol/index.ts";
import { TEST_BALANCE, testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { mineAndImport, openTestChain, verified } from "../../../support/testChain.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";

const ANNE = testAccount(0).address;
const GUEST = `0x${"ee".repeat(20)}` as Address;

const testChain = openTestChain({ genesis: testGenesis({ allowList: [GUEST] }) });
const queries = createQueries(testChain);

function check(change: Partial<Transaction>): string | undefined {
  const base = transfer({ from: ANNE, to: testAccount(1).address, amount: 1, nonce: 1 });
  return precheck(verified({ ...base, ...change } as Transaction, testChain.domain), queries)?.code;
}

test("what committed state alone rules out", () => {
  const first = transfer({ from: ANNE, to: testAccount(1).address, amount: 1, nonce: 0 });
  mineAndImport(testChain, { transactions: [verified(first, testChain.domain)] });
  expect(check({})).toBeUndefined();
  expect(check({ gasLimit: 1 as Gas })).toBe("gas_limit_too_low");
  expect(check({ nonce: 0 as Nonce })).toBe("nonce_too_low");
  expect(check({ amount: TEST_BALANCE as never })).toBe("insufficient_balance");
  expect(check({ from: `0x${"dd".repeat(20)}` as Address, amount: 0 as never })).toBe("unknown_sender");
  expect(check({ from: GUEST, amount: 0 as never })).toBeUndefined();
  expect(check({ ...ORDINARY_TRANSACTIONS.stake, from: ANNE })).toBe("not_yet_enabled");
});

test("a nonce far ahead passes here, since what waits in the mempool is not known", () => {
  expect(check({ nonce: 10_000 as Nonce })).toBeUndefined();
});
