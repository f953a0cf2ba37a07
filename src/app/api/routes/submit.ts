// POST /submit-tx: a signed transaction goes to the mempool as it is; an unsigned one is first completed and signed by the
// node's wallet, where it is on.

import { Type } from "@sinclair/typebox";
import type { ServerErrorCode } from "../../../client/index.ts";
import { completeSigned, readTransactionFields, type TransactionFields } from "../../../client/json/index.ts";
import { accept, type Hash, type Result, refuse } from "../../../core/primitives/index.ts";
import type { JsonValue } from "../../json/index.ts";
import { readJsonBody } from "../body.ts";
import { errorResponse } from "../errors.ts";
import { readQuery, readQueryInteger } from "../parameters.ts";
import { submitBody, submitExamples } from "../requestSchemas.ts";
import type { Route } from "../route.ts";
import { answers } from "../schemas.ts";
import type { ApiContext } from "./context.ts";

const WAIT_TIMEOUT_MS_DEFAULT = 30_000;
const WAIT_TIMEOUT_MS_MAX = 60_000;
// The socket stays open for the answer longer than the request waits.
const SOCKET_GRACE_SECONDS = 10;

const SUBMIT_ERRORS: readonly ServerErrorCode[] = [
  ...(["invalid_json", "invalid_number", "duplicate_key", "lone_surrogate", "nesting_too_deep"] as const),
  ...(["invalid_type", "invalid_field", "unknown_field", "missing_field"] as const),
  ...(["invalid_address", "invalid_checksum", "invalid_hash", "invalid_query", "hash_mismatch"] as const),
  ...(["invalid_transaction", "invalid_signature", "gas_limit_too_low", "gas_limit_too_high"] as const),
  ...(["gas_price_too_low", "transaction_too_large", "not_yet_enabled", "already_known"] as const),
  ...(["malformed_module", "invalid_module", "module_feature", "module_import", "module_limit"] as const),
  ...(["nonce_too_low", "nonce_too_far", "insufficient_balance", "unknown_sender", "expired"] as const),
  ...(["replacement_underpriced", "mempool_full", "quarantined", "node_busy", "inclusion_timeout"] as const),
  ...(["wallet_disabled", "wallet_unknown_account"] as const),
  ...(["host_not_allowed", "unsupported_media_type", "body_too_large"] as const),
];

/** Undefined when the request does not wait. */
function readWait(request: Request): Result<number | undefined, ServerErrorCode> {
  const query = readQuery(request, ["wait", "timeoutMs"]);
  if (!query.ok) return query;
  const wait = query.value.get("wait");
  if (wait !== undefined && wait !== "included") {
    return refuse("invalid_query", "wait is not included, the one thing that a submission can wait for", {
      parameter: "wait",
    });
  }
  const timeoutMs = readQueryInteger(query.value, {
    name: "timeoutMs",
    min: 1,
    max: WAIT_TIMEOUT_MS_MAX,
    preset: WAIT_TIMEOUT_MS_DEFAULT,
  });
  return wait === undefined && timeoutMs.ok ? accept(undefined) : timeoutMs;
}

/** The transaction's own object: the body, or what stands under its one key `tx`. */
function unwrap(body: JsonValue): Result<JsonValue, ServerErrorCode> {
  if (typeof body !== "object" || body === null || Array.isArray(body) || body.tx === undefined) return accept(body);
  const other = Object.keys(body).find((key) => key !== "tx");
  if (other === undefined) return accept(body.tx);
  const shown = other.slice(0, 40);
  return refuse("unknown_field", `"${shown}" stands beside tx; the transaction's fields stand within it`, {
    field: shown,
  });
}

/** Submits what a body says of one transaction, signed by the sender or by the wallet. */
export function submitFields(
  { node, wallet }: ApiContext,
  fields: TransactionFields,
): Promise<Result<{ readonly hash: Hash }, ServerErrorCode>> {
  if (fields.signature !== undefined) {
    const signed = completeSigned(fields, node.queries.domain);
    return signed.ok ? node.submit(signed.value) : Promise.resolve(signed);
  }
  if (fields.hash !== undefined) {
    return Promise.resolve(refuse("missing_field", "a hash is given, but no signature", { field: "signature" }));
  }
  if (wallet !== undefined) return wallet.send(node, fields.request);
  const message =
    "the transaction has no signature, and this node's wallet is off; sign it with the domain and types of " +
    "GET /chain/info, or on a development chain set [wallet] enabled = true";
  return Promise.resolve(refuse("wallet_disabled", message));
}

async function submit(
  context: ApiContext,
  request: Request,
): Promise<Result<{ readonly hash: Hash }, ServerErrorCode>> {
  const body = await readJsonBody(request, context.bodyRules);
  if (!body.ok) return body;
  const json = unwrap(body.value);
  if (!json.ok) return json;
  const fields = readTransactionFields(json.value);
  return fields.ok ? submitFields(context, fields.value) : fields;
}

const querySchema = Type.Object({
  wait: Type.Optional(
    Type.String({
      enum: ["included"],
      description: "Answer only when a block includes the transaction.",
      examples: ["included"],
    }),
  ),
  timeoutMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: WAIT_TIMEOUT_MS_MAX,
      default: WAIT_TIMEOUT_MS_DEFAULT,
      description: "How long to wait, where the request waits.",
      examples: [10_000],
    }),
  ),
});

export function submitRoute(context: ApiContext): Route {
  return {
    method: "POST",
    path: "/submit-tx",
    tag: "transactions",
    summary: "Send a transaction",
    description:
      "Takes a signed transaction, or an unsigned one where the node's wallet is on. The answer means that the " +
      "transaction is in the mempool; with `wait=included`, that a block includes it and is on this node's disk.",
    query: querySchema,
    body: submitBody,
    bodyExamples: submitExamples,
    answer: answers.submitted,
    errors: SUBMIT_ERRORS,
    handler: async ({ request, server }) => {
      const wait = readWait(request);
      if (!wait.ok) return errorResponse(wait.refusal);
      const submitted = await submit(context, request);
      if (!submitted.ok) return errorResponse(submitted.refusal);
      const { hash } = submitted.value;
      const timeoutMs = wait.value;
      if (timeoutMs === undefined) return { hash, status: "ok" };
      server?.timeout(request, Math.ceil(timeoutMs / 1000) + SOCKET_GRACE_SECONDS);
      const included = await context.node.waitForInclusion(hash, { timeoutMs });
      if (included !== undefined) return { hash, blockHeight: included.height, status: "ok" };
      const message = `the transaction is accepted; the waiting, of ${timeoutMs} ms at most, ended before a block included it`;
      return errorResponse({ code: "inclusion_timeout", message, details: { hash, timeoutMs } });
    },
  };
}
