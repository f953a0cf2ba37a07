// POST /submit-tx: a signed transaction goes to the mempool as it is; an unsigned one is first completed and signed by the
// node's wallet, where it is on.

import type { ServerErrorCode } from "../../../client/index.ts";
import { completeSigned, readTransactionFields, type TransactionFields } from "../../../client/json/index.ts";
import { accept, type Result, refuse } from "../../../core/primitives/index.ts";
import type { SignedTransaction } from "../../../core/protocol/index.ts";
import type { JsonValue } from "../../json/index.ts";
import type { NodeHandle } from "../../node.ts";
import type { SentTransaction } from "../../wallet/index.ts";
import { readJsonBody } from "../body.ts";
import { unwrapTransaction } from "../contractRequests.ts";
import { errorResponse } from "../errors.ts";
import { submitBody as submitBodySchema, submitExamples } from "../requestSchemas.ts";
import type { Route } from "../route.ts";
import { answers } from "../schemas.ts";
import type { ApiContext } from "./context.ts";
import { readWait, waitFor, waitQuery } from "./waiting.ts";

/** What a body may be refused with before its fields are looked at. */
export const BODY_ERRORS: readonly ServerErrorCode[] = [
  ...(["invalid_json", "invalid_number", "duplicate_key", "lone_surrogate", "nesting_too_deep"] as const),
  ...(["host_not_allowed", "unsupported_media_type", "body_too_large"] as const),
];
/** What the fields of a transaction may be refused with by themselves. */
export const FIELD_ERRORS: readonly ServerErrorCode[] = [
  ...(["invalid_type", "invalid_field", "unknown_field", "missing_field"] as const),
  ...(["invalid_address", "invalid_checksum", "invalid_hash", "invalid_signature"] as const),
];
/** What any submission of one transaction may be refused with. */
export const SUBMIT_ERRORS: readonly ServerErrorCode[] = [
  ...BODY_ERRORS,
  ...FIELD_ERRORS,
  ...(["invalid_query", "hash_mismatch"] as const),
  ...(["invalid_transaction", "gas_limit_too_low", "gas_limit_too_high"] as const),
  ...(["gas_price_too_low", "transaction_too_large", "not_yet_enabled", "already_known"] as const),
  ...(["malformed_module", "invalid_module", "module_feature", "module_import", "module_limit"] as const),
  ...(["nonce_too_low", "nonce_too_far", "insufficient_balance", "unknown_sender", "expired"] as const),
  ...(["replacement_underpriced", "mempool_full", "quarantined", "node_busy", "inclusion_timeout"] as const),
  ...(["wallet_disabled", "wallet_unknown_account"] as const),
];

async function submitSigned(
  node: NodeHandle,
  signed: SignedTransaction,
): Promise<Result<SentTransaction, ServerErrorCode>> {
  const submitted = await node.submit(signed);
  return submitted.ok ? accept({ hash: submitted.value.hash, transaction: signed.transaction }) : submitted;
}

/** Submits what a body says of one transaction, signed by the sender or by the wallet. */
export function submitFields(
  { node, wallet }: ApiContext,
  fields: TransactionFields,
): Promise<Result<SentTransaction, ServerErrorCode>> {
  if (fields.signature !== undefined) {
    const signed = completeSigned(fields, node.queries.domain);
    return signed.ok ? submitSigned(node, signed.value) : Promise.resolve(signed);
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

/** Reads the body of a request to submit one transaction, and submits it. */
export async function submitBody(
  context: ApiContext,
  request: Request,
  read: (body: JsonValue) => Result<TransactionFields, ServerErrorCode>,
): Promise<Result<SentTransaction, ServerErrorCode>> {
  const body = await readJsonBody(request, context.bodyRules);
  if (!body.ok) return body;
  const fields = read(body.value);
  return fields.ok ? submitFields(context, fields.value) : fields;
}

function readTransaction(body: JsonValue): Result<TransactionFields, ServerErrorCode> {
  const json = unwrapTransaction(body);
  return json.ok ? readTransactionFields(json.value) : json;
}

export function submitRoute(context: ApiContext): Route {
  return {
    method: "POST",
    path: "/submit-tx",
    tag: "transactions",
    summary: "Send a transaction",
    description:
      "Takes a signed transaction, or an unsigned one where the node's wallet is on. The answer means that the " +
      "transaction is in the mempool; with `wait=included`, that a block includes it and is on this node's disk.",
    query: waitQuery,
    body: submitBodySchema,
    bodyExamples: submitExamples,
    answer: answers.submitted,
    errors: SUBMIT_ERRORS,
    handler: async ({ request, server }) => {
      const wait = readWait(request);
      if (!wait.ok) return errorResponse(wait.refusal);
      const submitted = await submitBody(context, request, readTransaction);
      if (!submitted.ok) return errorResponse(submitted.refusal);
      const { hash } = submitted.value;
      if (wait.value === undefined) return { hash, status: "ok" };
      const included = await waitFor({ node: context.node, hash, wait: wait.value, request, server });
      if (!included.ok) return errorResponse(included.refusal);
      return { hash, blockHeight: included.value.height, status: "ok" };
    },
  };
}
