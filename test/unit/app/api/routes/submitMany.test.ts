// POST /submit-txs: each transaction has an answer of its own, in order; and /proof/tx shows what came of one.

import { describe, expect, test } from "bun:test";
import { verifyTransactionProof } from "../../../../../src/client/index.ts";
import type { TransactionProofJson } from "../../../../../src/client/json/index.ts";
import { type Hash, ZERO_HASH } from "../../../../../src/core/primitives/index.ts";
import { serve, signedBody } from "../../../../support/apiFixture.ts";
import { createTestNode } from "../../../../support/inProcessNode.ts";

function postMany(served: ReturnType<typeof serve>, body: unknown) {
  return served.request("/submit-txs", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
}

describe("many transactions", () => {
  test("are taken as an array and under txs, each with its own answer", async () => {
    for (const wrap of [(txs: unknown[]) => txs, (txs: unknown[]) => ({ txs })]) {
      const node = createTestNode();
      const { domain } = node.handle.queries;
      const first = signedBody(domain, { nonce: 0 });
      const second = signedBody(domain, { nonce: 1 });
      const wrong = { ...signedBody(domain, { nonce: 2 }), to: "bob" };
      const { status, body } = await postMany(serve({ node }), wrap([first, wrong, second, first]));
      expect([status, body.status]).toEqual([200, "ok"]);
      expect(body.results).toMatchObject([
        { status: "ok", hash: first.hash },
        { status: "error", error: { code: "invalid_address" } },
        { status: "ok", hash: second.hash },
        { status: "error" },
      ]);
      expect(node.handle.queries.transaction(second.hash)?.blockHeight as number).toBeGreaterThan(0);
    }
  });

  test("that are no list, or too many, are refused as a whole", async () => {
    const served = serve({ node: createTestNode() });
    for (const body of [{}, { tx: [] }, { txs: [], more: [] }, "text", 7, null]) {
      const answer = await postMany(served, body);
      expect([answer.status, answer.body.error.code]).toEqual([400, "invalid_type"]);
    }
    const answer = await postMany(
      served,
      Array.from({ length: 1001 }, () => 0),
    );
    expect([answer.status, answer.body.error.code]).toEqual([400, "invalid_field"]);
  });
});

test("a proof shows a transaction in its block, against the block's header alone", async () => {
  const node = createTestNode();
  const served = serve({ node });
  const sent = signedBody(node.handle.queries.domain);
  await postMany(served, [sent]);
  const { body } = await served.request(`/proof/tx/${sent.hash}`);
  const proof = body.proof as TransactionProofJson;
  const block = node.handle.queries.block(proof.blockHash);
  const transactionsRoot = block?.header.transactionsRoot as Hash;
  expect(verifyTransactionProof({ proof, transactionsRoot })?.signature).toBe(sent.signature);
  expect(verifyTransactionProof({ proof, transactionsRoot: ZERO_HASH })).toBeUndefined();
  const tampered = `${proof.encoded.slice(0, -4)}ff${proof.encoded.slice(-2)}` as TransactionProofJson["encoded"];
  expect(verifyTransactionProof({ proof: { ...proof, encoded: tampered }, transactionsRoot })).toBeUndefined();
  expect((await served.request(`/proof/tx/${ZERO_HASH}`)).status).toBe(404);
});
