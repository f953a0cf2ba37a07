// A block's transactions in order: what they may use together, and what the proposer gets.

import { expect, test } from "bun:test";
import { BlockExecution } from "../../../../src/core/execution/blockExecution.ts";
import {
  type Address,
  type Amount,
  type Gas,
  type GasPrice,
  type Height,
  type TimestampMs,
  ZERO_HASH,
} from "../../../../src/core/primitives/index.ts";
import {
  type ChainParameters,
  DEFAULT_PARAMETERS,
  decodeReceipt,
  MAX_SUPPLY,
  TRANSACTION_GAS,
} from "../../../../src/core/protocol/index.ts";
import { EMPTY_ACCOUNT, State } from "../../../../src/core/state/index.ts";
import { transfer } from "../../../support/chainFixture.ts";
import { createTestMachine } from "../../../support/machine.ts";

const [ANNE, BERT, PROPOSER] = ["aa", "bb", "ff"].map((digits) => `0x${digits.repeat(20)}` as Address) as [
  Address,
  Address,
  Address,
];

function begin(options: {
  balance?: number;
  supply?: number;
  parameters?: Partial<ChainParameters>;
  proposer?: Address;
}) {
  const { balance = 1000, supply = balance, parameters = {}, proposer = PROPOSER } = options;
  const state = new State({ stateValue: () => undefined });
  state.setAccount(ANNE, { ...EMPTY_ACCOUNT, balance: balance as Amount });
  state.setSupply(supply as Amount);
  const block = {
    height: 1 as Height,
    timestampMs: 1 as TimestampMs,
    proposer,
    parameters: { ...DEFAULT_PARAMETERS, ...parameters },
    genesisHash: ZERO_HASH,
  };
  return { state, execution: new BlockExecution({ state, block, machine: createTestMachine() }) };
}

/** To the nth of many new accounts. */
function send(nonce: number, options: { gasPrice?: number; gasLimit?: number; to?: Address } = {}) {
  const to = options.to ?? (`0x${nonce.toString(16).padStart(40, "0")}` as Address);
  return transfer({ from: ANNE, amount: 1, nonce, ...options, to });
}

function balances(state: State): number[] {
  return [ANNE, BERT, PROPOSER].map((address) => state.account(address).balance);
}

test("fees gather for the proposer, who gets them when the block is finished", () => {
  const { state, execution } = begin({});
  expect(execution.apply(send(0, { gasPrice: 15, to: BERT })).ok).toBe(true);
  expect(execution.apply(send(1, { gasPrice: 5, to: BERT })).ok).toBe(true);
  expect(balances(state)).toEqual([1000 - 1 - 2 - 1 - 1, 2, 0]);
  execution.finish();
  expect(balances(state)).toEqual([995, 2, 3]);
  expect(state.supply() as number).toBe(1000);
  expect(execution.gasUsed as number).toBe(2 * TRANSACTION_GAS);
  const fees = execution.receipts.map((bytes) => {
    const decoded = decodeReceipt(bytes);
    return decoded.ok ? (decoded.value.fee as number) : undefined;
  });
  expect(fees).toEqual([2, 1]);
});

test("a proposer who sends and receives in the block gets its fees all the same", () => {
  const { state, execution } = begin({ proposer: ANNE });
  execution.apply(send(0, { gasPrice: 30, to: BERT }));
  execution.finish();
  expect(balances(state)).toEqual([999, 1, 0]);
});

test("an empty block without reward changes nothing", () => {
  const { state, execution } = begin({});
  const before = state.changes();
  execution.finish();
  expect(state.changes()).toEqual(before);
});

test("the reward is new supply, as far as the bound on supply lets it be", () => {
  const rewardAt = (supply: number) => {
    const { state, execution } = begin({ balance: supply, parameters: { blockReward: 50 as Amount } });
    execution.finish();
    const grown = state.supply() - supply;
    expect(state.account(PROPOSER).balance as number).toBe(grown);
    return grown;
  };
  expect([1000, MAX_SUPPLY - 50, MAX_SUPPLY - 49, MAX_SUPPLY - 1, MAX_SUPPLY].map(rewardAt)).toEqual([
    50, 50, 49, 1, 0,
  ]);
});

test("the last account that holds all of the largest supply can still pay and be paid", () => {
  const { state, execution } = begin({ balance: MAX_SUPPLY, parameters: { blockReward: 9 as Amount }, proposer: BERT });
  const all = transfer({ from: ANNE, to: BERT, amount: MAX_SUPPLY - 1, nonce: 0, gasPrice: 1 });
  expect(execution.apply(all).ok).toBe(true);
  execution.finish();
  expect(balances(state)).toEqual([0, MAX_SUPPLY, 0]);
  expect(state.supply() as number).toBe(MAX_SUPPLY);
});

test("gas limits count against the block until its gas is used up, and what a refused one asked for does not", () => {
  const { execution } = begin({ parameters: { blockGasLimit: (3 * TRANSACTION_GAS) as Gas } });
  const limit = { gasLimit: 3 * TRANSACTION_GAS };
  expect(execution.apply(send(0, limit)).ok).toBe(true);
  expect(execution.apply(send(1, limit))).toMatchObject({ ok: false, refusal: { code: "block_gas_exhausted" } });
  expect(execution.gasLeft as number).toBe(2 * TRANSACTION_GAS);
  expect(execution.apply(send(1)).ok).toBe(true);
  expect(execution.apply(send(2)).ok).toBe(true);
  expect(execution.gasLeft as number).toBe(0);
  expect(execution.apply(send(3))).toMatchObject({ ok: false, refusal: { code: "block_gas_exhausted" } });
  expect(execution.receipts).toHaveLength(3);
});

test("new accounts count against the block's new state, 46 bytes each; known ones don't", () => {
  const { state, execution } = begin({ parameters: { newStateBytesMax: 2 * 46 } });
  expect(execution.apply(send(0)).ok).toBe(true);
  expect(execution.apply(send(1)).ok).toBe(true);
  const before = state.changes();
  expect(execution.apply(send(2))).toMatchObject({ ok: false, refusal: { code: "block_state_exhausted" } });
  expect(state.changes()).toEqual(before);
  expect(execution.apply(send(2, { to: send(1).to })).ok).toBe(true);
});

test("a refused transaction leaves no receipt and no fee", () => {
  const { state, execution } = begin({ parameters: { gasPriceMin: 10 as GasPrice } });
  expect(execution.apply(send(0, { gasPrice: 9 })).ok).toBe(false);
  execution.finish();
  expect(execution.receipts).toEqual([]);
  expect([...balances(state), execution.gasUsed]).toEqual([1000, 0, 0, 0 as Gas]);
});
