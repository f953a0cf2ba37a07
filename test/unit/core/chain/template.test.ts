// Templates with contracts in them: what this node fails to execute stays out, and what is executed in vain is bounded.

import { expect, test } from "bun:test";
import { type Address, type Gas, type Height, ZERO_HASH } from "../../../../src/core/primitives/index.ts";
import { contractAddress, DEFAULT_PARAMETERS, type VerifiedTransaction } from "../../../../src/core/protocol/index.ts";
import { testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import { callOf, deployOf } from "../../../support/contractTransactions.ts";
import { createFailingMachine } from "../../../support/machine.ts";
import {
  mineAndImport,
  nextMs,
  openTestChain,
  type TestChain,
  template,
  verified,
} from "../../../support/testChain.ts";
import { contract } from "../../../support/wat.ts";

const [ANNE, BERT] = [testAccount(0).address, testAccount(1).address];
const CODE = contract(`(memory 1)
  (func (export "go") (call $storage_write (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1)))
  (func (export "fill") (param i32)
    (i32.store (i32.const 0) (local.get 0))
    (call $storage_write (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 4000)))`);

function withContract(testChain: TestChain): Address {
  const deploy = deployOf({ from: ANNE, nonce: 0, code: CODE });
  mineAndImport(testChain, { transactions: [verified(deploy, testChain.domain)] });
  return contractAddress({ creator: ANNE, nonce: 0 });
}

test("a transaction that the engine fails at is left out and named, and the others are included", () => {
  let isFailing = false;
  const testChain = openTestChain({ machine: createFailingMachine(() => isFailing) });
  const { domain } = testChain;
  const address = withContract(testChain);
  const call = verified(callOf({ from: ANNE, nonce: 1, to: address, name: "go", amount: 5 }), domain);
  const pay = verified(transfer({ from: BERT, to: ANNE, amount: 1, nonce: 0 }), domain);
  isFailing = true;
  const built = template(testChain, { transactions: [call, pay] });
  expect(built.transactions).toEqual([pay]);
  expect(built.quarantined.map(({ transaction }) => transaction)).toEqual([call]);
  expect(built.quarantined[0]?.fault.message).toBe("the engine is out of order");
  isFailing = false;
  // Nothing of it is in the block, which others take; and afterwards the machine works as before.
  const block = mineAndImport(testChain, { transactions: [pay] });
  expect(block.block.header.stateRoot).toBe(built.header.stateRoot);
  expect(template(testChain, { transactions: [call] })).toMatchObject({ transactions: [call], quarantined: [] });
});

test("what is executed and finds no room takes no more time than a block has gas", () => {
  const parameters = { ...DEFAULT_PARAMETERS, newStateBytesMax: 10_000, blockGasLimit: 50_000_000 as Gas };
  const testChain = openTestChain({ genesis: testGenesis({ parameters }) });
  const address = withContract(testChain);
  let applied = 0;
  const fill = (sender: number, gas = 9_000_000) =>
    verified(
      callOf({
        from: testAccount(sender).address,
        nonce: sender === 0 ? 1 : 0,
        to: address,
        name: "fill",
        args: `[${sender}]`,
        gas,
      }),
      testChain.domain,
    );
  const left: VerifiedTransaction[] = Array.from({ length: 10 }, (_, sender) => fill(sender));
  const built = testChain.chain.buildTemplate({
    source: {
      next: () => {
        applied++;
        return left.shift();
      },
      skipSender: () => undefined,
    },
    proposer: testAccount(9).address,
    nowMs: nextMs(testChain),
  });
  // Two find room; of some 9 million gas each, six more are tried.
  expect(built.transactions).toHaveLength(2);
  expect(applied).toBe(2 + 6);
  expect(built.isFull).toBe(true);
  expect(left).toHaveLength(2);
});

test("an ordinary template has nothing in quarantine", () => {
  const testChain = openTestChain();
  const built = template(testChain);
  expect(built.quarantined).toEqual([]);
  expect(built.header).toMatchObject({ height: 1 as Height, receiptsRoot: ZERO_HASH });
});
