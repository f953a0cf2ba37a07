// Routes that read contracts: what they are, what they keep, what they announced, and views.

import type { ServerErrorCode } from "../../../client/index.ts";
import { readTransactionFields } from "../../../client/json/index.ts";
import type { ChainQueries, EventFilter, ViewRequest } from "../../../core/node/index.ts";
import {
  type Address,
  accept,
  bytesToHex,
  type Height,
  isUint,
  type Result,
  refuse,
  ZERO_ADDRESS,
} from "../../../core/primitives/index.ts";
import { isJsonObject, type JsonValue } from "../../json/index.ts";
import type { NodeHandle } from "../../node.ts";
import { readJsonBody } from "../body.ts";
import {
  contractAnswers,
  contractParameters,
  eventsQuery,
  storageQuery,
  viewBody,
  viewExamples,
} from "../contractSchemas.ts";
import { readCursor } from "../cursor.ts";
import { errorResponse } from "../errors.ts";
import { readAddress, readHash, readQuery, readQueryHeight, readQueryInteger, readStorageKey } from "../parameters.ts";
import type { Route } from "../route.ts";
import { viewContractView, viewEvents, viewStorageProof } from "../views.ts";
import type { ApiContext } from "./context.ts";
import { BODY_ERRORS } from "./submit.ts";

const EVENTS_LIMIT = { max: 1000, preset: 100 } as const;
const VIEW_FIELDS: readonly string[] = ["function", "args", "from", "height"];
const ADDRESS_ERRORS = ["invalid_address", "invalid_checksum"] as const;

function notFound(address: Address): Response {
  const message = `there is no contract at ${address}`;
  return errorResponse({ code: "contract_not_found", message, details: { address } });
}

function readViewHeight(value: JsonValue, queries: ChainQueries): Result<Height | undefined, "invalid_field"> {
  if (value === "latest") return accept(undefined);
  if (value === "safe" || value === "finalized" || value === "earliest") return accept(queries.heightOf(value));
  if (isUint(value)) return accept(value as Height);
  const expected = "a height as a JSON number, or one of latest, safe, finalized, earliest";
  return refuse("invalid_field", `height names no height; expected ${expected}`, { field: "height" });
}

function readView(body: JsonValue, queries: ChainQueries): Result<Omit<ViewRequest, "address">, ServerErrorCode> {
  if (!isJsonObject(body)) return refuse("invalid_type", "the body is no object; expected one with function and args");
  const unknown = Object.keys(body).find((name) => !VIEW_FIELDS.includes(name));
  if (unknown !== undefined) {
    const shown = unknown.slice(0, 40);
    return refuse("unknown_field", `"${shown}" is no field of a view, which has ${VIEW_FIELDS.join(", ")}`, {
      field: shown,
    });
  }
  const { height: asked = "latest", ...call } = body;
  const fields = readTransactionFields(call, { type: "call", names: {} });
  if (!fields.ok) return fields;
  const { function: functionName, args = "{}", from = ZERO_ADDRESS } = fields.value.request;
  if (functionName === undefined) {
    return refuse("missing_field", "function is missing; a view needs it", { field: "function" });
  }
  const height = readViewHeight(asked, queries);
  return height.ok ? accept({ functionName, args, from, height: height.value }) : height;
}

function viewRoute({ node, bodyRules }: ApiContext): Route {
  return {
    method: "POST",
    path: "/contract/:address/view",
    tag: "contracts",
    summary: "Run a function of a contract and keep nothing of it",
    description:
      "Runs it on the state of the head, or of an earlier height that the node still has, with at most 100,000,000 gas. A " +
      "function that fails is answered all the same: `outcome`, `reason` and `error` say of what.",
    parameters: { address: contractParameters.address },
    body: viewBody,
    bodyExamples: viewExamples,
    answer: contractAnswers.view,
    errors: [
      ...BODY_ERRORS,
      ...ADDRESS_ERRORS,
      ...(["invalid_type", "invalid_field", "unknown_field", "missing_field", "invalid_query"] as const),
      ...(["contract_not_found", "block_not_found", "height_not_kept", "node_busy"] as const),
    ],
    handler: async ({ params, request }) => {
      const address = readAddress(params.address ?? null);
      if (!address.ok) return errorResponse(address.refusal);
      const query = readQuery(request, []);
      if (!query.ok) return errorResponse(query.refusal);
      const body = await readJsonBody(request, bodyRules);
      if (!body.ok) return errorResponse(body.refusal);
      const view = readView(body.value, node.queries);
      if (!view.ok) return errorResponse(view.refusal);
      const result = await node.viewContract({ address: address.value, ...view.value });
      return result.ok ? { ...viewContractView(result.value), status: "ok" } : errorResponse(result.refusal);
    },
  };
}

function storageRoute(node: NodeHandle): Route {
  const { queries } = node;
  return {
    method: "GET",
    path: "/contract/:address/storage/:key",
    tag: "contracts",
    summary: "What a contract keeps under a key, with a proof",
    description:
      "The proof leads from the value, or from its absence, to the state root of the block that is named; " +
      "`contractStorage` of the client library checks it. The last 128 heights are served.",
    parameters: contractParameters,
    query: storageQuery,
    answer: contractAnswers.storage,
    errors: [
      ...ADDRESS_ERRORS,
      ...(["invalid_key", "invalid_query", "block_not_found", "height_not_kept", "node_busy"] as const),
    ],
    handler: async ({ params, request }) => {
      const address = readAddress(params.address ?? null);
      if (!address.ok) return errorResponse(address.refusal);
      const key = readStorageKey(params.key ?? null);
      if (!key.ok) return errorResponse(key.refusal);
      const query = readQuery(request, ["height"]);
      if (!query.ok) return errorResponse(query.refusal);
      const asked = readQueryHeight(query.value, "height");
      if (!asked.ok) return errorResponse(asked.refusal);
      const place = { address: address.value, key: key.value };
      const height = typeof asked.value === "string" ? queries.heightOf(asked.value) : asked.value;
      const atHead = queries.storageProof(place);
      const isHead = asked.value === "latest" || height === atHead.blockHeight;
      const view = isHead ? accept(atHead) : await node.pastStorageProof({ ...place, height });
      if (!view.ok) return errorResponse(view.refusal);
      const proof = viewStorageProof(view.value, place);
      return { value: proof.value, proof, status: "ok" };
    },
  };
}

function readFilter(
  query: ReadonlyMap<string, string>,
  address: Address,
  queries: ChainQueries,
): Result<EventFilter, ServerErrorCode> {
  const from = readQueryHeight(query, "fromHeight", "earliest");
  if (!from.ok) return from;
  const to = readQueryHeight(query, "toHeight", "latest");
  if (!to.ok) return to;
  const text = query.get("topic");
  const topic = text === undefined ? accept(undefined) : readHash(text);
  if (!topic.ok) return refuse("invalid_query", "topic is not 0x and 64 hex digits", { parameter: "topic" });
  const { max, preset } = EVENTS_LIMIT;
  const limit = readQueryInteger(query, { name: "limit", min: 1, max, preset });
  if (!limit.ok) return limit;
  const cursor = query.get("cursor");
  const start = cursor === undefined ? undefined : readCursor(cursor);
  if (cursor !== undefined && start === undefined) {
    return refuse("invalid_query", "cursor is none that a page of events gave as next", { parameter: "cursor" });
  }
  const heightOf = (height: typeof from.value) => (typeof height === "string" ? queries.heightOf(height) : height);
  return accept({
    address,
    heightMin: heightOf(from.value),
    heightMax: heightOf(to.value),
    topic: topic.value,
    start,
    countMax: limit.value,
  });
}

function eventsRoute({ queries }: NodeHandle): Route {
  return {
    method: "GET",
    path: "/contract/:address/events",
    tag: "contracts",
    summary: "What a contract announced, in pages",
    description:
      "The events of the blocks from `fromHeight` to `toHeight` in their order. A page may end before it is full, since it " +
      "looks at a bounded number of blocks: go on with `next` as the cursor until it is null.",
    parameters: { address: contractParameters.address },
    query: eventsQuery(EVENTS_LIMIT),
    answer: contractAnswers.events,
    errors: [...ADDRESS_ERRORS, "invalid_query"],
    handler: ({ params, request }) => {
      const address = readAddress(params.address ?? null);
      if (!address.ok) return errorResponse(address.refusal);
      const query = readQuery(request, ["fromHeight", "toHeight", "topic", "limit", "cursor"]);
      if (!query.ok) return errorResponse(query.refusal);
      const filter = readFilter(query.value, address.value, queries);
      if (!filter.ok) return errorResponse(filter.refusal);
      return { ...viewEvents(queries.contractEvents(filter.value)), status: "ok" };
    },
  };
}

export function contractStateRoutes(context: ApiContext): readonly Route[] {
  const { node } = context;
  const { queries } = node;
  const shared = {
    method: "GET",
    tag: "contracts",
    parameters: { address: contractParameters.address },
  } as const;
  return [
    viewRoute(context),
    {
      ...shared,
      path: "/contract/:address",
      summary: "What a contract is: its account, and what its module exports",
      answer: contractAnswers.contract,
      errors: [...ADDRESS_ERRORS, "contract_not_found", "node_busy"],
      handler: async ({ params }) => {
        const address = readAddress(params.address ?? null);
        if (!address.ok) return errorResponse(address.refusal);
        const contract = await node.contract(address.value);
        return contract === undefined ? notFound(address.value) : { contract, status: "ok" };
      },
    },
    {
      ...shared,
      path: "/contract/:address/code",
      summary: "The module of a contract",
      answer: contractAnswers.code,
      errors: [...ADDRESS_ERRORS, "contract_not_found"],
      handler: ({ params }) => {
        const address = readAddress(params.address ?? null);
        if (!address.ok) return errorResponse(address.refusal);
        const code = queries.contractCode(address.value);
        return code === undefined ? notFound(address.value) : { code: bytesToHex(code), status: "ok" };
      },
    },
    storageRoute(node),
    eventsRoute(node),
  ];
}
