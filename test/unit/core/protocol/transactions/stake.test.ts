// Stakes: what their own rules are.

import { expect, test } from "bun:test";
import type { Amount } from "../../../../../src/core/primitives/index.ts";
import { stakeKind } from "../../../../../src/core/protocol/transactions/stake.ts";
import { ORDINARY_TRANSACTIONS } from "../../../../vectors/samples.ts";

const { stake } = ORDINARY_TRANSACTIONS;

test("at least one unit is staked", () => {
  expect(stakeKind.check({ ...stake, amount: 1 as Amount })).toBeUndefined();
  expect(stakeKind.check({ ...stake, amount: 0 as Amount })?.code).toBe("invalid_transaction");
});

test("a stake takes its amount from the balance", () => {
  expect(stakeKind.outgoing(stake)).toBe(stake.amount);
});
