// One replica: what it takes in, what it tells of its mempool, and what it tells its listener.

import { describe, expect, test } from "bun:test";
import type { NodeStatus } from "../../../../src/core/node/index.ts";
import type { Hash, Nonce } from "../../../../src/core/primitives/index.ts";
import { TEST_BALANCE, testAccount, transfer } from "../../../support/chainFixture.ts";
import { verified } from "../../../support/testChain.ts";
import { verifyState } from "../../../support/verifyChain.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";
import { createHarness } from "./harness.ts";

describe("submissions", () => {
  test("are answered one by one, in order, each in sight of those before it", () => {
    const harness = createHarness();
    const stranger = verified(
      transfer({ from: `0x${"ee".repeat(20)}` as never, to: testAccount(0).address, amount: 0, nonce: 0 }),
      harness.domain,
    );
    const codes = harness.submit(
      harness.pay(0, 0),
      harness.pay(0, 0),
      harness.pay(0, 66),
      harness.pay(0, 1),
      stranger,
      harness.pay(1, 0, { amount: TEST_BALANCE + 1 }),
    );
    expect(codes).toEqual([
      undefined,
      "already_known",
      "nonce_too_far",
      undefined,
      "unknown_sender",
      "insufficient_balance",
    ]);
    expect(harness.replica.status()).toEqual({
      ready: true,
      reason: undefined,
      mining: true,
      mempoolCount: 2,
      mempoolSizeBytes: 292,
      peerCount: 0,
      sync: {
        state: "idle",
        height: 0,
        targetHeight: 0,
        blocksPerSecond: 0,
        secondsLeft: undefined,
      } as NodeStatus["sync"],
    });
  });

  test("of kinds that are not executed yet are refused, whoever sends them", () => {
    const { deploy, call, stake, unstake } = ORDINARY_TRANSACTIONS;
    const harness = createHarness();
    const codes = [deploy, call, stake, unstake].flatMap((transaction) =>
      harness.submit(verified({ ...transaction, from: testAccount(0).address, nonce: 0 as Nonce }, harness.domain)),
    );
    expect(codes).toEqual(["not_yet_enabled", "not_yet_enabled", "not_yet_enabled", "not_yet_enabled"]);
  });

  test("that were all refused are no reason to mine", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 70));
    harness.pass(100);
    expect(harness.templateCount()).toBe(0);
  });

  test("are held against the account as the last block left it", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 0, { amount: TEST_BALANCE }));
    harness.seal();
    expect(harness.submit(harness.pay(0, 0))).toEqual(["nonce_too_low"]);
    expect(harness.submit(harness.pay(0, 1, { amount: 0 }))).toEqual(["unknown_sender"]);
    expect(harness.submit(harness.pay(1, 0, { amount: 2 * TEST_BALANCE }))).toEqual([undefined]);
  });
});

test("a waiting transaction is found until a block includes it", () => {
  const harness = createHarness();
  const payment = harness.pay(0, 0);
  expect(harness.replica.pendingTransaction(payment.hash)).toBeUndefined();
  harness.submit(payment);
  expect(harness.replica.pendingTransaction(payment.hash)).toBe(payment);
  harness.seal();
  expect(harness.replica.pendingTransaction(payment.hash)).toBeUndefined();
  expect(harness.store.transactionPosition(payment.hash)).toMatchObject({ height: 1, index: 0 });
});

test("the next nonce counts committed transactions and those that wait without a gap", () => {
  const harness = createHarness();
  const next = () => harness.replica.nextNonce(testAccount(0).address) as number;
  expect(next()).toBe(0);
  harness.submit(harness.pay(0, 0), harness.pay(0, 1), harness.pay(0, 3));
  expect(next()).toBe(2);
  harness.seal();
  expect(next()).toBe(2);
  harness.submit(harness.pay(0, 2));
  expect(next()).toBe(4);
  expect(harness.replica.nextNonce(`0x${"0".repeat(40)}` as never) as number).toBe(0);
});

test("the view of the mempool has what waits and why, and as many as were asked for", () => {
  const harness = createHarness();
  const [ready, waiting] = [harness.pay(0, 0), harness.pay(1, 4)];
  harness.submit(waiting, ready);
  const view = harness.replica.mempoolView({ countMax: 10 });
  expect(view).toMatchObject({ count: 2, sizeBytes: 292, countMax: 100, sizeBytesMax: 100_000, height: 0 });
  const common = { type: "transfer", amount: 1, gasPrice: 0 };
  expect(view.transactions as unknown[]).toEqual([
    { ...common, hash: ready.hash, from: testAccount(0).address, nonce: 0, ready: true, missingNonce: undefined },
    { ...common, hash: waiting.hash, from: testAccount(1).address, nonce: 4, ready: false, missingNonce: 0 },
  ]);
  expect(harness.replica.mempoolView({ countMax: 1 }).transactions).toHaveLength(1);
});

test("a transaction that expires while it waits is gone with the block of its last height", () => {
  const harness = createHarness();
  const base = transfer({ from: testAccount(0).address, to: testAccount(1).address, amount: 1, nonce: 1, expiry: 2 });
  const expiring = verified(base, harness.domain);
  expect(harness.submit(expiring)).toEqual([undefined]);
  harness.submit(harness.pay(2, 0));
  harness.seal();
  expect(harness.replica.pendingTransaction(expiring.hash)).toBe(expiring);
  harness.submit(harness.pay(2, 1));
  harness.seal();
  expect(harness.replica.pendingTransaction(expiring.hash)).toBeUndefined();
  expect(harness.submit(expiring)).toEqual(["expired"]);
});

test("the listener is told of a block when it can be read", () => {
  const harness = createHarness();
  harness.submit(harness.pay(0, 0));
  harness.seal();
  expect(harness.committed).toEqual([{ height: 1, transactions: 1 }]);
  expect(harness.store.head()?.hash as Hash).toBe(harness.replica.chain.head.hash);
  expect(harness.logged).toMatchObject([{ event: "block committed", fields: { height: 1, transactions: 1 } }]);
  expect(verifyState(harness.store).problems).toEqual([]);
});
