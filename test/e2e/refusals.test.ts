// Every refusal of the compiled node over real HTTP: its status, its code, and that it changes nothing. A code of the
// table is tried here, or the list at the end says why it can't be.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createClient, SERVER_ERRORS, type ServerErrorCode } from "../../src/client/index.ts";
import { ZERO_HASH } from "../../src/core/primitives/index.ts";
import { TRANSACTION_GAS } from "../../src/core/protocol/index.ts";
import { TEST_BALANCE } from "../support/chainFixture.ts";
import { contractRows } from "../support/refusalContracts.ts";
import {
  accepted,
  createRefusalNodes,
  NARROW_GAS_PRICE,
  people,
  type RefusalNode,
  type RefusalNodes,
  WAITING,
} from "../support/refusalNodes.ts";
import { requestRows } from "../support/refusalRequests.ts";
import { postJson, type RefusalRequest, type RefusalRow } from "../support/refusalRows.ts";
import { transactionRows } from "../support/refusalTransactions.ts";

const { alice, bob, dave } = people;
const ROWS: readonly RefusalRow[] = [...transactionRows, ...requestRows, ...contractRows];

let nodes: RefusalNodes;
beforeAll(async () => {
  nodes = await createRefusalNodes();
});
afterAll(() => nodes.stop());

interface ErrorAnswer {
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string; readonly details?: object };
}

async function send(node: RefusalNode, { path, method, headers, body }: RefusalRequest) {
  const init: RequestInit = { method: method ?? "GET" };
  if (headers !== undefined) init.headers = headers;
  if (body !== undefined) init.body = body;
  const response = await fetch(`${node.url}${path}`, init);
  const text = await response.text();
  return { response, text, json: JSON.parse(text) };
}
type Answer = Awaited<ReturnType<typeof send>>;

function expectErrorShape(answer: ErrorAnswer, code: ServerErrorCode): void {
  expect(answer).toMatchObject({ status: "error", error: { code } });
  expect(Object.keys(answer)).toEqual(["status", "error"]);
  const { message, details } = answer.error;
  expect(Object.keys(answer.error)).toEqual(
    details === undefined ? ["code", "message"] : ["code", "message", "details"],
  );
  expect(message).not.toMatch(/^$|\n|\bundefined\b|\[object/);
}

/** The answer as it is, and as the client library reads it. */
async function expectRefused({ response, text, json }: Answer, { status, code }: RefusalRow): Promise<void> {
  expect([response.status, (json as ErrorAnswer).error?.code]).toEqual([status, code]);
  expect(response.headers.get("content-type")).toMatch(/^application\/json\b/);
  expectErrorShape(json as ErrorAnswer, code);
  if (status === 405) expect(response.headers.get("allow")).toMatch(/^(?:GET, HEAD|POST)$/);
  const client = createClient({ url: "http://node.test", fetch: async () => new Response(text, { status }) });
  expect(await client.head()).toMatchObject({ ok: false, error: { kind: "server", code, httpStatus: status } });
}

// A whole body is refused for its text before its transactions are looked at.
const TEXT_CODES: readonly ServerErrorCode[] = [
  "invalid_json",
  "invalid_number",
  "duplicate_key",
  "lone_surrogate",
  "nesting_too_deep",
];

const SUBMIT = { path: "/submit-tx", method: "POST" } as const;
const NONCE_GAP_MAX = 64;

async function tryTransaction(node: RefusalNode, row: RefusalRow, text: string): Promise<void> {
  for (const body of [text, `{"tx":${text}}`]) await expectRefused(await send(node, postJson("/submit-tx", body)), row);
  const answer = await send(node, postJson("/submit-txs", `[${text}]`));
  if (TEXT_CODES.includes(row.code)) return expectRefused(answer, row);
  expect(answer).toMatchObject({ response: { status: 200 }, json: { status: "ok" } });
  const { results } = answer.json as { results: ErrorAnswer[] };
  expect(results).toHaveLength(1);
  expectErrorShape(results[0] as ErrorAnswer, row.code);
}

/** Whether the node's own OpenAPI document says of a route that it refuses so; undefined where it has no such route. */
function isDocumented(document: OpenApi, { method, path }: { method: string; path: string }, row: RefusalRow) {
  const { pathname } = new URL(path, "http://node.test");
  const patterns = Object.keys(document.paths).map((route) => ({
    route,
    pattern: new RegExp(`^${route.replace(/\{\w+\}/g, "[^/]+")}$`),
  }));
  const route = patterns.find(({ pattern }) => pattern.test(pathname))?.route ?? "";
  const operation = document.paths[route]?.[method.toLowerCase()];
  return operation && (operation.responses[row.status]?.description ?? "").includes(`\`${row.code}\``);
}

interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { description: string }>> }>>>
  >;
}

describe("is refused, and changes nothing:", () => {
  test.each(ROWS.map((row) => [row.name, row] as const))("%s", async (_name, row) => {
    const node = nodes[row.on];
    const before = await node.snapshot();
    if (row.kind === "transaction") await tryTransaction(node, row, row.text(node));
    else await expectRefused(await send(node, row.request(node)), row);
    expect(await node.snapshot()).toEqual(before);
  });
});

test("a Host header that is none does not keep the node from answering", async () => {
  for (const host of ["[::", "a b"]) {
    const answer = await fetch(`${nodes.open.url}/nothing`, { headers: { host } });
    expect(answer.status).toBe(404);
    expectErrorShape((await answer.json()) as ErrorAnswer, "not_found");
  }
});

test("each refusal is in the OpenAPI document, at its route and status", async () => {
  const document = (await (await fetch(`${nodes.open.url}/swagger/json`)).json()) as OpenApi;
  const missing = ROWS.flatMap((row) => {
    const { path, method = "GET" } = row.kind === "transaction" ? SUBMIT : row.request(nodes[row.on]);
    const isOfARoute = row.code !== "not_found" && row.code !== "method_not_allowed";
    return isDocumented(document, { path, method }, row) === (isOfARoute ? true : undefined) ? [] : [row.name];
  });
  expect(missing).toEqual([]);
});

describe("what is refused does not stand in the way:", () => {
  test("a garbage signature over the right hash, of the real one", async () => {
    const { open } = nodes;
    const real = open.signed(dave);
    const others = [open.signed(dave, { nonce: 1 }), open.signed(bob), open.signed(dave, { genesisHash: ZERO_HASH })];
    const before = await open.snapshot();
    for (const { signature } of others) {
      const answer = await open.client.submit({ ...real, signature });
      expect(answer).toMatchObject({ ok: false, error: { code: "invalid_signature", httpStatus: 400 } });
    }
    expect(await open.snapshot()).toEqual(before);
    const garbage = others.map(({ signature }) => ({ ...real, signature }));
    const results = await accepted(open.client.submitMany([...garbage, real, ...garbage]));
    expect(results.map(({ status }) => status)).toEqual(["error", "error", "error", "ok", "error", "error", "error"]);
    const included = await accepted(open.client.waitForInclusion(real.hash, { timeoutMs: 10_000, intervalMs: 50 }));
    expect(included).toMatchObject({ hash: real.hash, signature: real.signature, receipt: { outcome: "success" } });
    expect(await open.snapshot()).not.toEqual(before);
  });

  test("the transactions that the rows have changed, as they were", async () => {
    const { open, narrow } = nodes;
    const nonceMax = open.signed(alice, { nonce: 1 + NONCE_GAP_MAX });
    const replacement = open.signed(bob, { nonce: 1, ...WAITING, gasPrice: Math.ceil(WAITING.gasPrice * 1.1) });
    const rest = TEST_BALANCE - WAITING.amount - Math.ceil((TRANSACTION_GAS * replacement.gasPrice) / 1e6);
    for (const signed of [nonceMax, replacement]) await accepted(open.client.submit(signed));
    // Bob's first transfer, of all that the waiting one leaves, lets both be included; alice's is the one of most rows.
    const blockGasLimit = { gasLimit: open.info.parameters.blockGasLimit };
    for (const signed of [open.signed(bob, { amount: rest }), open.signed(alice, { nonce: 1, ...blockGasLimit })]) {
      const { blockHeight } = await accepted(open.client.submit(signed, { waitMs: 10_000 }));
      expect(blockHeight).toBeGreaterThan(0);
    }
    expect(await accepted(open.client.account(bob.address))).toMatchObject({ nonce: 2, balance: 0 });
    expect((await accepted(narrow.client.mempool())).count).toBe(2);
  });
});

test("more unsigned requests at once than the wallet takes are refused as node_busy, and change nothing", async () => {
  const { narrow } = nodes;
  const before = await narrow.snapshot();
  // Each waits its turn for a nonce, and is then refused, since nobody has so much.
  const transactions = Array(1000).fill({ to: dave.address, amount: TEST_BALANCE * 2 });
  const answers = await Promise.all(Array.from({ length: 4 }, () => narrow.client.submitMany(transactions)));
  const results = (await Promise.all(answers.map((answer) => accepted(Promise.resolve(answer))))).flat();
  const codes = new Set(results.map((result) => (result.status === "error" ? result.error.code : result.status)));
  expect(codes).toEqual(new Set<string>(["insufficient_balance", "node_busy"]));
  expect(await narrow.snapshot()).toEqual(before);
});

test("inclusion_timeout is the one error after which the transaction is accepted all the same", async () => {
  const { narrow } = nodes;
  const before = await narrow.snapshot();
  const replacement = narrow.signed(bob, { gasPrice: NARROW_GAS_PRICE + 1 });
  const answer = await narrow.client.submit(replacement, { waitMs: 20 });
  const details = { hash: replacement.hash, timeoutMs: 20 };
  expect(answer).toMatchObject({ ok: false, error: { code: "inclusion_timeout", httpStatus: 504, details } });
  expect(await accepted(narrow.client.transaction(replacement.hash))).toMatchObject({ state: "pending" });
  expect(await narrow.snapshot()).not.toEqual(before);
});

/** Codes with a test of their own: in this file, and in pastProofs.test.ts. */
const TESTED_APART: readonly ServerErrorCode[] = ["node_busy", "inclusion_timeout", "height_not_kept"];
/** Codes that no request can provoke, and why. */
const UNREACHABLE: Partial<Record<ServerErrorCode, string>> = {
  transaction_too_large: "blocks of these chains have room for the largest transaction",
  quarantined: "it stands for a fault of the node",
  internal: "it stands for a fault of the node",
};

test("every code of the table is tried, or it is said why not", () => {
  const tried = new Set<string>([...ROWS.map(({ code }) => code), ...TESTED_APART]);
  const untried = Object.keys(SERVER_ERRORS).filter((code) => !tried.has(code));
  expect(untried.toSorted()).toEqual(Object.keys(UNREACHABLE).toSorted());
});
