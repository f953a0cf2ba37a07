// Moving amounts. The sum of all balances and stakes stays the supply, so none of these can pass 2^53-1.

import { type Address, type Amount, assert } from "../primitives/index.ts";
import { MAX_SUPPLY } from "../protocol/index.ts";
import type { State } from "./state.ts";

/** Adds to a balance, whose sum with all others stays within the supply's bound. */
export function credit(state: State, address: Address, amount: Amount): void {
  if (amount === 0) return;
  const account = state.account(address);
  assert(amount <= MAX_SUPPLY - account.balance, "a balance stays within the supply's bound");
  state.setAccount(address, { ...account, balance: (account.balance + amount) as Amount });
}

/** Takes from a balance that has been checked to hold it. */
export function debit(state: State, address: Address, amount: Amount): void {
  if (amount === 0) return;
  const account = state.account(address);
  assert(amount <= account.balance, "a debit has been checked against the balance");
  state.setAccount(address, { ...account, balance: (account.balance - amount) as Amount });
}
