// Blocks with contracts: executed to the same roots by who imports them, taken back with their storage, and never passed
// by a node that can't execute them.

import { expect, test } from "bun:test";
import { pathOf, prove, verifyProof } from "../../../../src/core/merkle/index.ts";
import type { Height, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { contractAddress, decodeReceipt, splitReceipts } from "../../../../src/core/protocol/index.ts";
import { codeKey, storageKey } from "../../../../src/core/state/index.ts";
import { grow, LATE_MS } from "../../../support/branches.ts";
import { testAccount, testGenesis } from "../../../support/chainFixture.ts";
import { callOf, deployOf } from "../../../support/contractTransactions.ts";
import { createFailingMachine } from "../../../support/machine.ts";
import { mine, mineAndImport, openTestChain, type TestChain, takeBack, verified } from "../../../support/testChain.ts";
import { verifyState } from "../../../support/verifyChain.ts";
import { contract } from "../../../support/wat.ts";

const ANNE = testAccount(0).address;
const CODE = contract(`(memory 1) (data (i32.const 0) "key")
  (func (export "set") (param i32)
    (i32.store (i32.const 8) (local.get 0))
    (call $storage_write (i32.const 0) (i32.const 3) (i32.const 8) (i32.const 4)))
  (func (export "clear") (drop (call $storage_remove (i32.const 0) (i32.const 3))))`);
const ADDRESS = contractAddress({ creator: ANNE, nonce: 0 });
const KEY = storageKey(ADDRESS, new TextEncoder().encode("key"));
const GENESIS = testGenesis();

const deploy = ({ domain }: TestChain) => [verified(deployOf({ from: ANNE, nonce: 0, code: CODE }), domain)];
const set = (value: number, nonce: number) => (parent: TestChain) => [
  verified(callOf({ from: ANNE, nonce, to: ADDRESS, name: "set", args: `[${value}]` }), parent.domain),
];
const clear = (nonce: number) => (parent: TestChain) => [
  verified(callOf({ from: ANNE, nonce, to: ADDRESS, name: "clear" }), parent.domain),
];

const word = (value: number) => Uint8Array.of(value, 0, 0, 0);

test("storage is back where it was when a branch with more work takes over, and when blocks are taken back", () => {
  const base = grow(GENESIS, [], [{ transactions: deploy }, { transactions: set(1, 1) }]);
  const left = grow(GENESIS, base, [{ transactions: set(2, 2) }, { transactions: clear(3) }]);
  const right = grow(GENESIS, base, [{ transactions: set(3, 2) }, {}, {}]);
  const testChain = openTestChain({ genesis: GENESIS });
  const { chain, store } = testChain;
  const import_ = (items: typeof base) => chain.importBlocks({ items, nowMs: LATE_MS }).results.map(({ ok }) => ok);
  expect(import_([...base, ...left])).toEqual([true, true, true, true]);
  expect(store.stateValue(KEY)).toBeUndefined();
  const at = (height: number) => store.stateValueAt(KEY, height as Height);
  expect([1, 2, 3, 4].map(at)).toEqual([undefined, word(1), word(2), undefined]);
  expect(import_(right)).toEqual([true, true, true]);
  expect([1, 2, 3, 4, 5].map(at)).toEqual([undefined, word(1), word(3), word(3), word(3)]);
  expect(verifyState(store).problems).toEqual([]);
  for (let count = 0; count < 5; count++) takeBack(testChain);
  expect([...store.stateEntries()].every(({ key }) => key[0] === 1 || key[0] === 5)).toBe(true);
  expect(verifyState(store).problems).toEqual([]);
});

test("a slot is proven present and absent against the root of its block", () => {
  const testChain = openTestChain({ genesis: GENESIS });
  const { chain, store } = testChain;
  mineAndImport(testChain, { transactions: deploy(testChain) });
  const proof = () => prove({ readPage: (prefix) => store.treePage(prefix), path: pathOf(KEY) });
  const verify = (value: Uint8Array | undefined) =>
    verifyProof({ root: chain.head.header.stateRoot, key: KEY, value, proof: proof() });
  expect(verify(undefined)).toBe("absent");
  mineAndImport(testChain, { transactions: set(9, 1)(testChain) });
  expect(verify(word(9))).toBe("present");
  expect(verify(word(8))).toBe("invalid");
  expect(store.stateValue(codeKey(chain.account(ADDRESS).codeHash as never))).toEqual(CODE);
});

test("a block counts gas before refunds, and its receipts say what came back", () => {
  const testChain = openTestChain({ genesis: GENESIS });
  mineAndImport(testChain, { transactions: deploy(testChain) });
  mineAndImport(testChain, { transactions: set(9, 1)(testChain) });
  const { block } = mineAndImport(testChain, { transactions: clear(2)(testChain) });
  const stored = testChain.store.block(testChain.chain.head.hash);
  const receipts = splitReceipts(stored?.receipts as Uint8Array);
  const receipt = receipts.ok ? decodeReceipt(receipts.value[0] as Uint8Array) : undefined;
  if (receipt?.ok !== true) throw new RangeError("there is no receipt");
  expect(receipt.value.gasRefunded as number).toBe(15_000);
  expect(block.header.gasUsed as number).toBe(receipt.value.gasUsed + 15_000);
});

test("a block that this node can't execute stops it before the block, naming the transaction", () => {
  let isFailing = false;
  const store = openTestChain({ genesis: GENESIS, machine: createFailingMachine(() => isFailing) });
  const other = openTestChain({ genesis: GENESIS });
  const first = mineAndImport(other, { transactions: deploy(other) });
  const transactions = set(9, 1)(other);
  const second = mine(other, { transactions });
  const importOf = (item: typeof first) =>
    store.chain.importBlock({ ...item, nowMs: (item.block.header.timestampMs + 1) as TimestampMs });
  expect(importOf(first).ok).toBe(true);
  const head = store.chain.head.hash;
  isFailing = true;
  expect(() => importOf(second)).toThrow(transactions[0]?.hash as string);
  expect(store.chain.head.hash).toBe(head);
  expect(verifyState(store.store).problems).toEqual([]);
  isFailing = false;
  expect(importOf(second).ok).toBe(true);
});
