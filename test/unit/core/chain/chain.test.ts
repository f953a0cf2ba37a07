// The chain: what a template takes in, what one replica mines and another imports, and going back.

import { describe, expect, test } from "bun:test";
import { Chain } from "../../../../src/core/chain/chain.ts";
import type { Store, StoredBlock } from "../../../../src/core/ports/index.ts";
import type { Address, Amount, Gas, Height, TimestampMs } from "../../../../src/core/primitives/index.ts";
import {
  blockSizeBytes,
  DEFAULT_PARAMETERS,
  type Genesis,
  hashHeader,
  TRANSACTION_GAS,
  type VerifiedTransaction,
} from "../../../../src/core/protocol/index.ts";
import { TEST_BALANCE, testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { createTestMachine } from "../../../support/machine.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import {
  mine,
  mineAndImport,
  nextMs,
  openTestChain,
  sealHeader,
  type TestChain,
  takeBack,
  template,
  verified,
} from "../../../support/testChain.ts";
import { verifyState } from "../../../support/verifyChain.ts";

const PROPOSER = testAccount(9).address;

function pay(
  testChain: TestChain,
  fields: { from?: number; nonce: number; amount?: number; to?: number; gasPrice?: number },
) {
  const { from = 0, to = 1, amount = 10, ...rest } = fields;
  const options = { from: testAccount(from).address, to: testAccount(to).address, amount, ...rest };
  return verified(transfer(options), testChain.domain);
}

function balance({ chain }: TestChain, index: number): number {
  return chain.state().account(testAccount(index).address).balance;
}

function withParameters(parameters: Partial<Genesis["parameters"]>): Genesis {
  return testGenesis({ parameters: { ...DEFAULT_PARAMETERS, ...parameters } });
}

describe("opening", () => {
  test("an empty store gets block 0", () => {
    const testChain = openTestChain();
    const { chain, store, genesis } = testChain;
    expect(store.head()).toEqual({ height: chain.head.header.height, hash: chain.genesisHash });
    expect(chain.head.header).toMatchObject({ height: 0, timestampMs: genesis.timestampMs });
    expect(balance(testChain, 0)).toBe(TEST_BALANCE);
    expect(verifyState(store).problems).toEqual([]);
  });

  test("a store that holds the chain goes on where it stood", () => {
    const store = new MemoryStore();
    const first = openTestChain({ store });
    mineAndImport(first, { transactions: [pay(first, { nonce: 0 })] });
    const again = openTestChain({ store });
    expect(again.chain.head).toEqual(first.chain.head);
    mineAndImport(again, { transactions: [pay(again, { nonce: 1 })] });
    expect(balance(again, 1)).toBe(TEST_BALANCE + 20);
  });

  test("a tree that is not the head's is seen", () => {
    const store = new MemoryStore();
    const testChain = openTestChain({ store });
    mineAndImport(testChain, { transactions: [pay(testChain, { nonce: 0 })] });
    expect(openTestChain({ store }).chain.isConsistent()).toBe(true);
    class DamagedStore extends MemoryStore {
      override treePage(prefix: string) {
        const body = store.treePage(prefix);
        return prefix === "" ? body?.with(-1, (body.at(-1) as number) ^ 1) : body;
      }
    }
    const damaged = new DamagedStore();
    damaged.commitBlock({
      block: store.block(testChain.chain.genesisHash) as StoredBlock,
      state: [],
      pages: [],
      undoHeightMin: 0 as Height,
      eventSources: [],
    });
    expect(openTestChain({ store: damaged }).chain.isConsistent()).toBe(false);
  });

  test("a store with another chain is a bug of the caller, who asks first", () => {
    const store = new MemoryStore();
    openTestChain({ store });
    expect(() => openTestChain({ store, genesis: testGenesis({ chainName: "other" }) })).toThrow("holds this genesis");
  });
});

describe("a template", () => {
  test("leaves out what can't be executed, and goes on", () => {
    const testChain = openTestChain();
    const transactions = [
      pay(testChain, { from: 0, nonce: 1 }),
      pay(testChain, { from: 1, nonce: 0, amount: TEST_BALANCE + 1 }),
      pay(testChain, { from: 2, nonce: 0 }),
    ];
    const built = template(testChain, { transactions });
    expect(built.transactions).toEqual(transactions.slice(2));
    expect([built.header.transactionCount, built.isFull]).toEqual([1, false]);
  });

  test("tells its source of each that it left out, so that the sender's later ones aren't offered", () => {
    const testChain = openTestChain();
    const offered = [pay(testChain, { nonce: 0 }), pay(testChain, { nonce: 5 }), pay(testChain, { nonce: 1 })];
    const skipped: (VerifiedTransaction | undefined)[] = [];
    let index = -1;
    const source = {
      next: () => offered[++index],
      skipSender: () => {
        skipped.push(offered[index]);
      },
    };
    testChain.chain.buildTemplate({ source, proposer: PROPOSER, nowMs: nextMs(testChain) });
    expect(skipped).toEqual([offered[1]]);
  });

  test("is full when the gas is used up", () => {
    const testChain = openTestChain({ genesis: withParameters({ blockGasLimit: (2 * TRANSACTION_GAS) as Gas }) });
    const transactions = [0, 1, 2].map((nonce) => pay(testChain, { nonce }));
    expect(template(testChain, { transactions })).toMatchObject({ isFull: true, header: { transactionCount: 2 } });
    const two = transactions.slice(0, 2);
    expect(template(testChain, { transactions: two })).toMatchObject({
      isFull: false,
      header: { transactionCount: 2 },
    });
  });

  test("is full when the bytes are, and stays within them", () => {
    const testChain = openTestChain({ genesis: withParameters({ blockSizeBytesMax: 4096 }) });
    const transactions = Array.from({ length: 40 }, (_, nonce) => pay(testChain, { nonce }));
    const built = template(testChain, { transactions });
    expect(built.isFull).toBe(true);
    expect(built.transactions.length).toBe(20);
    expect(blockSizeBytes(built)).toBeWithin(3000, 4097);
    mineAndImport(testChain, { transactions });
  });

  test("is full when the new state is", () => {
    const testChain = openTestChain({ genesis: withParameters({ newStateBytesMax: 46 }) });
    const to = (digits: string) => `0x${digits.repeat(20)}` as Address;
    const transactions = ["ab", "cd"].map((digits, nonce) =>
      verified(transfer({ from: testAccount(0).address, to: to(digits), amount: 1, nonce }), testChain.domain),
    );
    expect(template(testChain, { transactions })).toMatchObject({ isFull: true, header: { transactionCount: 1 } });
  });

  test("has a timestamp above the parent's, whatever the clock says", () => {
    const testChain = openTestChain();
    const { timestampMs } = testChain.chain.head.header;
    const at = (nowMs: number) => template(testChain, { nowMs: nowMs as TimestampMs }).header.timestampMs - timestampMs;
    expect([at(0), at(timestampMs), at(timestampMs + 1), at(timestampMs + 7)]).toEqual([1, 1, 1, 7]);
  });

  test("changes nothing, however often it is built", () => {
    const testChain = openTestChain();
    const transactions = [pay(testChain, { nonce: 0 })];
    const before = [...testChain.store.stateEntries()];
    const [first, second] = [template(testChain, { transactions }), template(testChain, { transactions })];
    expect(second.header).toEqual(first.header);
    expect([...testChain.store.stateEntries()]).toEqual(before);
    expect(testChain.chain.head.header.height as number).toBe(0);
  });
});

describe("a sealed template", () => {
  const seal = (testChain: TestChain, built: ReturnType<typeof template>) => sealHeader(testChain.engine, built.header);
  const commit = (testChain: TestChain, built: ReturnType<typeof template>) =>
    testChain.chain.commitTemplate(built, seal(testChain, built), built.header.timestampMs);

  test("becomes the head, with its transactions found and its work added", () => {
    const testChain = openTestChain({ genesis: withParameters({ blockReward: 7 as Amount }) });
    const { chain, store } = testChain;
    const built = template(testChain, { transactions: [pay(testChain, { nonce: 0, gasPrice: 30 })] });
    const result = commit(testChain, built);
    expect(result.ok && result.block.transactions).toEqual(built.transactions);
    expect(chain.head.totalWork).toBe(32n);
    expect([balance(testChain, 0), balance(testChain, 1), balance(testChain, 9)]).toEqual(
      [-13, 10, 10].map((change) => TEST_BALANCE + change),
    );
    const [included] = built.transactions;
    expect(store.transactionPosition((included as VerifiedTransaction).hash)).toMatchObject({ height: 1, index: 0 });
    expect(verifyState(store).problems).toEqual([]);
  });

  test("whose seal is wrong, or whose time is ahead, is refused", () => {
    const testChain = openTestChain();
    const built = template(testChain);
    const { timestampMs } = built.header;
    const early = (timestampMs - 15_001) as TimestampMs;
    const refused = testChain.chain.commitTemplate(built, seal(testChain, built), early);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "timestamp_ahead" } });
    let unsealed = built.header;
    for (let nonce = 0; testChain.engine.checkSanity(unsealed) === undefined; nonce++) {
      unsealed = testChain.engine.applySeal(unsealed, nonce);
    }
    const unworked = testChain.chain.commitTemplate(built, unsealed, timestampMs);
    expect(unworked).toMatchObject({ ok: false, refusal: { code: "insufficient_work" } });
    expect(testChain.chain.head.header.height as number).toBe(0);
  });

  test("is of no use once another block is the head", () => {
    const testChain = openTestChain();
    const built = template(testChain);
    mineAndImport(testChain, { proposer: testAccount(3).address });
    expect(commit(testChain, built)).toMatchObject({ ok: false, refusal: { code: "side_chain" } });
  });

  test("is good again when that block was taken back", () => {
    const testChain = openTestChain();
    const built = template(testChain, { transactions: [pay(testChain, { nonce: 0 })] });
    mineAndImport(testChain, { transactions: [pay(testChain, { nonce: 0, amount: 99 })] });
    takeBack(testChain);
    expect(commit(testChain, built).ok).toBe(true);
    expect(balance(testChain, 1)).toBe(TEST_BALANCE + 10);
    mineAndImport(testChain, { transactions: [pay(testChain, { nonce: 1 })] });
    expect(verifyState(testChain.store).problems).toEqual([]);
  });
});

test("what one replica mines, another imports to the same head, state and records", () => {
  const [miner, importer] = [openTestChain(), openTestChain()];
  for (let nonce = 0; nonce < 5; nonce++) {
    const transactions = [pay(miner, { nonce, gasPrice: 3 }), pay(miner, { from: 1, to: 2, nonce })];
    const built = template(miner, { transactions });
    const header = sealHeader(miner.engine, built.header);
    expect(miner.chain.commitTemplate(built, header, header.timestampMs).ok).toBe(true);
    const result = importer.chain.importBlock({
      block: { header, body: built.body },
      transactions,
      nowMs: header.timestampMs,
    });
    expect(result.ok).toBe(true);
  }
  expect(importer.chain.head).toEqual(miner.chain.head);
  expect([...importer.store.stateEntries()]).toEqual([...miner.store.stateEntries()]);
  const { hash } = miner.chain.head;
  expect(importer.store.block(hash)).toEqual(miner.store.block(hash));
});

test("a block that came too early passes when its time has come", () => {
  const testChain = openTestChain();
  const block = mine(testChain, { nowMs: (testChain.genesis.timestampMs + 60_000) as TimestampMs });
  const at = (nowMs: number) => testChain.chain.importBlock({ ...block, nowMs: nowMs as TimestampMs });
  expect(at(testChain.genesis.timestampMs)).toMatchObject({ ok: false, refusal: { code: "timestamp_ahead" } });
  expect(at(testChain.genesis.timestampMs + 45_000)).toMatchObject({ ok: true });
});

describe("taking the head back", () => {
  test("brings back the parent, and frees its transactions for another block", () => {
    const testChain = openTestChain();
    const { chain, store } = testChain;
    const payment = pay(testChain, { nonce: 0 });
    mineAndImport(testChain);
    const before = { head: chain.head, entries: [...store.stateEntries()] };
    mineAndImport(testChain, { transactions: [payment] });
    takeBack(testChain);
    expect({ head: chain.head, entries: [...store.stateEntries()] }).toEqual(before);
    expect(store.transactionPosition(payment.hash)).toBeUndefined();
    mineAndImport(testChain, { transactions: [payment], proposer: testAccount(5).address });
    expect(store.transactionPosition(payment.hash)).toMatchObject({ height: 2 });
  });

  test("lets the same block come again", () => {
    const testChain = openTestChain();
    const mined = mineAndImport(testChain, { transactions: [pay(testChain, { nonce: 0 })] });
    const nowMs = mined.block.header.timestampMs;
    takeBack(testChain);
    expect(testChain.chain.importBlock({ ...mined, nowMs })).toMatchObject({ ok: true });
    expect(testChain.chain.importBlock({ ...mined, nowMs })).toMatchObject({ refusal: { code: "known_block" } });
    expect(testChain.chain.head.hash).toBe(hashHeader(mined.block.header));
  });

  test("ends at block 0", () => {
    const testChain = openTestChain();
    mineAndImport(testChain);
    takeBack(testChain);
    expect(() => takeBack(testChain)).toThrow("undo records are kept");
  });
});

test("a store that fails leaves the chain where it was, and the block can be imported after", () => {
  class FailingStore extends MemoryStore {
    fails = false;
    override commitBlock(commit: Parameters<Store["commitBlock"]>[0]): void {
      if (this.fails) throw new RangeError("no space left");
      super.commitBlock(commit);
    }
  }
  const store = new FailingStore();
  const testChain = openTestChain({ store });
  const mined = mine(testChain, { transactions: [pay(testChain, { nonce: 0 })] });
  const nowMs = mined.block.header.timestampMs;
  store.fails = true;
  expect(() => testChain.chain.importBlock({ ...mined, nowMs })).toThrow("no space left");
  expect(testChain.chain.head.header.height as number).toBe(0);
  store.fails = false;
  expect(testChain.chain.importBlock({ ...mined, nowMs }).ok).toBe(true);
  expect(verifyState(store).problems).toEqual([]);
});

test("the cache of tree pages may be as small as nothing", () => {
  const { genesis, engine } = openTestChain();
  const store = new MemoryStore();
  const chain = new Chain({ store, genesis, engine, machine: createTestMachine(), cachedPagesMax: 0 });
  const testChain = { ...openTestChain({ store }), chain };
  for (let nonce = 0; nonce < 3; nonce++) mineAndImport(testChain, { transactions: [pay(testChain, { nonce })] });
  expect(verifyState(store).problems).toEqual([]);
});
