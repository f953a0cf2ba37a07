// Transactions in a block: the static rules hold there too, whoever made the block.

import { expect, test } from "bun:test";
import { applyTransaction } from "../../../../src/core/execution/applyTransaction.ts";
import type { Amount, Gas, GasPrice, Height, Nonce, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS, type Transaction } from "../../../../src/core/protocol/index.ts";
import { EMPTY_ACCOUNT, State } from "../../../../src/core/state/index.ts";
import { ORDINARY_TRANSACTIONS, SENDER } from "../../../vectors/samples.ts";

const { transfer } = ORDINARY_TRANSACTIONS;

function apply(transaction: Transaction, sender: { balance: number; nonce: number }) {
  const state = new State({ stateValue: () => undefined });
  state.setAccount(SENDER, { ...EMPTY_ACCOUNT, balance: sender.balance as Amount, nonce: sender.nonce as Nonce });
  const block = {
    height: 1 as Height,
    timestampMs: 1 as TimestampMs,
    proposer: SENDER,
    parameters: DEFAULT_PARAMETERS,
  };
  const gasLeft = DEFAULT_PARAMETERS.blockGasLimit;
  return applyTransaction(transaction, { state, block, gasLeft, newStateBytesLeft: 10_000 });
}

test("a gas limit below the intrinsic gas is refused, also where the balance covers the cost that it names", () => {
  const cheap = { ...transfer, gasLimit: 0 as Gas, gasPrice: 1_000_000 as GasPrice, amount: 1_000 as Amount };
  const result = apply(cheap, { balance: 1_000, nonce: transfer.nonce });
  expect(result).toMatchObject({ ok: false, refusal: { code: "gas_limit_too_low" } });
});

test("the last nonce is refused, after which the account could not count any further", () => {
  const last = { ...transfer, nonce: Number.MAX_SAFE_INTEGER as Nonce, amount: 1 as Amount };
  const result = apply(last, { balance: 1_000_000, nonce: Number.MAX_SAFE_INTEGER });
  expect(result).toMatchObject({ ok: false, refusal: { code: "invalid_transaction" } });
});
