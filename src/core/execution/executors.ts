// What each kind of transaction does to the state, once its fee and nonce have been taken.

import { type Address, type Amount, assert, EMPTY_BYTES, type Gas } from "../primitives/index.ts";
import {
  kindOf,
  MAX_SUPPLY,
  type Receipt,
  type Transaction,
  type TransactionType,
  type Transfer,
} from "../protocol/index.ts";
import type { State } from "../state/index.ts";
import type { ExecutionContext } from "./context.ts";

type Outcome = Omit<Receipt, "fee">;
type Executor<Kind extends Transaction> = (transaction: Kind, context: ExecutionContext) => Outcome;

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

function executeTransfer(transaction: Transfer, context: ExecutionContext): Outcome {
  debit(context.state, transaction.from, transaction.amount);
  credit(context.state, transaction.to, transaction.amount);
  const gasUsed = kindOf(transaction).intrinsicGas(transaction) as Gas;
  return { outcome: "success", gasUsed, returnData: EMPTY_BYTES, events: [] };
}

// A kind without an executor has its encoding, digest and checks, and is refused as not_yet_enabled by this protocol
// version, in the mempool as in blocks.
const executors: { readonly [Type in TransactionType]?: Executor<Extract<Transaction, { type: Type }>> } = {
  transfer: executeTransfer,
};

export function executorOf(transaction: Transaction): Executor<Transaction> | undefined {
  return executors[transaction.type as "transfer"] as Executor<Transaction> | undefined;
}

/** Whether this protocol version executes transactions of this kind. */
export function isEnabled(transaction: Transaction): boolean {
  return executorOf(transaction) !== undefined;
}
