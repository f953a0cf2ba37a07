// One transaction: each rule that refuses it, and what a transfer does to the two accounts.

import { describe, expect, test } from "bun:test";
import { applyTransaction } from "../../../../src/core/execution/applyTransaction.ts";
import type { ExecutionCode, ExecutionContext } from "../../../../src/core/execution/context.ts";
import {
  type Address,
  type Amount,
  type Gas,
  type GasPrice,
  type Height,
  type Nonce,
  type TimestampMs,
  ZERO_HASH,
} from "../../../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS, TRANSACTION_GAS, type Transaction } from "../../../../src/core/protocol/index.ts";
import { type Account, EMPTY_ACCOUNT, State } from "../../../../src/core/state/index.ts";
import { transfer } from "../../../support/chainFixture.ts";
import { createTestMachine } from "../../../support/machine.ts";
import { ORDINARY_TRANSACTIONS, SENDER } from "../../../vectors/samples.ts";

const RECEIVER = `0x${"22".repeat(20)}` as Address;
const PROPOSER = `0x${"33".repeat(20)}` as Address;
const HEIGHT = 10;
const GAS_PRICE_MIN = 10;
/** 100,000 gas at the least price: exactly one unit. */
const FEE = 1;

function account(fields: { balance?: number; nonce?: number; stake?: number }): Account {
  const { balance = 0, nonce = 0, stake = 0 } = fields;
  return { ...EMPTY_ACCOUNT, balance: balance as Amount, nonce: nonce as Nonce, stake: stake as Amount };
}

function stateOf(sender: Account): State {
  const state = new State({ stateValue: () => undefined });
  state.setAccount(SENDER, sender);
  return state;
}

function contextOf(state: State, overrides: Partial<ExecutionContext> = {}): ExecutionContext {
  const parameters = { ...DEFAULT_PARAMETERS, gasPriceMin: GAS_PRICE_MIN as GasPrice };
  return {
    state,
    block: {
      height: HEIGHT as Height,
      timestampMs: 1 as TimestampMs,
      proposer: PROPOSER,
      parameters,
      genesisHash: ZERO_HASH,
    },
    machine: createTestMachine(),
    gasLeft: parameters.blockGasLimit,
    newStateBytesLeft: parameters.newStateBytesMax,
    ...overrides,
  };
}

const good = transfer({ from: SENDER, to: RECEIVER, amount: 100, nonce: 5, gasPrice: GAS_PRICE_MIN });
const affords = account({ balance: 100 + FEE, nonce: 5 });

describe("a transaction is refused, with the state as it was,", () => {
  const cases: readonly [string, ExecutionCode, Transaction, Account?, Partial<ExecutionContext>?][] = [
    ["that breaks a static rule", "invalid_transaction", { ...good, amount: -1 as Amount }],
    ["whose nonce is the last one", "invalid_transaction", { ...good, nonce: Number.MAX_SAFE_INTEGER as Nonce }],
    ["with too little gas for its kind", "gas_limit_too_low", { ...good, gasLimit: (TRANSACTION_GAS - 1) as Gas }],
    ["that stakes", "not_yet_enabled", { ...ORDINARY_TRANSACTIONS.stake, from: SENDER }],
    ["that unstakes", "not_yet_enabled", { ...ORDINARY_TRANSACTIONS.unstake, from: SENDER }],
    ["that expired a block ago", "expired", { ...good, expiry: (HEIGHT - 1) as Height }],
    ["below the least price", "gas_price_too_low", { ...good, gasPrice: (GAS_PRICE_MIN - 1) as GasPrice }],
    ["with a nonce that was used", "nonce_too_low", { ...good, nonce: 4 as Nonce }],
    ["with a nonce to come", "nonce_gap", { ...good, nonce: 6 as Nonce }],
    ["one unit short", "insufficient_balance", good, account({ balance: 100 + FEE - 1, nonce: 5 })],
    [
      "whose stake would cover it but whose balance does not",
      "insufficient_balance",
      good,
      account({ stake: 1000, nonce: 5 }),
    ],
    [
      "whose fee no account could pay",
      "insufficient_balance",
      { ...good, gasLimit: Number.MAX_SAFE_INTEGER as Gas, gasPrice: Number.MAX_SAFE_INTEGER as GasPrice },
      account({ balance: Number.MAX_SAFE_INTEGER, nonce: 5 }),
    ],
    [
      "whose amount and fee pass 2^53-1",
      "insufficient_balance",
      { ...good, amount: Number.MAX_SAFE_INTEGER as Amount },
      account({ balance: Number.MAX_SAFE_INTEGER, nonce: 5 }),
    ],
    ["beyond the block's gas", "block_gas_exhausted", good, affords, { gasLeft: (TRANSACTION_GAS - 1) as Gas }],
    ["beyond the block's new state", "block_state_exhausted", good, affords, { newStateBytesLeft: 45 }],
  ];

  test.each(cases)("%s: %s", (_name, code, transaction, sender = affords, overrides = {}) => {
    const state = stateOf(sender);
    const before = state.changes();
    expect(applyTransaction(transaction, contextOf(state, overrides))).toMatchObject({ ok: false, refusal: { code } });
    expect(state.changes()).toEqual(before);
    expect(state.account(transaction.from)).toEqual(sender);
  });
});

describe("a transaction is executed", () => {
  function execute(transaction: Transaction, sender: Account, overrides: Partial<ExecutionContext> = {}) {
    const state = stateOf(sender);
    const result = applyTransaction(transaction, contextOf(state, overrides));
    if (!result.ok) throw new RangeError(result.refusal.code);
    return { state, receipt: result.value };
  }

  test("to a new account, with the last unit of the balance and the last bytes, gas and height that it may have", () => {
    const transaction = { ...good, expiry: HEIGHT as Height };
    const limits = { gasLeft: TRANSACTION_GAS as Gas, newStateBytesLeft: 46 };
    const { state, receipt } = execute(transaction, affords, limits);
    expect(state.account(SENDER)).toEqual(account({ nonce: 6 }));
    expect(state.account(RECEIVER)).toEqual(account({ balance: 100 }));
    expect(receipt).toMatchObject({ outcome: "success", gasUsed: TRANSACTION_GAS, fee: FEE, events: [] });
    expect(receipt.returnData).toHaveLength(0);
  });

  test("to an account that is there, which takes no new state", () => {
    const state = stateOf(affords);
    state.setAccount(RECEIVER, account({ stake: 1 }));
    const result = applyTransaction(good, contextOf(state, { newStateBytesLeft: 0 }));
    expect(result.ok).toBe(true);
    expect(state.account(RECEIVER)).toEqual(account({ balance: 100, stake: 1 }));
  });

  test("to oneself: only the fee leaves", () => {
    const { state } = execute({ ...good, to: SENDER }, affords);
    expect(state.account(SENDER)).toEqual(account({ balance: 100, nonce: 6 }));
  });

  test("to oneself needs the amount all the same", () => {
    const state = stateOf(account({ balance: FEE, nonce: 5 }));
    const result = applyTransaction({ ...good, to: SENDER }, contextOf(state));
    expect(result).toMatchObject({ ok: false, refusal: { code: "insufficient_balance" } });
  });

  test("with amount 0: the receiver stays absent", () => {
    const { state } = execute({ ...good, amount: 0 as Amount }, affords);
    expect(state.account(SENDER)).toEqual(account({ balance: 100, nonce: 6 }));
    expect(state.changes().map(({ key }) => key.toHex())).toEqual([`01${SENDER.slice(2)}`]);
  });

  test("for the gas that was used, not the limit, rounded up to a whole unit", () => {
    const rich = account({ balance: 1_000_000, nonce: 5 });
    const feeAt = (gasPrice: number) =>
      execute({ ...good, gasLimit: 500_000 as Gas, gasPrice: gasPrice as GasPrice }, rich).receipt.fee as number;
    expect([10, 11, 19, 20, 21].map(feeAt)).toEqual([1, 2, 2, 2, 3]);
  });

  test("while the balance must cover the whole limit", () => {
    const transaction = { ...good, gasLimit: 500_000 as Gas };
    const limitFee = 5;
    expect(execute(transaction, account({ balance: 100 + limitFee, nonce: 5 })).receipt.fee as number).toBe(FEE);
    const short = stateOf(account({ balance: 100 + limitFee - 1, nonce: 5 }));
    expect(applyTransaction(transaction, contextOf(short))).toMatchObject({
      ok: false,
      refusal: { code: "insufficient_balance" },
    });
  });

  test("once: its nonce is used then", () => {
    const { state } = execute(good, account({ balance: 1000, nonce: 5 }));
    expect(applyTransaction(good, contextOf(state))).toMatchObject({ ok: false, refusal: { code: "nonce_too_low" } });
  });
});
