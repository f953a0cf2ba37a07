// Unstakes: what their own rules are.

import { expect, test } from "bun:test";
import type { Amount } from "../../../../../src/core/primitives/index.ts";
import { unstakeKind } from "../../../../../src/core/protocol/transactions/unstake.ts";
import { ORDINARY_TRANSACTIONS } from "../../../../vectors/samples.ts";

const { unstake } = ORDINARY_TRANSACTIONS;

test("at least one unit is unstaked", () => {
  expect(unstakeKind.check({ ...unstake, amount: 1 as Amount })).toBeUndefined();
  expect(unstakeKind.check({ ...unstake, amount: 0 as Amount })?.code).toBe("invalid_transaction");
});

test("an unstake takes nothing from the balance but its fee", () => {
  expect(unstakeKind.outgoing(unstake)).toBe(0 as Amount);
});
