// Random chains over every store: the root is that of the flat state, supply is conserved, the state at each height is the
// one that was there and is proven as it was then, and taking blocks back restores it to the byte.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type AccountProofView, createQueries, PastProofs } from "../../src/core/node/index.ts";
import type { Address, Amount, Height } from "../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS } from "../../src/core/protocol/index.ts";
import { testAccounts, testGenesis, transfer } from "../support/chainFixture.ts";
import { STORE_KINDS, type TestStore } from "../support/storeKinds.ts";
import { mineAndImport, openTestChain, type TestChain, takeBack, verified } from "../support/testChain.ts";
import { verifyState } from "../support/verifyChain.ts";
import { checkProperty } from "./checkProperty.ts";

const REWARD = 3;
// Few accounts, small balances: they empty, come back and are refused often. Only the first four can sign.
const SENDERS = testAccounts.slice(0, 4).map(({ address }) => address);
const STRANGERS = ["a1", "b2", "c3"].map((digits) => `0x${digits.repeat(20)}` as Address);
const EVERYBODY = [...SENDERS, ...STRANGERS];
const START_BALANCE = 40;

const payment = fc.record({ from: fc.nat(3), to: fc.nat(6), amount: fc.nat(30), gasPrice: fc.nat(25) });
const block = fc.record({ payments: fc.array(payment, { maxLength: 8 }), proposer: fc.nat(6) });
const history = fc.record({
  blocks: fc.array(block, { minLength: 1, maxLength: 12 }),
  revertCount: fc.nat(12),
  after: fc.array(block, { maxLength: 3 }),
});
type Block = typeof block extends fc.Arbitrary<infer Value> ? Value : never;

function genesis() {
  const accounts = SENDERS.map((address) => ({ address, balance: START_BALANCE as Amount }));
  return testGenesis({
    accounts: accounts.toSorted((left, right) => (left.address < right.address ? -1 : 1)),
    parameters: { ...DEFAULT_PARAMETERS, blockReward: REWARD as Amount },
  });
}

/** Mines what can be executed of a block's payments. */
function mineBlock(testChain: TestChain, { payments, proposer }: Block): void {
  const nonces = new Map<Address, number>();
  const transactions = payments.map(({ from, to, ...fields }) => {
    const sender = SENDERS[from] as Address;
    const nonce = nonces.get(sender) ?? testChain.chain.state().account(sender).nonce;
    nonces.set(sender, nonce + 1);
    const draft = transfer({ from: sender, to: EVERYBODY[to] as Address, nonce, ...fields });
    return verified(draft, testChain.domain);
  });
  mineAndImport(testChain, { transactions, proposer: EVERYBODY[proposer] as Address });
}

interface Moment {
  readonly state: ReadonlyMap<string, string>;
  readonly pages: ReadonlyMap<string, string>;
  readonly proofs: readonly AccountProofView[];
}

function momentOf({ store, pages }: TestStore, { genesis, engine }: TestChain): Moment {
  const entries = Array.from(store.stateEntries(), ({ key, value }) => [key.toHex(), value.toHex()] as const);
  const queries = createQueries({ store, genesis, engine });
  return { state: new Map(entries), pages: pages(), proofs: EVERYBODY.map((address) => queries.accountProof(address)) };
}

function expectHistory({ store }: TestStore, moments: readonly Moment[]): void {
  const keys = new Set(moments.flatMap(({ state }) => [...state.keys()]));
  const past = new PastProofs({ store });
  moments.forEach(({ state, proofs }, height) => {
    const proven = EVERYBODY.map((address) => past.accountProof({ address, height: height as Height }));
    expect(proven).toEqual(proofs.map((value) => ({ ok: true, value })));
    for (const key of keys) {
      const found = store.stateValueAt(Uint8Array.fromHex(key), height as Height);
      expect(found?.toHex()).toBe(state.get(key) as string);
    }
  });
}

function checkChain(
  testStore: TestStore,
  { blocks, revertCount, after }: { blocks: Block[]; revertCount: number; after: Block[] },
) {
  const testChain = openTestChain({ store: testStore.store, genesis: genesis() });
  const moments = [momentOf(testStore, testChain)];
  const mineAll = (list: readonly Block[]) => {
    for (const next of list) {
      mineBlock(testChain, next);
      moments.push(momentOf(testStore, testChain));
      const found = verifyState(testStore.store);
      expect(found.problems).toEqual([]);
      expect(found.supply).toBe(SENDERS.length * START_BALANCE + found.height * REWARD);
    }
  };
  mineAll(blocks);
  expectHistory(testStore, moments);
  for (let left = Math.min(revertCount, blocks.length); left > 0; left--) {
    takeBack(testChain);
    moments.pop();
    expect(momentOf(testStore, testChain)).toEqual(moments.at(-1) as Moment);
  }
  expectHistory(testStore, moments);
  mineAll(after);
  expectHistory(testStore, moments);
}

for (const { name, create } of STORE_KINDS) {
  test(`over ${name}`, () => {
    checkProperty(
      fc.property(history, (drawn) => {
        const testStore = create();
        try {
          checkChain(testStore, drawn);
        } finally {
          testStore.dispose();
        }
      }),
      { numRuns: name === "memory" ? 40 : 8 },
    );
  });
}
