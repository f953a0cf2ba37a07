// POST /submit-txs: up to a thousand transactions in one request, each with an answer of its own.

import type { ServerErrorCode } from "../../../client/index.ts";
import { readTransactionFields } from "../../../client/json/index.ts";
import { accept, type Result, refuse } from "../../../core/primitives/index.ts";
import { isJsonObject, type JsonValue } from "../../json/index.ts";
import { readJsonBody } from "../body.ts";
import { errorBody, errorResponse } from "../errors.ts";
import { submitManyBody, submitManyExamples } from "../requestSchemas.ts";
import type { Route } from "../route.ts";
import { answers } from "../schemas.ts";
import type { ApiContext } from "./context.ts";
import { submitFields } from "./submit.ts";

const TRANSACTIONS_MAX = 1000;

/** The list of transactions: the body itself, or what stands under its one key `txs`. */
function unwrapList(body: JsonValue): Result<readonly JsonValue[], ServerErrorCode> {
  const list = isJsonObject(body) && Object.keys(body).length === 1 ? body.txs : body;
  if (!Array.isArray(list)) {
    return refuse("invalid_type", "the body is neither an array of transactions nor an object with the one key txs");
  }
  if (list.length > TRANSACTIONS_MAX) {
    const message = `the array has ${list.length} transactions; at most ${TRANSACTIONS_MAX} are taken in one request`;
    return refuse("invalid_field", message, { count: list.length, countMax: TRANSACTIONS_MAX });
  }
  return accept(list);
}

async function submitOne(context: ApiContext, json: JsonValue): Promise<object> {
  const fields = readTransactionFields(json);
  const submitted = fields.ok ? await submitFields(context, fields.value) : fields;
  return submitted.ok ? { hash: submitted.value.hash, status: "ok" } : errorBody(submitted.refusal);
}

export function submitManyRoute(context: ApiContext): Route {
  return {
    method: "POST",
    path: "/submit-txs",
    tag: "transactions",
    summary: "Send many transactions",
    description:
      "Takes an array of what /submit-tx takes, or an object that has it under `txs`. One transaction's refusal does " +
      "not concern the others: each has its answer, in order.",
    body: submitManyBody,
    bodyExamples: submitManyExamples,
    answer: answers.submittedMany,
    errors: [
      ...(["invalid_json", "invalid_number", "duplicate_key", "lone_surrogate", "nesting_too_deep"] as const),
      ...(["invalid_type", "invalid_field", "host_not_allowed", "unsupported_media_type", "body_too_large"] as const),
    ],
    handler: async ({ request }) => {
      const body = await readJsonBody(request, context.bodyRules);
      if (!body.ok) return errorResponse(body.refusal);
      const list = unwrapList(body.value);
      if (!list.ok) return errorResponse(list.refusal);
      const results = await Promise.all(list.value.map((json) => submitOne(context, json)));
      return { results, status: "ok" };
    },
  };
}
