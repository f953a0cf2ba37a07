// Real answers have just the shape that the OpenAPI document says: no field more, none less.

import { expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import {
  callBody,
  callExamples,
  contractAnswers,
  deployBody,
  deployExamples,
  estimateBody,
  estimateExamples,
  viewBody,
  viewExamples,
} from "../../../../src/app/api/contractSchemas.ts";
import { EXAMPLE_CONTRACT, EXAMPLE_STORAGE_KEY } from "../../../../src/app/api/exampleContract.ts";
import { createApi } from "../../../../src/app/api/index.ts";
import {
  submitBody,
  submitExamples,
  submitManyBody,
  submitManyExamples,
} from "../../../../src/app/api/requestSchemas.ts";
import { answers, errorBody } from "../../../../src/app/api/schemas.ts";
import { createWallet } from "../../../../src/app/wallet/index.ts";
import { signedTransfer, testAccount } from "../../../support/chainFixture.ts";
import { createTestNode, silentLogger } from "../../../support/inProcessNode.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];

/** An API over a node with one block of one transfer, and another transfer that waits for a lower nonce. */
async function serve() {
  const node = createTestNode();
  const wallet = createWallet({ secretKeys: [alice.secretKey] });
  const config = { host: "127.0.0.1", hostsAllowed: [], corsOrigins: [], bodySizeBytesMax: 4096 };
  const app = createApi({ node: node.handle, wallet, version: "1", logger: silentLogger, config });
  const ask = async (path: string, init?: RequestInit) =>
    (await app.handle(new Request(`http://localhost${path}`, init))).json();
  const post = (path: string, body: object) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const submitted = (await post("/submit-tx?wait=included", { to: bob.address, amount: 1 })) as { hash: string };
  const deployed = (await post("/deploy-contract?wait=included", { wasm: EXAMPLE_CONTRACT })) as { address: string };
  const called = (await post("/call-contract?wait=included", {
    address: deployed.address,
    function: "add",
    args: [5],
  })) as { hash: string };
  const waiting = signedTransfer({
    sender: bob,
    to: alice.address,
    amount: 1,
    nonce: 3,
    domain: node.handle.queries.domain,
  });
  await node.handle.submit(waiting);
  return { ask, post, submitted, waiting, deployed, called };
}

const { ask, post, submitted, waiting, deployed, called } = await serve();
const contract = `/contract/${deployed.address}`;

const cases: readonly (readonly [path: string, schema: TSchema])[] = [
  ["/", answers.index],
  ["/chain/head", answers.head],
  ["/chain/info", answers.info],
  ["/block/0", answers.block],
  ["/block/1", answers.block],
  ["/block/1/transactions", answers.blockTransactions],
  [`/tx/${submitted.hash}`, answers.transaction],
  [`/tx/${waiting.hash}`, answers.transaction],
  [`/balance/${bob.address}`, answers.balance],
  [`/account/${bob.address}`, answers.account],
  [`/proof/account/${bob.address}`, answers.accountProof],
  [`/proof/account/0x${"77".repeat(20)}`, answers.accountProof],
  ["/mempool", answers.mempool],
  [`/mempool/${testAccount(0).address}`, answers.senderMempool],
  [`/proof/tx/${submitted.hash}`, answers.transactionProof],
  [`/tx/${called.hash}`, answers.transaction],
  [contract, contractAnswers.contract],
  [`${contract}/code`, contractAnswers.code],
  [`${contract}/storage/${EXAMPLE_STORAGE_KEY}`, contractAnswers.storage],
  [`${contract}/storage/0x00`, contractAnswers.storage],
  [`${contract}/events`, contractAnswers.events],
  ["/peers", answers.peers],
  ["/liveness", answers.liveness],
  ["/readiness", answers.readiness],
  ["/block/x", errorBody],
  ["/block/9", errorBody],
];

for (const [path, schema] of cases) {
  test(path, async () => {
    expect([...Value.Errors(schema, await ask(path))].map((error) => `${error.path}: ${error.message}`)).toEqual([]);
  });
}

test("an accepted submission", () => {
  expect(Value.Check(answers.submitted, submitted)).toBe(true);
});

const posts: readonly (readonly [path: string, body: object, schema: TSchema])[] = [
  ["/deploy-contract", { wasm: EXAMPLE_CONTRACT }, contractAnswers.deployed],
  ["/deploy-contract?wait=included", { wasm: EXAMPLE_CONTRACT }, contractAnswers.deployed],
  ["/call-contract", { address: deployed.address, function: "add", args: [1] }, contractAnswers.called],
  ["/call-contract?wait=included", { address: deployed.address, function: "no" }, contractAnswers.called],
  ["/estimate-gas", { address: deployed.address, function: "add", args: [1] }, contractAnswers.estimate],
  [`${contract}/view`, { function: "get" }, contractAnswers.view],
  [`${contract}/view`, { function: "no" }, contractAnswers.view],
];

for (const [path, body, schema] of posts) {
  test(`${path} of ${JSON.stringify(body).slice(0, 60)}`, async () => {
    const answer = await post(path, body);
    expect([...Value.Errors(schema, answer)].map((error) => `${error.path}: ${error.message}`)).toEqual([]);
  });
}

test("the schemas notice a field more and a field less", async () => {
  const { head } = (await ask("/chain/head")) as { head: Record<string, unknown> };
  expect(Value.Check(answers.head, { head: { ...head, more: 1 } })).toBe(false);
  const { hash: _hash, ...less } = head;
  expect(Value.Check(answers.head, { head: less })).toBe(false);
});

test("the examples of a submission are of its shape", () => {
  for (const example of submitBody.examples) expect(Value.Check(submitBody, example)).toBe(true);
  for (const { value } of Object.values(submitExamples)) expect(Value.Check(submitBody, value)).toBe(true);
  for (const { value } of Object.values(submitManyExamples)) expect(Value.Check(submitManyBody, value)).toBe(true);
  for (const [schema, examples] of [
    [deployBody, deployExamples],
    [callBody, callExamples],
    [viewBody, viewExamples],
    [estimateBody, estimateExamples],
  ] as const) {
    for (const { value } of Object.values(examples)) expect(Value.Check(schema, value)).toBe(true);
  }
});
