// One transaction: may it be here, what does it do, what does it cost.

import { accept, defined, type Nonce, type Result, refuse } from "../primitives/index.ts";
import { checkTransaction, costMax, feeOf, type Receipt, type Transaction } from "../protocol/index.ts";
import { debit } from "../state/index.ts";
import type { ExecutionCode, ExecutionContext } from "./context.ts";
import { executorOf } from "./executors.ts";

function check(transaction: Transaction, context: ExecutionContext): Result<undefined, ExecutionCode> {
  const { block, state } = context;
  const { expiry, gasPrice, gasLimit, nonce, from } = transaction;
  // A block comes from somebody who may have checked nothing; with a gas limit below the intrinsic gas, the fee would pass
  // the cost that the balance is held against.
  const malformed = checkTransaction(transaction);
  if (malformed !== undefined) return { ok: false, refusal: malformed };
  if (executorOf(transaction) === undefined) {
    return refuse("not_yet_enabled", `this version of the protocol does not execute ${transaction.type} transactions`);
  }
  if (expiry !== 0 && block.height > expiry) {
    return refuse("expired", `the transaction expired after height ${expiry}`, { expiry, height: block.height });
  }
  if (gasPrice < block.parameters.gasPriceMin) {
    const gasPriceMin = block.parameters.gasPriceMin;
    return refuse("gas_price_too_low", `gasPrice is ${gasPrice}; at least ${gasPriceMin} is needed`, { gasPriceMin });
  }
  const sender = state.account(from);
  if (nonce !== sender.nonce) {
    const code = nonce < sender.nonce ? "nonce_too_low" : "nonce_gap";
    return refuse(code, `nonce is ${nonce}; the account's next is ${sender.nonce}`, { nonce, expected: sender.nonce });
  }
  const cost = costMax(transaction);
  if (cost === undefined || cost > sender.balance) {
    return refuse("insufficient_balance", `the balance of ${sender.balance} does not cover amount and highest fee`, {
      balance: sender.balance,
    });
  }
  if (gasLimit > context.gasLeft) {
    return refuse("block_gas_exhausted", `gasLimit is ${gasLimit}; the block has ${context.gasLeft} left`);
  }
  return accept(undefined);
}

/** Executes `transaction`, or refuses it with the state as it was. The fee leaves the sender; the block credits it. */
export function applyTransaction(transaction: Transaction, context: ExecutionContext): Result<Receipt, ExecutionCode> {
  const checked = check(transaction, context);
  if (!checked.ok) return checked;

  const { state } = context;
  const checkpoint = state.checkpoint();
  const sender = state.account(transaction.from);
  state.setAccount(transaction.from, { ...sender, nonce: (sender.nonce + 1) as Nonce });
  const execute = defined(executorOf(transaction), "a checked transaction has an executor");
  const outcome = execute(transaction, context, checkpoint);
  const fee = defined(feeOf({ gas: outcome.gasUsed, price: transaction.gasPrice }), "a checked fee is a safe integer");
  debit(state, transaction.from, fee);

  const newStateBytes = state.newStateBytesSince(checkpoint);
  if (newStateBytes > context.newStateBytesLeft) {
    state.revert(checkpoint);
    return refuse(
      "block_state_exhausted",
      `the transaction adds ${newStateBytes} bytes of state; the block has ${context.newStateBytesLeft} left`,
    );
  }
  return accept({ ...outcome, fee });
}
