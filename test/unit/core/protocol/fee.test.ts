// Fees, and the most that a transaction can take.

import { expect, test } from "bun:test";
import { type Amount, type Gas, type GasPrice, UINT_MAX } from "../../../../src/core/primitives/index.ts";
import { costMax, feeOf } from "../../../../src/core/protocol/index.ts";
import vectors from "../../../vectors/fees.json";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";

test("fees are rounded up, and none passes 2^53-1", () => {
  expect(vectors.fees.some(({ fee }) => fee === null)).toBe(true);
  for (const { gas, price, fee } of vectors.fees) {
    expect(feeOf({ gas: gas as Gas, price: price as GasPrice }) ?? null).toBe(fee as Amount | null);
  }
});

test("a transfer takes its amount and the fee of its whole gas limit", () => {
  expect(costMax(ORDINARY_TRANSACTIONS.transfer)).toBe(1_000_100 as Amount);
  expect(costMax(ORDINARY_TRANSACTIONS.stake)).toBe(32_100 as Amount);
  expect(costMax(ORDINARY_TRANSACTIONS.unstake)).toBe(100 as Amount);
});

test("a cost that passes 2^53-1 is none that anybody can pay", () => {
  const transfer = { ...ORDINARY_TRANSACTIONS.transfer, gasPrice: 1_000 as GasPrice };
  expect(costMax({ ...transfer, amount: (UINT_MAX - 100) as Amount })).toBe(UINT_MAX as Amount);
  expect(costMax({ ...transfer, amount: (UINT_MAX - 99) as Amount })).toBeUndefined();
  expect(costMax({ ...transfer, amount: UINT_MAX as Amount })).toBeUndefined();
  expect(costMax({ ...transfer, gasLimit: UINT_MAX as Gas, gasPrice: UINT_MAX as GasPrice })).toBeUndefined();
});
