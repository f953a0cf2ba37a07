// The kinds that this version executes, and the two steps of balances that all of them rest on.

import { expect, test } from "bun:test";
import { credit, debit, isEnabled } from "../../../../src/core/execution/executors.ts";
import type { Address, Amount } from "../../../../src/core/primitives/index.ts";
import { MAX_SUPPLY } from "../../../../src/core/protocol/index.ts";
import { EMPTY_ACCOUNT, State } from "../../../../src/core/state/index.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";

const ANNE = `0x${"aa".repeat(20)}` as Address;

function stateWith(balance: number): State {
  const state = new State({ stateValue: () => undefined });
  state.setAccount(ANNE, { ...EMPTY_ACCOUNT, balance: balance as Amount });
  return state;
}

test("transfers are executed, and nothing else yet", () => {
  const enabled = Object.values(ORDINARY_TRANSACTIONS).filter(isEnabled);
  expect(enabled.map(({ type }) => type)).toEqual(["transfer"]);
});

test("a credit past the supply's bound and a debit past the balance are bugs, not outcomes", () => {
  const state = stateWith(MAX_SUPPLY - 1);
  credit(state, ANNE, 1 as Amount);
  expect(state.account(ANNE).balance as number).toBe(MAX_SUPPLY);
  expect(() => credit(state, ANNE, 1 as Amount)).toThrow("supply's bound");
  debit(state, ANNE, MAX_SUPPLY as Amount);
  expect(() => debit(state, ANNE, 1 as Amount)).toThrow("checked against the balance");
  expect(state.account(ANNE)).toEqual(EMPTY_ACCOUNT);
});
