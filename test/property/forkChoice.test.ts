// Random trees of blocks by several miners, delivered in any order: the head is the best block that a plain search finds,
// the store is to the byte that of a chain that has seen nothing but the winning branch, and the reports add up.

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Address, Amount, Hash, Height } from "../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS } from "../../src/core/protocol/index.ts";
import { deliver, grow, hashOfBlock } from "../support/branches.ts";
import { testAccounts, testGenesis, transfer } from "../support/chainFixture.ts";
import { STORE_KINDS, type TestStore } from "../support/storeKinds.ts";
import { type MinedBlock, openTestChain, type TestChain, verified } from "../support/testChain.ts";
import { verifyState } from "../support/verifyChain.ts";
import { checkProperty } from "./checkProperty.ts";

const ADDRESSES = testAccounts.map(({ address }) => address);
const GENESIS = testGenesis({
  consensus: { engine: "pow", difficulty: 1, retarget: true },
  parameters: { ...DEFAULT_PARAMETERS, blockReward: 3 as Amount },
});

const node = fc.record({
  /** Which of the blocks so far it rests on, counted from the newest; block 0 past the oldest. */
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(8) }),
  stepMs: fc.constantFrom(2500, 5000, 15_000),
  miner: fc.nat(3),
  payments: fc.array(fc.record({ from: fc.nat(2), to: fc.nat(9), amount: fc.nat(50) }), { maxLength: 3 }),
});
const tree = fc.record({
  nodes: fc.array(node, { minLength: 2, maxLength: 14 }),
  order: fc.array(fc.nat(1000), { minLength: 14, maxLength: 14 }),
  batch: fc.integer({ min: 1, max: 5 }),
});
type Tree = typeof tree extends fc.Arbitrary<infer Value> ? Value : never;

/** The path to each block from block 0, the block itself last. */
function growTree({ nodes }: Tree): MinedBlock[][] {
  const paths: MinedBlock[][] = [];
  for (const { back, stepMs, miner, payments } of nodes) {
    const base = paths[paths.length - 1 - back] ?? [];
    const transactions = (parent: TestChain) => {
      const nonces = new Map<Address, number>();
      return payments.map(({ from, to, amount }) => {
        const sender = ADDRESSES[from] as Address;
        const nonce = nonces.get(sender) ?? parent.chain.state().account(sender).nonce;
        nonces.set(sender, nonce + 1);
        return verified(transfer({ from: sender, to: ADDRESSES[to] as Address, amount, nonce }), parent.domain);
      });
    };
    const proposer = ADDRESSES[6 + miner] as Address;
    const [block] = grow(GENESIS, base, [{ proposer, stepMs, transactions }]) as [MinedBlock];
    paths.push([...base, block]);
  }
  return paths;
}

function bestPath(paths: readonly MinedBlock[][], { engine }: TestChain): MinedBlock[] {
  const work = (path: readonly MinedBlock[]) => path.reduce((sum, { block }) => sum + engine.workOf(block.header), 0n);
  const hash = (path: readonly MinedBlock[]) => hashOfBlock(path.at(-1) as MinedBlock);
  return paths.toSorted((left, right) => {
    const [leftWork, rightWork] = [work(left), work(right)];
    if (leftWork !== rightWork) return leftWork > rightWork ? -1 : 1;
    return hash(left) < hash(right) ? -1 : 1;
  })[0] as MinedBlock[];
}

/** Delivers in a drawn order, those whose parents are missing again later, and follows what is reported. */
function deliverAll(testChain: TestChain, blocks: readonly MinedBlock[], { order, batch }: Tree): void {
  const keyed = blocks.map((block, index) => ({ block, key: order[index] as number }));
  let waiting = keyed.toSorted((left, right) => left.key - right.key).map(({ block }) => block);
  const canonical: Hash[] = [testChain.chain.genesisHash];
  while (waiting.length > 0) {
    const next = waiting.slice(0, batch);
    const { report, codes } = deliver(testChain, next);
    const done = codes.filter((code) => code !== "unknown_parent").length;
    for (const { hash, header, transactions } of report.abandoned.toReversed()) {
      expect(canonical.pop()).toBe(hash);
      expect(transactions).toHaveLength(header.transactionCount);
    }
    for (const { hash, header } of report.adopted) {
      expect(canonical.at(-1)).toBe(header.parentHash);
      canonical.push(hash);
    }
    expect(canonical.at(-1)).toBe(testChain.chain.head.hash);
    const [late, ...rest] = waiting.slice(done);
    waiting = late === undefined || codes.length === done ? waiting.slice(done) : [...rest, late];
  }
  const heights = canonical.map((_, height) => testChain.store.hashAt(height as Height) as Hash);
  expect(heights).toEqual(canonical);
}

function recordsOf({ store, pages }: TestStore, path: readonly MinedBlock[]) {
  const hashes = path.map(hashOfBlock);
  return {
    state: [...store.stateEntries()],
    pages: pages(),
    blocks: hashes.map((hash) => ({ ...store.block(hash) })),
    changes: hashes.map((_, index) => store.changesAt((index + 1) as Height).map((entry) => ({ ...entry }))),
    positions: path.flatMap(({ transactions }) => transactions.map(({ hash }) => store.transactionPosition(hash))),
  };
}

function checkTree(create: () => TestStore, drawn: Tree): void {
  const paths = growTree(drawn);
  const unique = new Map(paths.map((path) => [hashOfBlock(path.at(-1) as MinedBlock), path]));
  const [testStore, plainStore] = [create(), create()];
  try {
    const testChain = openTestChain({ store: testStore.store, genesis: GENESIS });
    deliverAll(
      testChain,
      [...unique.values()].map((path) => path.at(-1) as MinedBlock),
      drawn,
    );
    const best = bestPath([...unique.values()], testChain);
    expect(testChain.chain.head.hash).toBe(hashOfBlock(best.at(-1) as MinedBlock));
    expect(verifyState(testStore.store).problems).toEqual([]);
    expect(testStore.store.sideBlocks()).toHaveLength(unique.size - best.length);
    const plain = openTestChain({ store: plainStore.store, genesis: GENESIS });
    deliver(plain, best);
    expect(recordsOf(testStore, best)).toEqual(recordsOf(plainStore, best));
    // A chain that is opened anew goes on from there.
    const again = openTestChain({ store: testStore.reopen(), genesis: GENESIS });
    expect(again.chain.head).toEqual(plain.chain.head);
  } finally {
    for (const store of [testStore, plainStore]) store.dispose();
  }
}

for (const { name, create } of STORE_KINDS) {
  test(`over ${name}`, () => {
    const numRuns = name === "memory" ? 60 : 6;
    checkProperty(
      fc.property(tree, (drawn) => checkTree(create, drawn)),
      { numRuns },
    );
  });
}
