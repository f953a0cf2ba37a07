// Random chains of deploys, calls and payments: supply is conserved, the root is that of the flat state, and taking blocks
// back restores state and tree to the byte.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Address, type Amount, hexToBytes } from "../../src/core/primitives/index.ts";
import { contractAddress, DEFAULT_PARAMETERS } from "../../src/core/protocol/index.ts";
import { testAccounts, testGenesis, transfer } from "../support/chainFixture.ts";
import { escaped, HOST_EXPORTS, nestedCall } from "../support/contractFixture.ts";
import { callOf, deployOf } from "../support/contractTransactions.ts";
import { STORE_KINDS, type TestStore } from "../support/storeKinds.ts";
import { mineAndImport, openTestChain, type TestChain, takeBack, verified } from "../support/testChain.ts";
import { verifyState } from "../support/verifyChain.ts";
import { contract } from "../support/wat.ts";
import { checkProperty } from "./checkProperty.ts";

const REWARD = 3;
const START_BALANCE = 10_000;
const SENDERS = testAccounts.slice(0, 3).map(({ address }) => address);
const [CREATOR] = SENDERS as [Address];
/** Where the first contract of the first sender will be: the one that the others call. */
const BANK = contractAddress({ creator: CREATOR, nonce: 0 });

/** Keeps and removes slots, pays on, calls itself and the bank, reverts and traps, as its parameters say. */
const toBank = nestedCall({ address: BANK, name: "mixed", args: "[3,5]", amount: 2, gas: 1_000_000 });
const CODE = contract(`(memory 1) ${HOST_EXPORTS} ${toBank.data}
  (data (i32.const 100) "${escaped(hexToBytes(SENDERS[1] as Address))}") (data (i32.const 128) "\\03\\00\\00\\00\\00\\00\\00\\00")
  (func $mixed (param $slot i32) (param $how i32) (result i32)
    (i32.store (i32.const 0) (local.get $slot))
    (if (i32.and (local.get $how) (i32.const 1)) (then
      (call $storage_write (i32.const 0) (i32.const 4) (i32.const 0) (i32.add (local.get $slot) (i32.const 1)))))
    (if (i32.and (local.get $how) (i32.const 2)) (then
      (drop (call $storage_remove (i32.const 0) (i32.const 4)))))
    (if (i32.and (local.get $how) (i32.const 4)) (then
      (drop (call $transfer (i32.const 100) (i32.const 128)))))
    (if (i32.and (local.get $how) (i32.const 8)) (then (drop ${toBank.code})))
    (if (i32.and (local.get $how) (i32.const 16)) (then (call $revert (i32.const 0) (i32.const 4))))
    (if (i32.and (local.get $how) (i32.const 32)) (then unreachable))
    (if (i32.and (local.get $how) (i32.const 64)) (then (loop $again (br $again))))
    (i32.const 1))
  (func (export "mixed") (param i32 i32) (result i32) (call $mixed (local.get 0) (local.get 1)))
  (func (export "init") (param i32 i32) (result i32) (call $mixed (local.get 0) (local.get 1)))`);

const action = fc.record({
  from: fc.nat(2),
  kind: fc.constantFrom("deploy", "call", "call", "call", "pay" as const),
  target: fc.nat(5),
  slot: fc.nat(5),
  how: fc.oneof({ weight: 4, arbitrary: fc.nat(15) }, { weight: 1, arbitrary: fc.nat(127) }),
  amount: fc.nat(20),
  gasPrice: fc.nat(200),
});
const history = fc.record({
  blocks: fc.array(fc.array(action, { maxLength: 6 }), { minLength: 1, maxLength: 6 }),
  revertCount: fc.nat(6),
});
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

function genesis() {
  const accounts = SENDERS.map((address) => ({ address, balance: START_BALANCE as Amount }));
  return testGenesis({
    accounts: accounts.toSorted((left, right) => (left.address < right.address ? -1 : 1)),
    parameters: { ...DEFAULT_PARAMETERS, blockReward: REWARD as Amount },
  });
}

class Story {
  private readonly testChain: TestChain;
  private readonly contracts: Address[] = [];

  constructor(testChain: TestChain) {
    this.testChain = testChain;
  }

  mine(actions: readonly Action[]): void {
    const nonces = new Map<Address, number>();
    const transactions = actions.map(({ from, kind, target, slot, how, amount, gasPrice }) => {
      const sender = SENDERS[from] as Address;
      const nonce = nonces.get(sender) ?? this.testChain.chain.account(sender).nonce;
      nonces.set(sender, nonce + 1);
      const base = { from: sender, nonce, amount, gasPrice, gas: 2_000_000, args: `[${slot},${how}]` };
      const to = this.contracts[target % Math.max(this.contracts.length, 1)] ?? BANK;
      if (kind === "deploy") {
        this.contracts.push(contractAddress({ creator: sender, nonce }));
        return deployOf({ ...base, code: CODE });
      }
      return kind === "call"
        ? callOf({ ...base, to, name: "mixed" })
        : transfer({ from: sender, to, amount, nonce, gasPrice });
    });
    mineAndImport(this.testChain, {
      transactions: transactions.map((transaction) => verified(transaction, this.testChain.domain)),
    });
  }
}

function check(testStore: TestStore, drawn: { blocks: Action[][]; revertCount: number }): void {
  const { store } = testStore;
  const testChain = openTestChain({ store, genesis: genesis() });
  const story = new Story(testChain);
  const moment = () => [
    Array.from(store.stateEntries(), ({ key, value }) => [key.toHex(), value.toHex()]),
    testStore.pages(),
  ];
  const moments = [moment()];
  // The bank is there from the first block on.
  const first: Action = { from: 0, kind: "deploy", target: 0, slot: 0, how: 1, amount: 50, gasPrice: 0 };
  for (const actions of [[first], ...drawn.blocks]) {
    story.mine(actions);
    const found = verifyState(store);
    expect(found.problems).toEqual([]);
    expect(found.supply).toBe(SENDERS.length * START_BALANCE + found.height * REWARD);
    moments.push(moment());
  }
  for (let left = Math.min(drawn.revertCount, drawn.blocks.length); left > 0; left--) {
    takeBack(testChain);
    moments.pop();
    expect(moment()).toEqual(moments.at(-1) as ReturnType<typeof moment>);
  }
}

for (const { name, create } of STORE_KINDS) {
  test(`over ${name}`, () => {
    checkProperty(
      fc.property(history, (drawn) => {
        const testStore = create();
        try {
          check(testStore, drawn);
        } finally {
          testStore.dispose();
        }
      }),
      { numRuns: name === "memory" ? 40 : 6 },
    );
  });
}
