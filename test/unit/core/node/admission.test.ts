// Contracts on their way into a replica: a module that can only fail is refused, and what the engine fails at is put aside.

import { expect, test } from "bun:test";
import { contractAddress } from "../../../../src/core/protocol/index.ts";
import { testAccount } from "../../../support/chainFixture.ts";
import { callOf, deployOf } from "../../../support/contractTransactions.ts";
import { createFailingMachine } from "../../../support/machine.ts";
import { verified } from "../../../support/testChain.ts";
import { assemble, contract } from "../../../support/wat.ts";
import { createHarness } from "./harness.ts";

const ANNE = testAccount(0).address;
const CODE = contract('(func (export "go"))');

test("a deploy of a module that is refused says where and why, and nothing waits", () => {
  const harness = createHarness();
  const code = assemble('(module (func (export "half") (result f32) (f32.const 0.5)))');
  const [refusal] = harness.replica.submit([verified(deployOf({ from: ANNE, nonce: 0, code }), harness.domain)]);
  expect(refusal?.code).toBe("module_feature");
  expect(refusal?.details).toHaveProperty("offset");
  expect(harness.replica.status().mempoolCount).toBe(0);
});

test("a deploy of a module that is right waits, and is in the next block", () => {
  const harness = createHarness();
  const deploy = verified(deployOf({ from: ANNE, nonce: 0, code: CODE }), harness.domain);
  expect(harness.submit(deploy)).toEqual([undefined]);
  expect(harness.submit(deploy)).toEqual(["already_known"]);
  harness.seal();
  expect(harness.height()).toBe(1);
  expect(harness.replica.chain.account(contractAddress({ creator: ANNE, nonce: 0 })).codeHash).toBeDefined();
});

test("a call that the engine fails at is dropped with a word in the log, and not taken again; mining goes on", () => {
  let isFailing = false;
  const harness = createHarness({ machine: createFailingMachine(() => isFailing) });
  harness.submit(verified(deployOf({ from: ANNE, nonce: 0, code: CODE }), harness.domain));
  harness.seal();
  isFailing = true;
  const to = contractAddress({ creator: ANNE, nonce: 0 });
  const call = verified(callOf({ from: ANNE, nonce: 1, to, name: "go" }), harness.domain);
  harness.submit(call, harness.pay(1, 0));
  harness.pass(1000);
  expect(harness.logged.filter(({ event }) => event === "transaction quarantined")).toEqual([
    { event: "transaction quarantined", fields: { hash: call.hash, reason: "the engine is out of order" } },
  ]);
  harness.seal();
  expect(harness.committed.at(-1)).toEqual({ height: 2, transactions: 1 });
  expect(harness.replica.status().mempoolCount).toBe(0);
  expect(harness.submit(call)).toEqual(["quarantined"]);
});
