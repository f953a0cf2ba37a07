// The state over stored values: what counts as changed, and as new.

import { expect, test } from "bun:test";
import type { Address, Amount, Bytes, Nonce } from "../../../../src/core/primitives/index.ts";
import { type Account, EMPTY_ACCOUNT, encodeAccount, encodeSupply } from "../../../../src/core/state/account.ts";
import { accountKey, SUPPLY_KEY } from "../../../../src/core/state/keys.ts";
import { State } from "../../../../src/core/state/state.ts";

const [ANNE, BERT, CARL] = ["aa", "bb", "cc"].map((digits) => `0x${digits.repeat(20)}` as Address) as [
  Address,
  Address,
  Address,
];

function withBalance(balance: number): Account {
  return { ...EMPTY_ACCOUNT, balance: balance as Amount };
}

/** Anne has 100, and the supply says so. */
function stateWithAnne(): State {
  const stored = new Map<string, Bytes | undefined>([
    [accountKey(ANNE).toHex(), encodeAccount(withBalance(100))],
    [SUPPLY_KEY.toHex(), encodeSupply(100 as Amount)],
  ]);
  return new State({ stateValue: (key) => stored.get(key.toHex()) });
}

test("changes name each key once, with what the store holds and what it shall hold", () => {
  const state = stateWithAnne();
  state.setAccount(ANNE, withBalance(60));
  state.setAccount(BERT, withBalance(10));
  state.setAccount(ANNE, withBalance(50));
  state.setSupply(60 as Amount);
  expect(state.changes()).toEqual([
    { key: accountKey(ANNE), value: encodeAccount(withBalance(50)), previous: encodeAccount(withBalance(100)) },
    { key: accountKey(BERT), value: encodeAccount(withBalance(10)), previous: undefined },
    { key: SUPPLY_KEY, value: encodeSupply(60 as Amount), previous: encodeSupply(100 as Amount) },
  ]);
});

test("a value that came back to what it was is no change", () => {
  const state = stateWithAnne();
  state.setAccount(ANNE, withBalance(60));
  state.setAccount(BERT, withBalance(40));
  state.setAccount(BERT, EMPTY_ACCOUNT);
  state.setAccount(ANNE, withBalance(100));
  state.setSupply(7 as Amount);
  state.setSupply(100 as Amount);
  expect(state.changes()).toEqual([]);
});

test("what was reverted is no change", () => {
  const state = stateWithAnne();
  const checkpoint = state.checkpoint();
  state.setAccount(ANNE, withBalance(1));
  state.setAccount(BERT, withBalance(99));
  state.setSupply(1 as Amount);
  state.revert(checkpoint);
  expect(state.changes()).toEqual([]);
  expect([state.account(ANNE).balance, state.account(BERT).balance, state.supply()] as number[]).toEqual([100, 0, 100]);
});

test("an account that became empty is removed", () => {
  const state = stateWithAnne();
  state.setAccount(ANNE, EMPTY_ACCOUNT);
  expect(state.changes()).toEqual([
    { key: accountKey(ANNE), value: undefined, previous: encodeAccount(withBalance(100)) },
  ]);
});

test("a supply that became 0 is removed, since the root knows no history", () => {
  const state = stateWithAnne();
  state.setSupply(0 as Amount);
  expect(state.changes()).toEqual([{ key: SUPPLY_KEY, value: undefined, previous: encodeSupply(100 as Amount) }]);
});

test("new bytes are those of accounts that neither the store nor the mark had", () => {
  const state = stateWithAnne();
  const start = state.checkpoint();
  state.setAccount(ANNE, { ...withBalance(1), nonce: 1 as Nonce });
  expect(state.newStateBytesSince(start)).toBe(0);
  state.setAccount(BERT, withBalance(5));
  expect(state.newStateBytesSince(start)).toBe(46);
  const later = state.checkpoint();
  state.setAccount(BERT, withBalance(6));
  expect(state.newStateBytesSince(later)).toBe(0);
  state.setAccount(CARL, withBalance(1));
  expect(state.newStateBytesSince(later)).toBe(46);
  expect(state.newStateBytesSince(start)).toBe(92);
  state.revert(later);
  expect(state.newStateBytesSince(start)).toBe(46);
});

test("an account of the store that was emptied and comes back is not new", () => {
  const state = stateWithAnne();
  state.setAccount(ANNE, EMPTY_ACCOUNT);
  const checkpoint = state.checkpoint();
  state.setAccount(ANNE, withBalance(3));
  expect(state.newStateBytesSince(checkpoint)).toBe(0);
});
