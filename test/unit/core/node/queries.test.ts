// Answers from committed state: blocks, transactions, accounts, proofs.

import { describe, expect, test } from "bun:test";
import { verifyProof } from "../../../../src/core/merkle/index.ts";
import { createQueries, type TransactionProofView } from "../../../../src/core/node/queries.ts";
import type { Address, Hash, Height } from "../../../../src/core/primitives/index.ts";
import { hashHeader, verifyListItem } from "../../../../src/core/protocol/index.ts";
import { accountKey, EMPTY_ACCOUNT, encodeAccount } from "../../../../src/core/state/index.ts";
import { TEST_BALANCE, testAccount, transfer } from "../../../support/chainFixture.ts";
import { mineAndImport, openTestChain, verified } from "../../../support/testChain.ts";

const ANNE = testAccount(0).address;
const BERT = testAccount(1).address;
const STRANGER = `0x${"ee".repeat(20)}` as Address;
const UNKNOWN = `0x${"dd".repeat(32)}` as Hash;

/** Eight blocks of three payments each. */
function createChain() {
  const testChain = openTestChain();
  const { store, genesis, engine } = testChain;
  const queries = createQueries({ store, genesis, engine });
  const payments = Array.from({ length: 24 }, (_, nonce) =>
    verified(transfer({ from: ANNE, to: BERT, amount: nonce, nonce, gasPrice: 10 }), testChain.domain),
  );
  for (let height = 1; height <= 8; height++) {
    mineAndImport(testChain, { transactions: payments.slice(3 * height - 3, 3 * height) });
  }
  return { ...testChain, queries, payments };
}

const { chain, queries, payments, store, domain } = createChain();

test("the head and the tags", () => {
  expect(queries.head()).toEqual(chain.head);
  const heights = (["latest", "safe", "finalized", "earliest"] as const).map((tag) => queries.heightOf(tag) as number);
  expect(heights).toEqual([8, 2, 0, 0]);
  expect(queries.domain.genesisHash).toBe(domain.genesisHash);
  expect(queries.describeSeal(chain.head.header)).toHaveProperty("nonce");
});

test("a block by height and by hash, with the hashes of its transactions", () => {
  const byHeight = queries.block(2 as Height);
  expect(byHeight).toEqual(queries.block(store.hashAt(2 as Height) as Hash));
  expect(byHeight?.transactionHashes).toEqual(payments.slice(3, 6).map(({ hash }) => hash));
  expect(byHeight).toMatchObject({ header: { height: 2 }, sizeBytes: 285 + 16 + 3 * 150 });
  expect(queries.block(0 as Height)?.transactionHashes).toEqual([]);
  expect([queries.block(9 as Height), queries.block(UNKNOWN)]).toEqual([undefined, undefined]);
});

test("a stretch of a block's transactions, with their receipts", () => {
  const stretch = (offset: number, countMax: number) =>
    queries.blockTransactions(2 as Height, { offset, countMax })?.map(({ hash, index }) => [hash, index]);
  const all = payments.slice(3, 6).map(({ hash }, index) => [hash, index] as [Hash, number]);
  expect(stretch(0, 10)).toEqual(all);
  expect([stretch(1, 1), stretch(2, 5), stretch(3, 5), stretch(0, 0)]).toEqual([all.slice(1, 2), all.slice(2), [], []]);
  const [first] = queries.blockTransactions(2 as Height, { offset: 0, countMax: 1 }) ?? [];
  expect(first).toMatchObject({
    signed: { transaction: payments[3]?.transaction },
    receipt: { outcome: "success", fee: 1 },
    blockHash: store.hashAt(2 as Height) as Hash,
    blockHeight: 2,
  });
  expect(queries.blockTransactions(9 as Height, { offset: 0, countMax: 1 })).toBeUndefined();
});

test("a transaction is proven against the root of its block's header", () => {
  for (const payment of payments) {
    const { blockHash, encoded, index, count, siblings, transactionsRoot } = queries.transactionProof(
      payment.hash,
    ) as TransactionProofView;
    expect(encoded).toEqual(payment.encoded);
    expect(transactionsRoot).toBe(queries.block(blockHash)?.header.transactionsRoot as Hash);
    const options = { root: transactionsRoot, item: encoded, index, count, siblings };
    expect(verifyListItem(options)).toBe(true);
    expect(verifyListItem({ ...options, index: (index + 1) % count })).toBe(false);
  }
  expect(queries.transactionProof(UNKNOWN)).toBeUndefined();
});

test("every transaction by its hash, in any order", () => {
  for (const payment of [...payments, ...payments.toReversed()]) {
    const found = queries.transaction(payment.hash);
    expect(found).toMatchObject({ hash: payment.hash, signed: { transaction: payment.transaction } });
    expect(found?.blockHash).toBe(store.hashAt(found?.blockHeight as Height) as Hash);
  }
  expect(queries.transaction(UNKNOWN)).toBeUndefined();
});

describe("accounts", () => {
  test("as they are, and all zero where there is none", () => {
    expect(queries.account(ANNE)).toMatchObject({ nonce: 24, balance: TEST_BALANCE - (23 * 24) / 2 - 24 });
    expect(queries.account(STRANGER)).toEqual(EMPTY_ACCOUNT);
    expect(queries.supply() as number).toBe(10 * TEST_BALANCE);
  });

  test.each([ANNE, BERT, STRANGER])("%s is proven against the head's state root", (address) => {
    const { account, proof, stateRoot, blockHash } = queries.accountProof(address);
    expect([stateRoot, blockHash]).toEqual([chain.head.header.stateRoot, chain.head.hash]);
    const value = encodeAccount(account);
    const verdict = verifyProof({ root: stateRoot, key: accountKey(address), value, proof });
    expect(verdict).toBe(address === STRANGER ? "absent" : "present");
    const forged = encodeAccount({ ...account, balance: 1 as typeof account.balance });
    expect(verifyProof({ root: stateRoot, key: accountKey(address), value: forged, proof })).toBe("invalid");
  });
});

test("a block that was taken back is found by its hash alone, and its transactions are in no block", () => {
  const own = createChain();
  const { hash } = own.chain.head;
  expect(own.queries.block(hash)?.isCanonical).toBe(true);
  const rival = openTestChain();
  for (let height = 1; height <= 7; height++) {
    const { block, transactions } = mineAndImport(rival, { transactions: payments.slice(3 * height - 3, 3 * height) });
    expect(hashHeader(block.header)).toBe(own.store.hashAt(height as Height) as Hash);
    expect(transactions).toHaveLength(3);
  }
  for (let height = 8; height <= 9; height++) {
    const { block, transactions } = mineAndImport(rival, { proposer: BERT });
    own.chain.importBlock({ block, transactions, nowMs: block.header.timestampMs });
  }
  expect(own.queries.block(hash)).toMatchObject({ isCanonical: false, header: { height: 8 } });
  expect(own.queries.block(8 as Height)).toMatchObject({ isCanonical: true, transactionHashes: [] });
  const range = { offset: 0, countMax: 1 };
  expect(own.queries.blockTransactions(hash, range)).toMatchObject([{ blockHash: hash, receipt: undefined }]);
  expect(own.queries.transaction(own.payments[23]?.hash as Hash)).toBeUndefined();
  expect(own.queries.transactionProof(own.payments[23]?.hash as Hash)).toBeUndefined();
  expect(own.queries.account(ANNE).nonce as number).toBe(21);
});

test("a block that was kept beside the chain has its transactions, and no receipts", () => {
  const own = createChain();
  const rival = openTestChain();
  const payment = verified(transfer({ from: ANNE, to: BERT, amount: 9, nonce: 0 }), rival.domain);
  const { block, transactions } = mineAndImport(rival, { transactions: [payment] });
  const result = own.chain.importBlock({ block, transactions, nowMs: block.header.timestampMs });
  expect(result).toMatchObject({ ok: true, kind: "kept" });
  const hash = hashHeader(block.header);
  expect(own.queries.block(hash)).toMatchObject({ isCanonical: false, transactionHashes: [payment.hash] });
  expect(own.queries.blockTransactions(hash, { offset: 0, countMax: 5 })).toMatchObject([
    { hash: payment.hash, signed: { transaction: payment.transaction }, receipt: undefined, blockHeight: 1, index: 0 },
  ]);
  expect(own.queries.transaction(payment.hash)).toBeUndefined();
});

test("an account is kept for as long as the store's version stays, and no longer", () => {
  const own = openTestChain();
  let version = 0;
  let reads = 0;
  const counted = new Proxy(own.store, {
    get(target, name) {
      if (name === "version") return () => version;
      const value: unknown = Reflect.get(target, name);
      if (name === "stateValue") reads++;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const kept = createQueries({ store: counted, genesis: own.genesis, engine: own.engine });
  expect([kept.account(BERT), kept.account(BERT)].map(({ balance }) => balance as number)).toEqual([
    TEST_BALANCE,
    TEST_BALANCE,
  ]);
  expect(reads).toBe(1);
  mineAndImport(own, {
    transactions: [verified(transfer({ from: ANNE, to: BERT, amount: 7, nonce: 0 }), own.domain)],
  });
  version++;
  expect(kept.account(BERT).balance as number).toBe(TEST_BALANCE + 7);
  expect(kept.accountProof(BERT).account.balance as number).toBe(TEST_BALANCE + 7);
});
