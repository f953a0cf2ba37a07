// The client against the real API in process, and against servers that misbehave.

import { describe, expect, test } from "bun:test";
import { createApi } from "../../../src/app/api/index.ts";
import { createWallet } from "../../../src/app/wallet/index.ts";
import { createClient, signTransaction, verifyAccountProof } from "../../../src/client/index.ts";
import { hashHeaderJson } from "../../../src/client/json/index.ts";
import {
  type Amount,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  type Nonce,
  ZERO_HASH,
} from "../../../src/core/primitives/index.ts";
import { TEST_BALANCE, testAccount } from "../../support/chainFixture.ts";
import { createTestNode, silentLogger, type TestNode } from "../../support/inProcessNode.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];
const request = {
  type: "transfer",
  to: bob.address,
  amount: 7 as Amount,
  nonce: 0 as Nonce,
  gasLimit: 100_000 as Gas,
  gasPrice: 0 as GasPrice,
  expiry: 0 as Height,
} as const;

function connect(node: TestNode) {
  const app = createApi({
    node: node.handle,
    wallet: createWallet({ secretKeys: [alice.secretKey] }),
    version: "1.2.3",
    logger: silentLogger,
    config: { host: "127.0.0.1", hostsAllowed: [], corsOrigins: [], bodySizeBytesMax: 4096 },
  });
  return createClient({ url: "http://localhost/", fetch: async (url, init) => app.handle(new Request(url, init)) });
}

async function accepted<Value>(
  answer: Promise<{ ok: true; value: Value } | { ok: false; error: unknown }>,
): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new RangeError(JSON.stringify(result.error));
  return result.value;
}

async function sign(client: ReturnType<typeof connect>) {
  const { genesisHash } = await accepted(client.info());
  const signed = signTransaction({ request, secretKey: alice.secretKey, genesisHash });
  if (!signed.ok) throw new RangeError(signed.refusal.message);
  return signed.value;
}

describe("a client", () => {
  test("signs, submits, waits, and reads what came of it", async () => {
    const client = connect(createTestNode());
    const transaction = await sign(client);
    expect(transaction.from).toBe(alice.address);
    expect(await accepted(client.submit(transaction, { waitMs: 1000 }))).toEqual({
      hash: transaction.hash,
      blockHeight: 1 as Height,
    });
    expect(await accepted(client.waitForInclusion(transaction.hash))).toMatchObject({
      state: "included",
      blockHeight: 1,
    });
    expect(await accepted(client.transaction(transaction.hash))).toMatchObject({
      ...transaction,
      receipt: { outcome: "success" },
    });
    expect(await accepted(client.balance(bob.address))).toBe((TEST_BALANCE + 7) as Amount);
    expect(await accepted(client.account(alice.address))).toMatchObject({ nonce: 1, balance: TEST_BALANCE - 7 });
    expect((await accepted(client.info())).version).toBe("1.2.3");
  });

  test("reads blocks whose hash it can compute itself", async () => {
    const client = connect(createTestNode());
    await client.submit({ to: bob.address, amount: 1 });
    const head = await accepted(client.head());
    for (const id of [1, "latest", head.hash] as const) {
      const block = await accepted(client.block(id));
      expect([block.hash, hashHeaderJson(block), block.transactions.length]).toEqual([head.hash, head.hash, 1]);
    }
    expect(hashHeaderJson({ ...head, stateRoot: ZERO_HASH })).not.toBe(head.hash);
  });

  test("checks proofs of presence and absence against a root, and notices a lie", async () => {
    const client = connect(createTestNode());
    const { stateRoot } = await accepted(client.head());
    const proof = await accepted(client.accountProof(bob.address));
    expect(verifyAccountProof({ proof, stateRoot })).toBe("present");
    const nobody = await accepted(client.accountProof(`0x${"77".repeat(20)}` as never));
    expect(verifyAccountProof({ proof: nobody, stateRoot })).toBe("absent");
    const richer = { ...proof, account: { ...proof.account, balance: (TEST_BALANCE + 1) as Amount } };
    expect(verifyAccountProof({ proof: richer, stateRoot })).toBe("invalid");
    const invented = { ...nobody, account: { ...nobody.account, balance: 1 as Amount } };
    expect(verifyAccountProof({ proof: invented, stateRoot })).toBe("invalid");
    expect(verifyAccountProof({ proof, stateRoot: ZERO_HASH })).toBe("invalid");
  });

  test("checks proofs of earlier heights against the headers there", async () => {
    const client = connect(createTestNode());
    for (const amount of [5, 6]) await client.submit({ to: bob.address, amount });
    for (const [height, received] of [0, 5, 11].entries()) {
      const { stateRoot } = await accepted(client.block(height));
      const proof = await accepted(client.accountProof(bob.address, { height }));
      expect(proof.account.balance as number).toBe(TEST_BALANCE + received);
      expect(verifyAccountProof({ proof, stateRoot })).toBe("present");
      expect(verifyAccountProof({ proof, stateRoot: (await accepted(client.block((height + 1) % 3))).stateRoot })).toBe(
        "invalid",
      );
    }
    const earliest = await accepted(client.accountProof(bob.address, { height: "earliest" }));
    expect(earliest.blockHeight as number).toBe(0);
    expect(await client.accountProof(bob.address, { height: 3 })).toMatchObject({
      ok: false,
      error: { code: "block_not_found" },
    });
  });

  test("lists the mempool", async () => {
    const client = connect(createTestNode({ autoSeal: false }));
    const { hash } = await accepted(client.submit({ to: bob.address, amount: 1 }));
    expect(await accepted(client.mempool())).toMatchObject({ count: 1, transactions: [{ hash, from: alice.address }] });
    expect((await accepted(client.mempool({ countMax: 0 }))).transactions).toEqual([]);
  });

  test("hands on what the node refuses, with code, details and status", async () => {
    const client = connect(createTestNode());
    expect(await client.submit({ to: "bob", amount: 1 })).toEqual({
      ok: false,
      error: {
        kind: "server",
        code: "invalid_address",
        message: "to: an address is 0x and 40 hex digits",
        details: { field: "to" },
        httpStatus: 400,
      },
    });
    expect(await client.block(9)).toMatchObject({
      ok: false,
      error: { kind: "server", code: "block_not_found", httpStatus: 404 },
    });
  });
});

describe("waiting", () => {
  test("sees a transaction that comes later", async () => {
    const node = createTestNode({ autoSeal: false });
    const client = connect(node);
    const transaction = await sign(client);
    const waiting = client.waitForInclusion(transaction.hash, { timeoutMs: 5000, intervalMs: 0 });
    await client.submit(transaction);
    node.settle();
    expect(await waiting).toMatchObject({ ok: true, value: { hash: transaction.hash, blockHeight: 1 } });
  });

  test("ends with an error when its time is over", async () => {
    const client = connect(createTestNode());
    expect(await client.waitForInclusion(ZERO_HASH, { timeoutMs: 1 })).toEqual({
      ok: false,
      error: {
        kind: "timeout",
        code: "wait_timeout",
        message: "no block included the transaction within 1 ms",
        timeoutMs: 1,
      },
    });
  });

  test("ends at once when asking fails for another reason", async () => {
    const answer = await connect(createTestNode()).waitForInclusion("0x12" as Hash, { timeoutMs: 60_000 });
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_hash" } });
  });
});

describe("a server that misbehaves", () => {
  const answering = (body: string, status = 200) =>
    createClient({ url: "http://node.test", fetch: () => Promise.resolve(new Response(body, { status })) });

  const bodies: readonly (readonly [name: string, body: string, status: number])[] = [
    ["no JSON", "<html>", 200],
    ["another shape", "{}", 200],
    ["a missing field", '{"account":{"balance":1}}', 200],
    ["a wrong type", '{"balance":"1"}', 200],
    ["an unsafe number", '{"balance":9007199254740992}', 200],
    ["a negative number", '{"balance":-1}', 200],
    ["a failure without a code", "{}", 500],
    ["a page of something between", "<html>", 502],
  ];
  for (const [name, body, status] of bodies) {
    test(`answers ${name}`, async () => {
      const balance = await answering(body, status).balance(bob.address);
      const account = await answering(body, status).account(bob.address);
      for (const answer of [balance, account]) {
        expect(answer).toMatchObject({
          ok: false,
          error: { kind: "response", code: "unexpected_response", httpStatus: status },
        });
      }
    });
  }

  test("may send more than this version knows", async () => {
    expect(await answering('{"balance":1,"status":"ok","extra":{}}').balance(bob.address)).toEqual({
      ok: true,
      value: 1 as Amount,
    });
  });

  test("does not answer in time", async () => {
    const client = createClient({
      url: "http://node.test",
      timeoutMs: 5,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        }),
    });
    expect(await client.head()).toMatchObject({
      ok: false,
      error: { kind: "network", url: "http://node.test/chain/head" },
    });
  });

  test("is not there", async () => {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("") });
    const { port } = server;
    await server.stop(true);
    expect(await createClient({ url: `http://127.0.0.1:${port}` }).head()).toMatchObject({
      ok: false,
      error: { kind: "network", code: "network_error" },
    });
  });
});

describe("signing", () => {
  test("refuses what no node would take", () => {
    const sign = (changes: object) =>
      signTransaction({ request: { ...request, ...changes }, secretKey: alice.secretKey, genesisHash: ZERO_HASH });
    expect(sign({ gasLimit: 1 })).toMatchObject({ ok: false, refusal: { code: "gas_limit_too_low" } });
    expect(sign({ to: undefined })).toMatchObject({ ok: false, refusal: { code: "missing_field" } });
    expect(sign({ amount: 1.5 })).toMatchObject({ ok: false, refusal: { code: "invalid_transaction" } });
  });
});
