// Refusals of the routes about contracts.

import { EXAMPLE_CONTRACT } from "../../src/app/api/exampleContract.ts";
import { type Amount, type Gas, hexToBytes, type Nonce } from "../../src/core/primitives/index.ts";
import { transfer } from "./chainFixture.ts";
import { people, type RefusalNode } from "./refusalNodes.ts";
import { JSON_HEADERS, postJson, type RefusalRow, readRow as read, requestRow as row } from "./refusalRows.ts";

const { alice, dave } = people;
const CONTRACT = `/contract/${dave.address}`;
const VIEW = `${CONTRACT}/view`;
const SUBMIT_ROUTES = ["/deploy-contract", "/call-contract"];
const POST_ROUTES = [...SUBMIT_ROUTES, "/estimate-gas", VIEW];

const base = (nonce: number) => {
  const { to: _to, type: _type, ...fields } = transfer({ from: alice.address, to: dave.address, amount: 0, nonce });
  return { ...fields, amount: 0 as Amount, nonce: nonce as Nonce, gasLimit: 5_000_000 as Gas };
};

/** Alice's next deploy as /deploy-contract takes it, signed. */
function signedDeploy(node: RefusalNode, wasm: string = EXAMPLE_CONTRACT) {
  const draft = { ...base(1), type: "deploy" as const, code: hexToBytes(wasm as `0x${string}`), args: "{}" };
  const { type: _type, code, hash: _hash, ...fields } = node.signedAs(alice, draft);
  return { ...fields, wasm: code };
}

/** Alice's next call as /call-contract takes it, signed. */
function signedCall(node: RefusalNode, fields: { args?: string; function?: string } = {}) {
  const draft = { ...base(1), type: "call" as const, to: dave.address, function: "add", args: "[1]", ...fields };
  const { type: _type, to, hash: _hash, ...signed } = node.signedAs(alice, draft);
  return { ...signed, address: to };
}

const reads: readonly RefusalRow[] = [
  ...["", "/code"].map((path) => read(`${CONTRACT}${path}`, [404, "contract_not_found"])),
  ...["/code", "/events", "/storage/0x00"].flatMap((path) => [
    read(`/contract/dave${path}`, [400, "invalid_address"]),
    read(`/contract/0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266${path}`, [400, "invalid_checksum"]),
  ]),
  ...["count", "0x0", "0xzz", "%zz", `0x${"00".repeat(129)}`].map((key) =>
    read(`${CONTRACT}/storage/${key}`, [400, "invalid_key"]),
  ),
  ...["-1", "01", "newest", "", "1&height=1"].map((height) =>
    read(`${CONTRACT}/storage/0x00?height=${height}`, [400, "invalid_query"]),
  ),
  read(`${CONTRACT}/storage/0x00?height=9007199254740991`, [404, "block_not_found"]),
  ...["limit=0", "limit=1001", "cursor=1", "cursor=1-2-3-4", "cursor=01-0-0", "cursor=", "topic=0x12", "page=1"].map(
    (query) => read(`${CONTRACT}/events?${query}`, [400, "invalid_query"]),
  ),
  ...["fromHeight=-1", "toHeight=newest", "fromHeight=1&fromHeight=2"].map((query) =>
    read(`${CONTRACT}/events?${query}`, [400, "invalid_query"]),
  ),
  ...POST_ROUTES.map((path) => read(path, [405, "method_not_allowed"])),
  read(`${CONTRACT}/storage`, [404, "not_found"]),
];

const bodies: readonly RefusalRow[] = POST_ROUTES.flatMap((path) => [
  row(`POST ${path} of no JSON`, [400, "invalid_json"], postJson(path, "{")),
  row(`POST ${path} of a list`, [400, "invalid_type"], postJson(path, "[1]")),
  row(`POST ${path} of half a surrogate`, [400, "lone_surrogate"], postJson(path, '{"function":"\\ud800"}')),
  row(`POST ${path} of a key given twice`, [400, "duplicate_key"], postJson(path, '{"args":{"a":1,"a":2}}')),
  row(`POST ${path} of arguments with a number that is none`, [400, "invalid_number"], postJson(path, '{"args":[01]}')),
  row(`POST ${path} of deep arguments`, [400, "nesting_too_deep"], postJson(path, `{"args":${"[".repeat(32)}`)),
  row(`POST ${path} of an unknown field`, [400, "unknown_field"], postJson(path, '{"memo":"x"}')),
  row(`POST ${path} as text`, [415, "unsupported_media_type"], {
    ...postJson(path, "{}"),
    headers: { "content-type": "text/plain" },
  }),
  row(`POST ${path} under another host's name`, [403, "host_not_allowed"], {
    ...postJson(path, "{}"),
    headers: { ...JSON_HEADERS, host: "evil.example" },
  }),
  row(`POST ${path} of too many bytes`, [413, "body_too_large"], postJson(path, " ".repeat(20_000))),
]);

const submissions: readonly RefusalRow[] = [
  ...SUBMIT_ROUTES.flatMap((path) =>
    ["wait=finalised", "wait=included&timeoutMs=0", "wait=finalized&timeoutMs=60001", "wat=included"].map((query) =>
      row(`POST ${path}?${query}`, [400, "invalid_query"], postJson(`${path}?${query}`, "{}")),
    ),
  ),
  ...[{}, { args: {} }].map((body) =>
    row(
      `POST /deploy-contract of ${JSON.stringify(body)}`,
      [400, "missing_field"],
      postJson("/deploy-contract", JSON.stringify(body)),
    ),
  ),
  ...[{ address: dave.address }, { function: "add" }].map((body) =>
    row(
      `POST /call-contract of ${JSON.stringify(body)}`,
      [400, "missing_field"],
      postJson("/call-contract", JSON.stringify(body)),
    ),
  ),
  row(
    "an unsigned deploy, the wallet being off",
    [403, "wallet_disabled"],
    postJson("/deploy-contract", JSON.stringify({ wasm: EXAMPLE_CONTRACT })),
  ),
  row(
    "an unsigned call, the wallet being off",
    [403, "wallet_disabled"],
    postJson("/call-contract", JSON.stringify({ address: dave.address, function: "add" })),
  ),
  row(
    "a deploy under the name of its field",
    [400, "unknown_field"],
    postJson("/deploy-contract", JSON.stringify({ code: EXAMPLE_CONTRACT })),
  ),
  row("a module that is no hex", [400, "invalid_field"], postJson("/deploy-contract", '{"wasm":"0x0"}')),
  row("a signed deploy whose module is cut off", [400, "malformed_module"], (node) =>
    postJson("/deploy-contract", JSON.stringify(signedDeploy(node, EXAMPLE_CONTRACT.slice(0, -2)))),
  ),
  row("a signed deploy with another module", [400, "invalid_signature"], (node) =>
    postJson("/deploy-contract", JSON.stringify({ ...signedDeploy(node), wasm: `${EXAMPLE_CONTRACT.slice(0, -2)}65` })),
  ),
  row("a signed deploy without its amount", [400, "missing_field"], (node) =>
    postJson("/deploy-contract", JSON.stringify({ ...signedDeploy(node), amount: undefined })),
  ),
  row("a signed call with a value for its arguments", [400, "invalid_type"], (node) =>
    postJson("/call-contract", JSON.stringify({ ...signedCall(node), args: [1] })),
  ),
  row("a signed call with other arguments", [400, "invalid_signature"], (node) =>
    postJson("/call-contract", JSON.stringify({ ...signedCall(node), args: "[2]" })),
  ),
  row("a signed call of no function", [400, "invalid_transaction"], (node) =>
    postJson("/call-contract", JSON.stringify(signedCall(node, { function: "" }))),
  ),
];

const views: readonly RefusalRow[] = [
  row("a view of no contract", [404, "contract_not_found"], postJson(VIEW, '{"function":"get"}')),
  row("a view of no address", [400, "invalid_address"], postJson("/contract/dave/view", '{"function":"get"}')),
  row("a view of no function", [400, "missing_field"], postJson(VIEW, "{}")),
  row("a view with a query", [400, "invalid_query"], postJson(`${VIEW}?height=1`, '{"function":"get"}')),
  row(
    "a view at a height that is none",
    [400, "invalid_field"],
    postJson(VIEW, '{"function":"get","height":"pending"}'),
  ),
  row(
    "a view above the head",
    [404, "block_not_found"],
    postJson(VIEW, '{"function":"get","height":9007199254740991}'),
  ),
  row(
    "an estimate for nobody",
    [400, "missing_field"],
    postJson("/estimate-gas", JSON.stringify({ wasm: EXAMPLE_CONTRACT })),
  ),
  row("an estimate of a broken module", [400, "malformed_module"], (node) =>
    postJson("/estimate-gas", JSON.stringify(signedDeploy(node, "0x00"))),
  ),
  row(
    "an estimate of what is not executed",
    [501, "not_yet_enabled"],
    postJson("/estimate-gas", JSON.stringify({ type: "stake", from: alice.address, amount: 5000 })),
  ),
  row(
    "an estimate of more than is owned",
    [409, "insufficient_balance"],
    postJson("/estimate-gas", JSON.stringify({ from: alice.address, to: dave.address, amount: 9_007_199_254_740_991 })),
  ),
];

export const contractRows: readonly RefusalRow[] = [...reads, ...bodies, ...submissions, ...views];
