// Refusals of a request as a whole: its route, method, path, query, headers and body.

import { checksumAddress } from "../../src/core/crypto/index.ts";
import { OPEN_BODY_SIZE_BYTES_MAX, people } from "./refusalNodes.ts";
import { JSON_HEADERS, postJson, type RefusalRow, readRow as read, requestRow as row } from "./refusalRows.ts";

const { dave } = people;
const UNKNOWN_HASH = `0x${"cd".repeat(32)}`;
const ADDRESS_ROUTES = ["/contract", "/balance", "/account", "/proof/account", "/mempool"];
const SUBMIT_ROUTES = ["/submit-tx", "/submit-txs"];
const TRANSACTIONS_MAX = 1000;

const routes: readonly RefusalRow[] = [
  ...["/chain", "/chain/head/1", "/balance", "/block/", "/Chain/head", "/balances/1"].map((path) =>
    read(path, [404, "not_found"]),
  ),
  row("POST to an unknown route", [404, "not_found"], postJson("/submit", "{}")),
  ...(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] as const).map((method) =>
    row(`${method} /chain/head`, [405, "method_not_allowed"], { path: "/chain/head", method }),
  ),
  ...SUBMIT_ROUTES.map((path) => read(path, [405, "method_not_allowed"])),
  row("POST /balance/{address}", [405, "method_not_allowed"], postJson(`/balance/${dave.address}`, "{}")),
];

const paths: readonly RefusalRow[] = [
  ...ADDRESS_ROUTES.flatMap((route) => [
    read(`${route}/dave`, [400, "invalid_address"]),
    read(`${route}/${dave.address.slice(0, -1)}`, [400, "invalid_address"]),
    read(`${route}/%zz`, [400, "invalid_address"]),
    read(`${route}/${swapCase(checksumAddress(dave.address))}`, [400, "invalid_checksum"]),
  ]),
  ...["/tx", "/proof/tx"].flatMap((route) => [
    read(`${route}/0x12`, [400, "invalid_hash"]),
    read(`${route}/${UNKNOWN_HASH}0`, [400, "invalid_hash"]),
    read(`${route}/%zz`, [400, "invalid_hash"]),
    read(`${route}/${UNKNOWN_HASH}`, [404, "transaction_not_found"]),
  ]),
  ...["01", "-1", "+1", "1.0", "1e3", "0x1", "9007199254740993", "newest", "%20", UNKNOWN_HASH.slice(0, -1)].flatMap(
    (id) => [
      read(`/block/${id}`, [400, "invalid_block_id"]),
      read(`/block/${id}/transactions`, [400, "invalid_block_id"]),
    ],
  ),
  ...["9007199254740991", UNKNOWN_HASH].flatMap((id) => [
    read(`/block/${id}`, [404, "block_not_found"]),
    read(`/block/${id}/transactions`, [404, "block_not_found"]),
  ]),
];

const heights: readonly RefusalRow[] = [
  ...["-1", "01", "1.0", "0x1", "9007199254740993", "newest", "", "1&height=1"].map((height) =>
    read(`/proof/account/${dave.address}?height=${height}`, [400, "invalid_query"]),
  ),
  read(`/proof/account/${dave.address}?block=1`, [400, "invalid_query"]),
  read(`/proof/account/${dave.address}?height=9007199254740991`, [404, "block_not_found"]),
];

const readiness = row("GET /readiness", [503, "not_ready"], { path: "/readiness" }, "early");

const queries: readonly RefusalRow[] = [
  ...["limit=1001", "limit=-1", "limit=1.0", "limit=", "limit=1&limit=1", "count=1", "limit[]=1"].map((query) =>
    read(`/mempool?${query}`, [400, "invalid_query"]),
  ),
  ...["limit=0", "limit=501", "offset=x", "offset=1&offset=2", "page=1"].map((query) =>
    read(`/block/0/transactions?${query}`, [400, "invalid_query"]),
  ),
  ...["wait=finalised", "wait=included&timeoutMs=0", "timeoutMs=60001", "wat=included"].map((query) =>
    row(`POST /submit-tx?${query}`, [400, "invalid_query"], (node) =>
      postJson(`/submit-tx?${query}`, JSON.stringify(node.signed(dave))),
    ),
  ),
];

/** A good transaction behind so much space that the body passes the limit by one byte. */
const tooLong = (transaction: object) => JSON.stringify(transaction).padStart(OPEN_BODY_SIZE_BYTES_MAX + 1);

const MEDIA_TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "application/json; charset=latin1",
  "application/jsonx",
];

const bodies: readonly RefusalRow[] = SUBMIT_ROUTES.flatMap((path) => [
  ...MEDIA_TYPES.map((mediaType) =>
    row(`POST ${path} as ${mediaType}`, [415, "unsupported_media_type"], (node) => ({
      ...postJson(path, JSON.stringify([node.signed(dave)])),
      headers: { "content-type": mediaType },
    })),
  ),
  row(`POST ${path} as nothing`, [415, "unsupported_media_type"], (node) => ({
    path,
    method: "POST",
    body: chunksOf(JSON.stringify([node.signed(dave)])),
  })),
  row(`POST ${path} of too many bytes`, [413, "body_too_large"], (node) => postJson(path, tooLong(node.signed(dave)))),
  row(`POST ${path} of too many bytes in chunks`, [413, "body_too_large"], (node) => ({
    path,
    method: "POST",
    headers: JSON_HEADERS,
    body: chunksOf(tooLong(node.signed(dave))),
  })),
  row(`POST ${path} under another host's name`, [403, "host_not_allowed"], (node) => ({
    ...postJson(path, JSON.stringify(node.signed(dave))),
    headers: { ...JSON_HEADERS, host: "evil.example" },
  })),
  row(`POST ${path} of no bytes`, [400, "invalid_json"], postJson(path, "")),
  row(`POST ${path} behind a byte order mark`, [400, "invalid_json"], postJson(path, "\ufeff{}")),
  row(`POST ${path} that is no UTF-8`, [400, "invalid_json"], {
    path,
    method: "POST",
    headers: JSON_HEADERS,
    body: new Blob([Uint8Array.of(0x22, 0xff, 0x22)]).stream(),
  }),
]);

const lists: readonly RefusalRow[] = [
  row("POST /submit-txs of one transaction", [400, "invalid_type"], (node) =>
    postJson("/submit-txs", JSON.stringify(node.signed(dave))),
  ),
  row("POST /submit-txs of a list beside another key", [400, "invalid_type"], (node) =>
    postJson("/submit-txs", JSON.stringify({ txs: [node.signed(dave)], wait: true })),
  ),
  row(
    "POST /submit-txs of too many",
    [400, "invalid_field"],
    postJson("/submit-txs", JSON.stringify(Array(TRANSACTIONS_MAX + 1).fill(1))),
  ),
  row("POST /submit-tx of a field beside tx", [400, "unknown_field"], (node) =>
    postJson("/submit-tx", JSON.stringify({ tx: node.signed(dave), wait: true })),
  ),
];

/** Two chunks, one after the other, so that their length is not known when the request begins. */
function chunksOf(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const chunks = [bytes.subarray(0, 1), bytes.subarray(1)];
  return new ReadableStream({
    async pull(controller) {
      await Bun.sleep(0);
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

/** Mixed case, and in each letter the wrong one. */
function swapCase(address: string): string {
  const swap = (digit: string) => (digit < "a" ? digit.toLowerCase() : digit.toUpperCase());
  return `0x${address.slice(2).replace(/[a-f]/gi, swap)}`;
}

export const requestRows: readonly RefusalRow[] = [
  ...routes,
  ...paths,
  ...heights,
  readiness,
  ...queries,
  ...bodies,
  ...lists,
];
