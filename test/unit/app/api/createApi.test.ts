// The API against a whole replica in process: shapes of the answers, refusals of reads, CORS.

import { beforeAll, describe, expect, test } from "bun:test";
import { createApi } from "../../../../src/app/api/index.ts";
import { checksumAddress } from "../../../../src/core/crypto/index.ts";
import { ZERO_HASH } from "../../../../src/core/primitives/index.ts";
import { serve, signedBody } from "../../../support/apiFixture.ts";
import { TEST_BALANCE, testAccount } from "../../../support/chainFixture.ts";
import { createTestNode, silentLogger } from "../../../support/inProcessNode.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];

describe("reading", () => {
  const node = createTestNode();
  const { request, post } = serve({ node });
  let hash: unknown;

  beforeAll(async () => {
    const { body } = await post({ from: alice.address, to: bob.address, amount: 100 });
    hash = body.hash;
  });

  test("/ says where to find what", async () => {
    const { body } = await request("/");
    expect(body).toMatchObject({ name: "aureon", version: "1.2.3", links: { swagger: "/swagger" } });
  });

  test("/chain/head has the head and nothing beside it", async () => {
    const { body } = await request("/chain/head");
    const { hash: headHash, header } = node.handle.queries.head();
    expect(Object.keys(body)).toEqual(["head"]);
    expect(body.head).toMatchObject({ height: 1, hash: headHash, stateRoot: header.stateRoot, transactionCount: 1 });
  });

  test("/chain/info has what a wallet signs with", async () => {
    const { body } = await request("/chain/info");
    const { genesisHash } = node.handle.queries.domain;
    expect(body.chain).toMatchObject({
      name: "test",
      genesisHash,
      consensus: "pow",
      eip712: { domain: { name: "Aureon", version: "1", salt: genesisHash } },
      wallet: { enabled: true, addresses: [alice.address] },
    });
    const { types } = (body.chain as { eip712: { types: Record<string, object> } }).eip712;
    expect(Object.entries(types).map(([name, own]) => [name, Object.keys(own)])).toEqual(
      ["Transfer", "Deploy", "Call", "Stake", "Unstake"].map((name) => [name, [name]]),
    );
  });

  test("/block takes height, hash and tags", async () => {
    const headHash = node.handle.queries.head().hash;
    for (const id of ["1", headHash, headHash.toUpperCase().replace("X", "x"), "latest"]) {
      const { body } = await request(`/block/${id}`);
      expect(body).toMatchObject({
        status: "ok",
        block: { height: 1, hash: headHash, transactions: [hash] },
      });
    }
    for (const id of ["0", "earliest", "safe", "finalized"]) {
      expect((await request(`/block/${id}`)).body).toMatchObject({ block: { height: 0, transactions: [] } });
    }
  });

  test("/block/{id}/transactions goes through a block in pages", async () => {
    const full = createTestNode({ autoSeal: false });
    const { request: ask, post: send } = serve({ node: full });
    const hashes: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      hashes.push((await send({ from: alice.address, to: bob.address, amount: 1 })).body.hash);
    }
    full.advance(6000);
    // The first block may have been begun before the later ones came.
    full.advance(6000);
    const seen: unknown[] = [];
    for (const height of [1, 2]) {
      let next: unknown = 0;
      while (next !== null) {
        const { body } = await ask(`/block/${height}/transactions?offset=${next}&limit=1`);
        const page = body as unknown as { transactions: { hash: string; index: number }[]; next: number | null };
        expect(page.transactions.length).toBeLessThanOrEqual(1);
        seen.push(...page.transactions.map((transaction) => transaction.hash));
        next = page.next;
      }
    }
    expect(seen).toEqual(hashes);
    expect((await ask("/block/1/transactions?offset=9")).body).toEqual({
      transactions: [],
      next: null,
      status: "ok",
    } as never);
  });

  test("/tx has an included transaction with its receipt", async () => {
    expect((await request(`/tx/${hash}`)).body).toMatchObject({
      status: "ok",
      tx: {
        type: "transfer",
        from: alice.address,
        to: bob.address,
        amount: 100,
        nonce: 0,
        hash,
        state: "included",
        blockHeight: 1,
        blockHash: node.handle.queries.head().hash,
        index: 0,
        receipt: {
          outcome: "success",
          reason: "none",
          gasUsed: 100_000,
          gasRefunded: 0,
          fee: 0,
          returnData: "0x",
          events: [],
          logs: [],
        },
      },
    });
  });

  test("/tx has a pending transaction, and /mempool lists it", async () => {
    const held = createTestNode({ autoSeal: false });
    const api = serve({ node: held });
    const body = signedBody(held.handle.queries.domain);
    const waiting = signedBody(held.handle.queries.domain, { nonce: 2 });
    await api.post(body);
    await api.post(waiting);
    const { signature, hash: _hash, ...fields } = body;
    expect((await api.request(`/tx/${body.hash}`)).body.tx).toEqual({
      ...fields,
      signature,
      hash: body.hash,
      state: "pending",
    });
    expect((await api.request("/mempool")).body).toMatchObject({
      status: "ok",
      mempool: {
        count: 2,
        transactions: [
          { hash: body.hash, ready: true, missingNonce: null },
          { hash: waiting.hash, ready: false, missingNonce: 1 },
        ],
      },
    });
    expect((await api.request("/mempool?limit=1")).body).toMatchObject({
      mempool: { count: 2, transactions: [{ hash: body.hash }] },
    });
  });

  test("/balance, /account and /proof know an account by any right writing of its address", async () => {
    for (const address of [bob.address, checksumAddress(bob.address), bob.address.toUpperCase().replace("X", "x")]) {
      expect((await request(`/balance/${address}`)).body).toEqual({
        balance: TEST_BALANCE + 100,
        status: "ok",
      } as never);
      const account = { address: bob.address, balance: TEST_BALANCE + 100, nonce: 0, stake: 0, codeHash: null };
      expect((await request(`/account/${address}`)).body).toEqual({ account, status: "ok" } as never);
      expect((await request(`/proof/account/${address}`)).body).toMatchObject({ proof: { account, blockHeight: 1 } });
    }
  });

  test("/proof/account at a height and by a tag", async () => {
    const proofAt = async (height: string) =>
      (await request(`/proof/account/${bob.address}?height=${height}`)).body.proof as { blockHeight: number };
    const proofs = await Promise.all(["0", "earliest", "1", "latest", "safe"].map(proofAt));
    expect(proofs.map(({ blockHeight }) => blockHeight)).toEqual([0, 0, 1, 1, 0]);
    expect(proofs[0]).toMatchObject({ account: { balance: TEST_BALANCE } });
  });

  test("/balance of an account that does not exist is 0", async () => {
    expect((await request(`/balance/0x${"12".repeat(20)}`)).body).toMatchObject({ balance: 0 });
  });

  test("/liveness and /readiness", async () => {
    expect((await request("/liveness")).body).toEqual({ status: "ok" } as never);
    expect((await request("/readiness")).status).toBe(200);
    const handle = {
      ...node.handle,
      status: () => ({ ...node.handle.status(), ready: false, reason: "it catches up" }),
    };
    const starting = serve({ node: { ...node, handle } });
    const { status, body } = await starting.request("/readiness");
    expect([status, body.error]).toEqual([503, { code: "not_ready", message: "it catches up" }]);
    expect((await starting.request("/liveness")).status).toBe(200);
  });

  const refusals: readonly (readonly [path: string, status: number, code: string])[] = [
    ["/nope", 404, "not_found"],
    ["/chain", 404, "not_found"],
    ["/tx/", 404, "not_found"],
    ["/block/2", 404, "block_not_found"],
    ["/block/9007199254740991", 404, "block_not_found"],
    [`/block/${ZERO_HASH}`, 404, "block_not_found"],
    ["/block/9007199254740992", 400, "invalid_block_id"],
    ["/block/-1", 400, "invalid_block_id"],
    ["/block/01", 400, "invalid_block_id"],
    ["/block/1.0", 400, "invalid_block_id"],
    ["/block/1e2", 400, "invalid_block_id"],
    ["/block/head", 400, "invalid_block_id"],
    ["/block/0x12", 400, "invalid_block_id"],
    ["/block/%20", 400, "invalid_block_id"],
    ["/block/%zz", 400, "invalid_block_id"],
    ["/block/9/transactions", 404, "block_not_found"],
    ["/block/x/transactions", 400, "invalid_block_id"],
    ["/block/0/transactions?limit=0", 400, "invalid_query"],
    ["/block/0/transactions?limit=501", 400, "invalid_query"],
    ["/block/0/transactions?page=1", 400, "invalid_query"],
    [`/tx/${ZERO_HASH}`, 404, "transaction_not_found"],
    ["/tx/0x12", 400, "invalid_hash"],
    ["/tx/%zz", 400, "invalid_hash"],
    ["/balance/0x12", 400, "invalid_address"],
    ["/balance/%zz", 400, "invalid_address"],
    ["/account/bob", 400, "invalid_address"],
    ["/account/0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266", 400, "invalid_checksum"],
    ["/proof/account/0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266", 400, "invalid_checksum"],
    [`/proof/account/${bob.address}?height=-1`, 400, "invalid_query"],
    [`/proof/account/${bob.address}?height=01`, 400, "invalid_query"],
    [`/proof/account/${bob.address}?height=head`, 400, "invalid_query"],
    [`/proof/account/${bob.address}?height=${ZERO_HASH}`, 400, "invalid_query"],
    [`/proof/account/${bob.address}?at=1`, 400, "invalid_query"],
    [`/proof/account/${bob.address}?height=2`, 404, "block_not_found"],
    ["/mempool?limit=-1", 400, "invalid_query"],
    ["/mempool?limit=1001", 400, "invalid_query"],
    ["/mempool?limit=1&limit=2", 400, "invalid_query"],
    ["/mempool?count=1", 400, "invalid_query"],
  ];
  for (const [path, status, code] of refusals) {
    test(`${path} answers ${status} ${code}`, async () => {
      const answer = await request(path);
      expect([answer.status, answer.body.status, answer.body.error.code]).toEqual([status, "error", code]);
      expect(answer.body.error.message.length).toBeGreaterThan(0);
    });
  }

  test("another method answers 405 and says which would do", async () => {
    for (const [method, path, allow] of [
      ["POST", "/chain/head", "GET, HEAD"],
      ["DELETE", `/tx/${ZERO_HASH}`, "GET, HEAD"],
      ["GET", "/submit-tx", "POST"],
      ["OPTIONS", "/submit-tx", "POST"],
      ["PUT", "/swagger", "GET, HEAD"],
    ] as const) {
      const answer = await request(path, { method });
      expect([answer.status, answer.body.error.code, answer.headers.get("allow")]).toEqual([
        405,
        "method_not_allowed",
        allow,
      ]);
    }
  });
});

describe("a failure of the node", () => {
  test("answers 500 with no more than a code, and is logged", async () => {
    const node = createTestNode();
    const lines: unknown[] = [];
    const handle = {
      ...node.handle,
      mempool: () => Promise.reject(new RangeError("secret detail")),
    };
    const logger = { ...silentLogger, log: (...line: unknown[]) => lines.push(line) };
    const config = { host: "127.0.0.1", hostsAllowed: [], corsOrigins: [], bodySizeBytesMax: 100 };
    const app = createApi({ node: handle, wallet: undefined, version: "1", logger, config });
    const response = await app.handle(new Request("http://localhost/mempool"));
    const text = await response.text();
    expect([response.status, JSON.parse(text).error.code]).toEqual([500, "internal"]);
    expect(text).not.toContain("secret");
    expect(lines).toEqual([["error", "request failed", { method: "GET", path: "/mempool", reason: "secret detail" }]]);
  });
});

describe("cross-origin requests", () => {
  const origin = "https://wallet.example";
  const preflight = { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } };

  test("get no permission by default", async () => {
    const { app } = serve({ node: createTestNode() });
    const response = await app.handle(new Request("http://localhost/chain/head", { headers: { origin } }));
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect((await app.handle(new Request("http://localhost/submit-tx", preflight))).status).toBe(405);
  });

  test("get it for the origins of the configuration alone, also in refusals", async () => {
    const { app } = serve({ node: createTestNode(), config: { corsOrigins: [origin] } });
    const allowed = async (path: string, from: string) =>
      (await app.handle(new Request(`http://localhost${path}`, { headers: { origin: from } }))).headers.get(
        "access-control-allow-origin",
      );
    expect(await allowed("/chain/head", origin)).toBe(origin);
    expect(await allowed("/block/x", origin)).toBe(origin);
    expect(await allowed("/nope", origin)).toBe(origin);
    expect(await allowed("/swagger", origin)).toBe(origin);
    expect(await allowed("/chain/head", "https://other.example")).toBeNull();
    const response = await app.handle(new Request("http://localhost/submit-tx", preflight));
    expect([response.status, response.headers.get("access-control-allow-headers")]).toEqual([204, "content-type"]);
  });
});
