// When a block is built and sealed: on demand, and all the time.

import { describe, expect, test } from "bun:test";
import { searchNonce } from "../../../../src/core/consensus/pow/index.ts";
import type { SealJob } from "../../../../src/core/ports/index.ts";
import type { Gas, Height } from "../../../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS, TRANSACTION_GAS } from "../../../../src/core/protocol/index.ts";
import { TEST_BALANCE, testGenesis } from "../../../support/chainFixture.ts";
import { BENEFICIARY, createHarness, headerOf, INTERVAL_MS, INTERVAL_MS_MIN } from "./harness.ts";

describe("on demand", () => {
  test("nothing is mined while there is nothing to include and the interval has not passed", () => {
    const harness = createHarness();
    harness.pass(INTERVAL_MS - 1000 - 1);
    expect(harness.jobs).toHaveLength(0);
    expect(harness.templateCount()).toBe(0);
    harness.pass(1);
    expect(headerOf(harness.jobs[0])).toMatchObject({ height: 1, transactionCount: 0, proposer: BENEFICIARY });
    harness.seal();
    harness.pass(INTERVAL_MS - 1);
    expect(harness.jobs).toHaveLength(1);
    harness.pass(1);
    expect(harness.jobs).toHaveLength(2);
  });

  test("a submission is mined at once", () => {
    const harness = createHarness();
    expect(harness.submit(harness.pay(0, 0), harness.pay(0, 1))).toEqual([undefined, undefined]);
    expect(headerOf(harness.openJob()).transactionCount).toBe(2);
    harness.seal();
    expect(harness.committed).toEqual([{ height: 1, transactions: 2 }]);
    expect([harness.replica.status().mempoolCount, harness.openJob()]).toEqual([0, undefined]);
  });

  test("one that comes during a search waits for the next block, or half a second for a new template", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 0));
    harness.submit(harness.pay(1, 0));
    harness.pass(499);
    expect(harness.jobs).toHaveLength(1);
    harness.pass(1);
    expect(harness.jobs.map((job) => headerOf(job).transactionCount)).toEqual([1, 2]);
    harness.pass(5000);
    expect(harness.jobs).toHaveLength(2);
    harness.seal();
    expect(harness.committed).toEqual([{ height: 1, transactions: 2 }]);
  });

  test("what came during a search is in the block after it", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 0));
    harness.submit(harness.pay(1, 0));
    harness.seal();
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, transactionCount: 1 });
    harness.seal();
    expect(harness.committed.map(({ transactions }) => transactions)).toEqual([1, 1]);
  });

  /** Account 1 has sent more than it owns since a block that paid it was taken back. */
  function withUnpayable() {
    const harness = createHarness();
    const income = harness.pay(0, 0, { amount: TEST_BALANCE - 10 });
    harness.submit(income);
    harness.seal();
    expect(harness.submit(harness.pay(1, 0, { amount: TEST_BALANCE + 1 }))).toEqual([undefined]);
    harness.replica.chain.rollback(0 as Height);
    // What was built on the block that is gone is refused, and what waits is tried on the head that is left.
    harness.seal();
    expect(harness.committed).toEqual([{ height: 1, transactions: 1 }]);
    return { harness, income };
  }

  test("a transaction that can't be paid is tried once a block, not all the time", () => {
    const { harness } = withUnpayable();
    const before = [harness.jobs.length, harness.templateCount()];
    for (let tick = 0; tick < 30; tick++) harness.pass(100);
    expect([harness.jobs.length, harness.templateCount()]).toEqual(before);
    harness.pass(INTERVAL_MS);
    expect(headerOf(harness.openJob())).toMatchObject({ height: 1, transactionCount: 0 });
  });

  test("it is included when its sender can pay", () => {
    const { harness, income } = withUnpayable();
    expect(harness.openJob()).toBeUndefined();
    harness.submit(income);
    harness.seal();
    harness.seal();
    expect(harness.committed.map(({ transactions }) => transactions)).toEqual([1, 1, 1]);
    expect([harness.replica.status().mempoolCount, harness.openJob()]).toEqual([0, undefined]);
  });

  test("transactions that wait for a gap are no demand", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 1));
    expect([harness.jobs.length, harness.templateCount()]).toEqual([0, 0]);
    harness.submit(harness.pay(0, 0));
    expect(headerOf(harness.openJob()).transactionCount).toBe(2);
  });
});

describe("on demand, while many send", () => {
  /** A block of `count` transactions, whose search begins now and ends `sealMs` later. */
  function withBlock(count: number, options: { sealMs?: number; onDemand?: boolean } = {}) {
    const harness = createHarness({ onDemand: options.onDemand ?? true });
    harness.pass(0);
    if (options.onDemand === false) harness.seal();
    harness.submit(...Array.from({ length: count }, (_, nonce) => harness.pay(0, nonce)));
    if (options.onDemand === false) harness.pass(500);
    harness.pass(options.sealMs ?? 0);
    harness.seal();
    const nowMs = harness.replica.chain.head.header.timestampMs + (options.sealMs ?? 0);
    return { harness, nowMs };
  }

  test("after a small block the next one is begun at once", () => {
    const { harness } = withBlock(4);
    harness.submit(harness.pay(0, 4));
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, transactionCount: 1 });
    expect(harness.replica.nextTickMs()).toBeUndefined();
  });

  test("after a larger one the next is put off to the interval's end, for which the host is told to tick", () => {
    const { harness, nowMs } = withBlock(5);
    expect(harness.replica.nextTickMs()).toBeUndefined();
    harness.submit(harness.pay(0, 5));
    harness.submit(harness.pay(1, 0));
    expect([harness.openJob(), harness.replica.nextTickMs()]).toEqual([undefined, (nowMs + INTERVAL_MS_MIN) as never]);
    harness.pass(INTERVAL_MS_MIN - 1);
    expect([harness.openJob(), harness.templateCount()]).toEqual([undefined, 1]);
    harness.pass(1);
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, transactionCount: 2 });
    expect(harness.replica.nextTickMs()).toBeUndefined();
    harness.seal();
    harness.submit(harness.pay(0, 6));
    expect(headerOf(harness.openJob())).toMatchObject({ height: 3, transactionCount: 1 });
  });

  test("the interval is counted from the beginning of the search, so a long one puts nothing off", () => {
    const { harness } = withBlock(5, { sealMs: INTERVAL_MS_MIN });
    harness.submit(harness.pay(0, 5));
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, transactionCount: 1 });
  });

  test("a clock that is set back puts nothing off", () => {
    const { harness } = withBlock(5);
    harness.setNow(500);
    harness.submit(harness.pay(0, 5));
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, transactionCount: 1 });
  });

  test("a block that is due for its time is not put off, nor is any where blocks are made all the time", () => {
    const { harness } = withBlock(5);
    harness.pass(INTERVAL_MS);
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, transactionCount: 0 });
    const always = withBlock(5, { onDemand: false }).harness;
    expect(always.committed.at(-1)).toEqual({ height: 2, transactions: 5 });
    expect(headerOf(always.openJob())).toMatchObject({ height: 3 });
    expect(always.replica.nextTickMs()).toBeUndefined();
  });

  test("transactions that can't be included ask for no tick", () => {
    const { harness } = withBlock(5);
    harness.submit(harness.pay(0, 6));
    expect(harness.replica.nextTickMs()).toBeUndefined();
    const idle = createHarness({ enabled: false });
    idle.submit(idle.pay(0, 0));
    expect(idle.replica.nextTickMs()).toBeUndefined();
  });
});

describe("all the time", () => {
  test("a search begins at the first tick, and again after each block", () => {
    const harness = createHarness({ onDemand: false });
    expect(harness.jobs).toHaveLength(0);
    harness.pass(0);
    expect(harness.jobs).toHaveLength(1);
    harness.pass(100);
    expect(harness.jobs).toHaveLength(1);
    harness.seal();
    expect(headerOf(harness.openJob())).toMatchObject({ height: 2, parentHash: harness.replica.chain.head.hash });
  });

  test("a search under way takes in new transactions after half a second", () => {
    const harness = createHarness({ onDemand: false });
    harness.pass(0);
    harness.submit(harness.pay(0, 0));
    expect(harness.jobs).toHaveLength(1);
    harness.pass(400);
    expect(harness.jobs).toHaveLength(1);
    harness.pass(100);
    expect(harness.jobs.map((job) => headerOf(job).transactionCount)).toEqual([0, 1]);
    harness.pass(1000);
    expect(harness.jobs).toHaveLength(2);
  });

  test("it gets a new timestamp every ten seconds, since its target may have become easier", () => {
    const harness = createHarness({ onDemand: false });
    harness.pass(0);
    for (let tick = 0; tick < 99; tick++) harness.pass(100);
    expect(harness.jobs).toHaveLength(1);
    harness.pass(100);
    expect(headerOf(harness.jobs[1]).timestampMs - headerOf(harness.jobs[0]).timestampMs).toBe(10_000);
  });

  test("a full template is not built again for what it has no room for", () => {
    const parameters = { ...DEFAULT_PARAMETERS, blockGasLimit: TRANSACTION_GAS as Gas };
    const harness = createHarness({ onDemand: false, genesis: testGenesis({ parameters }) });
    harness.submit(harness.pay(0, 0), harness.pay(1, 0));
    harness.pass(0);
    harness.submit(harness.pay(2, 0));
    for (let tick = 0; tick < 50; tick++) harness.pass(100);
    expect(harness.jobs).toHaveLength(1);
    for (const _ of [1, 2, 3]) harness.seal();
    expect(harness.committed.map(({ transactions }) => transactions)).toEqual([1, 1, 1]);
  });
});

describe("results", () => {
  test("of a job that was given up, of none, and a second one, are ignored", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 0));
    const stale = harness.resultOf(harness.jobs[0] as SealJob);
    harness.submit(harness.pay(1, 0));
    harness.pass(500);
    harness.replica.onSealed(stale);
    harness.replica.onSealed({ jobId: 99, nonce: 1 });
    expect(harness.height()).toBe(0);
    const last = harness.resultOf(harness.openJob() as SealJob);
    harness.replica.onSealed(last);
    harness.replica.onSealed(last);
    expect([harness.height(), harness.logged.filter(({ event }) => event === "own block refused")]).toEqual([1, []]);
  });

  test("with a nonce that does not seal are refused, and the search begins anew", () => {
    const harness = createHarness();
    harness.submit(harness.pay(0, 0));
    const job = harness.jobs[0] as SealJob;
    let nonce = 0;
    while (searchNonce({ ...job, start: nonce, count: 1 }) !== undefined) nonce++;
    harness.replica.onSealed({ jobId: job.jobId, nonce });
    expect(harness.logged.map(({ fields }) => fields?.code)).toEqual(["insufficient_work"]);
    expect([harness.height(), harness.jobs.length]).toEqual([0, 2]);
    harness.seal();
    expect(harness.committed).toEqual([{ height: 1, transactions: 1 }]);
  });
});

describe("a clock that is behind the chain", () => {
  test("stops the search until it has caught up, instead of making blocks that are refused", () => {
    const harness = createHarness({ startMs: -60_000, onDemand: false });
    harness.pass(0);
    expect(harness.templateCount()).toBe(0);
    harness.setNow(-1001);
    harness.pass(0);
    expect(harness.templateCount()).toBe(0);
    harness.setNow(0);
    harness.pass(0);
    harness.seal();
    expect(harness.height()).toBe(1);
  });

  test("that jumps back during a search costs that search, and no more", () => {
    const harness = createHarness({ onDemand: false });
    harness.pass(0);
    harness.setNow(-60_000);
    harness.seal();
    expect(harness.logged.map(({ fields }) => fields?.code)).toEqual(["timestamp_ahead"]);
    for (let tick = 0; tick < 20; tick++) harness.pass(100);
    expect(harness.jobs).toHaveLength(1);
    harness.setNow(2000);
    harness.pass(0);
    harness.seal();
    expect(harness.height()).toBe(1);
  });
});

test("a node that does not mine never builds a block", () => {
  const harness = createHarness({ enabled: false });
  harness.submit(harness.pay(0, 0));
  harness.pass(10 * INTERVAL_MS);
  expect([harness.templateCount(), harness.jobs.length, harness.replica.status().mining]).toEqual([0, 0, false]);
});

test("a clock behind the chain is told: the node isn't ready, until it has caught up", () => {
  const harness = createHarness({ startMs: -60_000 });
  harness.pass(0);
  harness.pass(100);
  expect(harness.statuses.map(({ ready }) => ready)).toEqual([false]);
  expect(harness.replica.status().reason).toContain("59900 ms behind");
  harness.setNow(0);
  harness.pass(0);
  harness.pass(100);
  expect(harness.statuses.map(({ ready }) => ready)).toEqual([false, true]);
  expect(harness.replica.status()).toMatchObject({ ready: true, reason: undefined });
  const idle = createHarness({ startMs: -60_000, enabled: false });
  idle.pass(0);
  expect([idle.statuses, idle.replica.status().ready]).toEqual([[], true]);
});
