// The two steps of balances that everything rests on.

import { expect, test } from "bun:test";
import type { Address, Amount } from "../../../../src/core/primitives/index.ts";
import { MAX_SUPPLY } from "../../../../src/core/protocol/index.ts";
import { credit, debit, EMPTY_ACCOUNT, State } from "../../../../src/core/state/index.ts";

const ANNE = `0x${"aa".repeat(20)}` as Address;

test("a credit past the supply's bound and a debit past the balance are bugs, not outcomes", () => {
  const state = new State({ stateValue: () => undefined });
  state.setAccount(ANNE, { ...EMPTY_ACCOUNT, balance: (MAX_SUPPLY - 1) as Amount });
  credit(state, ANNE, 1 as Amount);
  expect(state.account(ANNE).balance as number).toBe(MAX_SUPPLY);
  expect(() => credit(state, ANNE, 1 as Amount)).toThrow("supply's bound");
  debit(state, ANNE, MAX_SUPPLY as Amount);
  expect(() => debit(state, ANNE, 1 as Amount)).toThrow("checked against the balance");
  expect(state.account(ANNE)).toEqual(EMPTY_ACCOUNT);
});
