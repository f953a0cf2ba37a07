// POST /submit-tx: what it takes, what it answers, and every kind of refusal that needs no socket.

import { describe, expect, test } from "bun:test";
import { ZERO_HASH } from "../../../../../src/core/primitives/index.ts";
import { createSigningDomain } from "../../../../../src/core/protocol/index.ts";
import { BODY_SIZE_BYTES_MAX, serve, signedBody } from "../../../../support/apiFixture.ts";
import { TEST_BALANCE, testAccount } from "../../../../support/chainFixture.ts";
import { createTestNode } from "../../../../support/inProcessNode.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];

describe("submitting", () => {
  test("a signed transaction, flat or under tx, gives its hash", async () => {
    const node = createTestNode();
    const { post } = serve({ node, isWalletOn: false });
    const [first, second] = [0, 1].map((nonce) => signedBody(node.handle.queries.domain, { nonce }));
    expect((await post(first)).body).toEqual({ hash: first?.hash, status: "ok" } as never);
    expect((await post({ tx: second })).body).toEqual({ hash: second?.hash, status: "ok" } as never);
    expect(node.handle.queries.account(alice.address).nonce).toBe(2 as never);
  });

  test("with wait=included gives the height as well", async () => {
    const node = createTestNode();
    const { post } = serve({ node });
    const { status, body } = await post({ to: bob.address, amount: 1 }, { query: "?wait=included&timeoutMs=5000" });
    expect([status, body.blockHeight]).toEqual([200, 1]);
    const atOnce = await post({ to: bob.address, amount: 1 }, { query: "?timeoutMs=5000" });
    expect(Object.keys(atOnce.body)).toEqual(["hash", "status"]);
  });

  test("with wait=included and no block in time answers 504, and the transaction is still there", async () => {
    const node = createTestNode({ autoSeal: false });
    const { post, request } = serve({ node });
    const { status, body } = await post({ to: bob.address, amount: 1 }, { query: "?wait=included&timeoutMs=1" });
    expect([status, body.error.code]).toEqual([504, "inclusion_timeout"]);
    expect((await request(`/tx/${body.error.details?.hash}`)).body).toMatchObject({ tx: { state: "pending" } });
  });

  test("without a signature and without a wallet answers 403 and says what to do", async () => {
    const { status, body } = await serve({ node: createTestNode(), isWalletOn: false }).post({
      to: bob.address,
      amount: 1,
    });
    expect([status, body.error.code]).toEqual([403, "wallet_disabled"]);
    expect(body.error.message).toContain("/chain/info");
  });

  test("a garbage signature under the right hash does not keep the real one out", async () => {
    const node = createTestNode();
    const { post } = serve({ node });
    const good = signedBody(node.handle.queries.domain);
    const garbage = { ...good, signature: `0x${"11".repeat(32)}${"22".repeat(32)}00` };
    for (let round = 0; round < 2; round++) {
      const { status, body } = await post(garbage);
      expect([status, body.error.code]).toEqual([400, "invalid_signature"]);
    }
    expect((await post(good)).status).toBe(200);
  });

  test("a transaction that waits already answers 409", async () => {
    const node = createTestNode({ autoSeal: false });
    const { post } = serve({ node });
    const body = signedBody(node.handle.queries.domain);
    expect((await post(body)).status).toBe(200);
    const again = await post(body);
    expect([again.status, again.body.error.code]).toEqual([409, "already_known"]);
  });

  const to = `"to":"${bob.address}"`;
  const elsewhere = createSigningDomain(ZERO_HASH);
  const { hash: _hash, ...foreign } = signedBody(elsewhere);
  const refusals: readonly (readonly [name: string, body: unknown, status: number, code: string])[] = [
    ["no JSON", "{", 400, "invalid_json"],
    ["nothing", "", 400, "invalid_json"],
    ["a duplicate key", `{${to},"amount":1,"amount":2}`, 400, "duplicate_key"],
    ["a lone surrogate", `{${to},"amount":1,"type":"\\ud800"}`, 400, "lone_surrogate"],
    ["deep nesting", "[".repeat(33), 400, "nesting_too_deep"],
    ["a fraction", `{${to},"amount":1.0}`, 400, "invalid_number"],
    ["a fraction that rounds to a safe integer", `{${to},"amount":9007199254740990.6}`, 400, "invalid_number"],
    ["an unsafe number", `{${to},"amount":9007199254740992}`, 400, "invalid_number"],
    ["a negative amount", `{${to},"amount":-1}`, 400, "invalid_number"],
    ["an array", [], 400, "invalid_type"],
    ["an unknown field", { to: bob.address, amount: 1, data: "0x" }, 400, "unknown_field"],
    ["a field beside tx", { tx: { to: bob.address, amount: 1 }, amount: 1 }, 400, "unknown_field"],
    ["a wrong type", { to: bob.address, amount: "1" }, 400, "invalid_type"],
    ["no amount", { to: bob.address }, 400, "missing_field"],
    ["a hash without a signature", { to: bob.address, amount: 1, hash: ZERO_HASH }, 400, "missing_field"],
    ["no address", { to: "bob", amount: 1 }, 400, "invalid_address"],
    ["a wrong checksum", { to: "0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266", amount: 1 }, 400, "invalid_checksum"],
    ["a foreign sender", { from: bob.address, to: bob.address, amount: 1 }, 400, "wallet_unknown_account"],
    ["another chain's signature", foreign, 400, "invalid_signature"],
    ["another chain's hash", signedBody(elsewhere), 400, "hash_mismatch"],
    ["too much", { to: bob.address, amount: TEST_BALANCE + 1 }, 409, "insufficient_balance"],
    ["a distant nonce", { to: bob.address, amount: 1, nonce: 1000 }, 409, "nonce_too_far"],
    ["too little gas", { to: bob.address, amount: 1, gasLimit: 1 }, 400, "gas_limit_too_low"],
    ["too much gas", { to: bob.address, amount: 1, gasLimit: 1e15 }, 400, "gas_limit_too_high"],
    ["a stake of nothing", { type: "stake", amount: 0 }, 400, "invalid_transaction"],
    ["a stake", { type: "stake", amount: 1 }, 501, "not_yet_enabled"],
    ["a module that is none", { type: "deploy", amount: 0, code: "0x00", args: {} }, 400, "malformed_module"],
    ["a large body", `{${to},"amount":1}${" ".repeat(BODY_SIZE_BYTES_MAX)}`, 413, "body_too_large"],
  ];
  for (const [name, body, status, code] of refusals) {
    test(`${name} answers ${status} ${code} and changes nothing`, async () => {
      const node = createTestNode();
      const before = node.handle.queries.head().hash;
      const answer = await serve({ node }).post(body);
      expect([answer.status, answer.body.status, answer.body.error.code]).toEqual([status, "error", code]);
      expect(node.handle.queries.head().hash).toBe(before);
      expect((await node.handle.mempool({ countMax: 1 })).count).toBe(0);
    });
  }

  const queries = [
    "?wait=finalised",
    "?wait=included&timeoutMs=60001",
    "?wait=included&timeoutMs=0",
    "?timeoutMs=x",
    "?wat=included",
  ];
  for (const query of queries) {
    test(`with ${query} answers 400 invalid_query and changes nothing`, async () => {
      const node = createTestNode();
      const { status, body } = await serve({ node }).post({ to: bob.address, amount: 1 }, { query });
      expect([status, body.error.code]).toEqual([400, "invalid_query"]);
      expect(node.handle.queries.head().header.height).toBe(0 as never);
    });
  }

  for (const mediaType of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin1",
    "application/jsonx",
  ]) {
    test(`as ${mediaType} answers 415`, async () => {
      const { post } = serve({ node: createTestNode() });
      const { status, body } = await post({ to: bob.address, amount: 1 }, { headers: { "content-type": mediaType } });
      expect([status, body.error.code]).toEqual([415, "unsupported_media_type"]);
    });
  }

  test("as application/json with a charset of UTF-8 is taken", async () => {
    const headers = { "content-type": 'Application/JSON; charset="UTF-8"' };
    expect((await serve({ node: createTestNode() }).post({ to: bob.address, amount: 1 }, { headers })).status).toBe(
      200,
    );
  });

  test("for a host that the node does not go by answers 403", async () => {
    const { post } = serve({ node: createTestNode() });
    const { status, body } = await post({ to: bob.address, amount: 1 }, { headers: { host: "evil.example" } });
    expect([status, body.error.code]).toEqual([403, "host_not_allowed"]);
  });

  test("in chunks without a length is taken up to the limit", async () => {
    const { app } = serve({ node: createTestNode() });
    const send = async (text: string) => {
      const body = new Blob([text]).stream();
      const headers = { "content-type": "application/json" };
      return (await app.handle(new Request("http://localhost/submit-tx", { method: "POST", body, headers }))).status;
    };
    const text = `{${to},"amount":1}`;
    expect(await send(text.padEnd(BODY_SIZE_BYTES_MAX))).toBe(200);
    expect(await send(text.padEnd(BODY_SIZE_BYTES_MAX + 1))).toBe(413);
  });
});
