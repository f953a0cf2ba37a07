// Who may wait in the mempool: each rule at its boundary, and the order in which the rules speak.

import { describe, expect, test } from "bun:test";
import { checkAgainstSender } from "../../../../src/core/mempool/admission.ts";
import type { Amount, Gas, GasPrice, Nonce } from "../../../../src/core/primitives/index.ts";
import { TRANSACTION_GAS } from "../../../../src/core/protocol/index.ts";
import { account, createPool, deploy, HEIGHT, pay, sender } from "./pool.ts";

describe("against the chain", () => {
  test("static rules hold", () => {
    const pool = createPool();
    expect(pool.add(pay({ gasLimit: TRANSACTION_GAS - 1 }))).toBe("gas_limit_too_low");
    expect(pool.add(pay({ nonce: Number.MAX_SAFE_INTEGER }))).toBe("invalid_transaction");
  });

  test("the last height that may include it is past the head", () => {
    const pool = createPool();
    expect(pool.add(pay({ expiry: HEIGHT }))).toBe("expired");
    expect(pool.add(pay({ expiry: 1 }))).toBe("expired");
    expect(pool.add(pay({ expiry: HEIGHT + 1 }))).toBeUndefined();
    expect(pool.add(pay({ from: 1, expiry: 0 }))).toBeUndefined();
  });

  test("the price is at least the chain's", () => {
    const pool = createPool({ parameters: { gasPriceMin: 10 as GasPrice } });
    expect(pool.add(pay({ price: 9 }))).toBe("gas_price_too_low");
    expect(pool.add(pay({ price: 10 }))).toBeUndefined();
  });

  test("the gas limit is at most a block's", () => {
    const pool = createPool({ parameters: { blockGasLimit: 500_000 as Gas } });
    expect(pool.add(pay({ gasLimit: 500_001 }))).toBe("gas_limit_too_high");
    expect(pool.add(pay({ gasLimit: 500_000 }))).toBeUndefined();
  });

  test("a block has room for it, beside its header", () => {
    const pool = createPool({ parameters: { blockSizeBytesMax: 4096 } });
    const overhead = deploy({ codeSizeBytes: 1 }).encoded.length - 1;
    const most = 4096 - 1024 - overhead;
    expect(pool.add(deploy({ codeSizeBytes: most + 1 }))).toBe("transaction_too_large");
    expect(pool.add(deploy({ codeSizeBytes: most }))).toBeUndefined();
  });
});

test("a deploy's module fits into the new state of an empty block, with its key and account", () => {
  const pool = createPool({ parameters: { newStateBytesMax: 4096 } });
  const most = 4096 - 33 - 21 - 57;
  expect(pool.add(deploy({ codeSizeBytes: most + 1 }))).toBe("transaction_too_large");
  expect(pool.add(deploy({ codeSizeBytes: most }))).toBeUndefined();
});

describe("against the sender", () => {
  test("amount and highest fee are covered, to the unit", () => {
    const pool = createPool();
    const transaction = pay({ amount: 100, price: 10 });
    expect(pool.add(transaction, { account: account({ balance: 100 }) })).toBe("insufficient_balance");
    expect(pool.add(transaction, { account: account({ balance: 101 }) })).toBeUndefined();
    const most = pay({ from: 1, amount: Number.MAX_SAFE_INTEGER, price: 10 });
    expect(pool.add(most, { account: account({ balance: Number.MAX_SAFE_INTEGER }) })).toBe("insufficient_balance");
  });

  test("the sender exists: it has a balance or a stake, or stands on the allow-list", () => {
    const free = { amount: 0, price: 0 };
    const pool = createPool({ allowList: [sender(3)] });
    expect(pool.add(pay({ ...free, from: 0 }), { account: account({ balance: 0 }) })).toBe("unknown_sender");
    expect(pool.add(pay({ ...free, from: 1 }), { account: account({ balance: 1 }) })).toBeUndefined();
    expect(pool.add(pay({ ...free, from: 2 }), { account: account({ balance: 0, stake: 1 }) })).toBeUndefined();
    expect(pool.add(pay({ ...free, from: 3 }), { account: account({ balance: 0 }) })).toBeUndefined();
  });

  test("the allow-list lends nobody money", () => {
    const pool = createPool({ allowList: [sender(3)] });
    const broke = { account: account({ balance: 0 }) };
    expect(pool.add(pay({ from: 3, amount: 1 }), broke)).toBe("insufficient_balance");
    expect(pool.add(pay({ from: 3, amount: 0, price: 1 }), broke)).toBe("insufficient_balance");
  });

  test("refusals carry the figures that mend them", () => {
    const { transaction } = pay({ nonce: 80, amount: 5 });
    const check = (nonce: number, balance: number) =>
      checkAgainstSender({
        transaction,
        account: account({ balance, nonce }),
        nextNonce: Math.max(nonce, 3) as Nonce,
        isAllowListed: false,
      });
    expect(check(81, 9)?.details).toEqual({ nonce: 80, accountNonce: 81, nextNonce: 81 });
    expect(check(3, 9)?.details).toEqual({ nonce: 80, nextNonce: 3, gapMax: 64 });
    expect(check(80, 4)?.details).toEqual({ balance: 4, cost: 5 });
    expect(check(80, 0)?.details).toEqual({ from: sender(0) });
    const dear = { ...transaction, gasPrice: Number.MAX_SAFE_INTEGER as GasPrice, gasLimit: 1e15 as Gas };
    const refusal = checkAgainstSender({
      transaction: dear,
      account: account({ balance: 4, nonce: 80 }),
      nextNonce: 80 as Nonce,
      isAllowListed: false,
    });
    expect(refusal).toMatchObject({ code: "insufficient_balance", details: { balance: 4 as Amount } });
  });
});
