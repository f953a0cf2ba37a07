// One replica: what it takes in, what it tells of its mempool, and what it tells its listener.

import { describe, expect, test } from "bun:test";
import type { NodeStatus } from "../../../../src/core/node/index.ts";
import type { Hash, Height, Nonce } from "../../../../src/core/primitives/index.ts";
import { deliver, grow, hashOfBlock } from "../../../support/branches.ts";
import { TEST_BALANCE, testAccount, transfer } from "../../../support/chainFixture.ts";
import { type MinedBlock, verified } from "../../../support/testChain.ts";
import { verifyState } from "../../../support/verifyChain.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";
import { createHarness, headerOf } from "./harness.ts";

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
    const { stake, unstake } = ORDINARY_TRANSACTIONS;
    const harness = createHarness();
    const codes = [stake, unstake].flatMap((transaction) =>
      harness.submit(verified({ ...transaction, from: testAccount(0).address, nonce: 0 as Nonce }, harness.domain)),
    );
    expect(codes).toEqual(["not_yet_enabled", "not_yet_enabled"]);
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

describe("blocks of others", () => {
  /** The clock is past their time. */
  function createFollower(options: Parameters<typeof createHarness>[0] = {}) {
    const harness = createHarness({ startMs: 60_000, ...options });
    const branch = (base: readonly MinedBlock[], count: number, transactions: readonly unknown[] = []) =>
      grow(
        harness.genesis,
        base,
        Array.from({ length: count }, (_, index) => ({
          proposer: testAccount(4).address,
          stepMs: 1000 + base.length,
          transactions: () => (index === 0 ? (transactions as ReturnType<typeof harness.pay>[]) : []),
        })),
      );
    return { harness, branch };
  }

  test("on the head are told of one by one, and the search for a block begins once, on the last", () => {
    const { harness, branch } = createFollower({ onDemand: false });
    harness.pass(100);
    const payment = harness.pay(0, 0);
    harness.submit(payment, harness.pay(1, 0));
    const before = harness.jobs.length;
    const results = harness.replica.onBlocks(branch([], 3, [payment]));
    expect(results.map((result) => result.ok && result.kind)).toEqual(["adopted", "adopted", "adopted"]);
    expect(harness.told).toEqual([1, 2, 3]);
    expect(harness.jobs).toHaveLength(before + 1);
    expect(headerOf(harness.openJob())).toMatchObject({ height: 4, transactionCount: 1 });
    expect(harness.replica.status().mempoolCount).toBe(1);
    expect(harness.replica.onBlocks([])).toEqual([]);
  });

  test("that are refused or kept beside the chain change nothing else", () => {
    const { harness, branch } = createFollower({ onDemand: false });
    const own = branch([], 2);
    harness.replica.onBlocks(own);
    const before = [harness.told.length, harness.jobs.length];
    const other = branch([], 1, [harness.pay(0, 0)]);
    const codes = harness.replica
      .onBlocks([...other, ...own])
      .map((result) => (result.ok ? result.kind : result.refusal.code));
    expect(codes).toEqual(["kept", "known_block", "known_block"]);
    expect([harness.told.length, harness.jobs.length]).toEqual(before);
  });

  test("of a better branch take the node over: told first, then block by block, and transactions wait again", () => {
    const { harness, branch } = createFollower();
    const [lost, both] = [harness.pay(0, 0), harness.pay(1, 0)];
    harness.submit(lost, both);
    harness.seal();
    const { hash: from } = harness.replica.chain.head;
    const better = branch([], 2, [both]);
    harness.replica.onBlocks(better);
    const to = hashOfBlock(better[1] as MinedBlock);
    const reorganization = { ancestorHeight: 0, abandonedCount: 1, adoptedCount: 2, from, to };
    expect(harness.told as unknown[]).toEqual([1, reorganization, 1, 2]);
    expect(harness.logged.map(({ event }) => event)).toEqual([
      "block committed",
      "chain reorganized",
      "block committed",
      "block committed",
    ]);
    expect(harness.logged[1]?.fields).toEqual({ depth: 1, from, to, ancestorHeight: 0, returned: 1 });
    expect(harness.replica.pendingTransaction(lost.hash)?.hash).toBe(lost.hash);
    expect(harness.replica.pendingTransaction(both.hash)).toBeUndefined();
    expect(harness.replica.nextNonce(testAccount(0).address) as number).toBe(1);
    expect(headerOf(harness.openJob())).toMatchObject({ height: 3, transactionCount: 1 });
    harness.seal();
    expect(harness.store.transactionPosition(lost.hash)).toMatchObject({ height: 3 });
    expect(verifyState(harness.store).problems).toEqual([]);
  });

  test("of a better branch that begins too deep stop the miner, and the node says how to go over", () => {
    const { harness, branch } = createFollower({ onDemand: false, reorgDepthMax: 2 });
    const base = branch([], 4);
    harness.replica.onBlocks(base);
    expect(harness.openJob()).toBeDefined();
    const deep = branch(base.slice(0, 1), 5, [harness.pay(0, 0)]);
    const overlay = new Map<Hash, never>();
    for (const { block } of deep) {
      const result = harness.replica.chain.verifyHeader({
        header: block.header,
        overlay: (hash) => overlay.get(hash),
        nowMs: (harness.genesis.timestampMs + 60_000) as never,
      });
      if (result.ok) overlay.set(result.header.hash, result.header as never);
    }
    const searched = harness.jobs.length;
    expect(harness.replica.onBlocks(deep)).toMatchObject([{ refusal: { code: "reorg_too_deep" } }]);
    harness.pass(100);
    expect([harness.openJob(), harness.jobs.length]).toEqual([undefined, searched]);
    expect(harness.statuses.at(-1)).toMatchObject({ ready: false, mining: true });
    expect(harness.replica.status().reason).toContain("splits off after height 1, further back than");
    expect(harness.replica.status().reason).toContain("aureon rollback --height 1");
    expect(harness.logged.at(-1)).toMatchObject({ event: "split from a better chain" });
    harness.replica.onBlocks(branch(base, 3));
    harness.pass(100);
    expect(harness.replica.status()).toMatchObject({ ready: true, reason: undefined });
    expect(headerOf(harness.openJob()).height as number).toBe(8);
  });

  test("lead back by a rollback where undo records reach", () => {
    const { harness, branch } = createFollower({ reorgDepthMax: 100 });
    const base = branch([], 4);
    harness.replica.onBlocks(base);
    const lowered = createFollower({ reorgDepthMax: 2, store: harness.store });
    const deep = branch(base.slice(0, 1), 5, [harness.pay(0, 0)]);
    for (const length of [1, 2, 3, 4, 5]) {
      const known = deep.slice(0, length - 1).map(({ block }) => block.header);
      lowered.harness.replica.chain.verifyHeader({
        header: (deep[length - 1] as MinedBlock).block.header,
        overlay: (hash) => {
          const index = deep.findIndex((block) => hashOfBlock(block) === hash);
          const header = known[index];
          return header && { hash, header, totalWork: BigInt(16 * (2 + 1 + index)) };
        },
        nowMs: (harness.genesis.timestampMs + 60_000) as never,
      });
    }
    expect(lowered.harness.replica.status().reason).toEndWith(
      "To follow it, stop the node and run `aureon rollback --height 1`.",
    );
    expect(deliver({ chain: lowered.harness.replica.chain } as never, deep).codes).toEqual(["reorg_too_deep"]);
    lowered.harness.replica.chain.rollback(1 as Height);
    lowered.harness.replica.onBlocks(deep);
    expect(lowered.harness.replica.status().ready).toBe(true);
    expect(lowered.harness.height()).toBe(6);
  });
});
