// Routes that run contracts: deploying and calling them by transactions, and trying out without keeping anything.

import type { ServerErrorCode } from "../../../client/index.ts";
import { completeTransaction, type TransactionFields } from "../../../client/json/index.ts";
import { type Address, type Hash, type Result, refuse } from "../../../core/primitives/index.ts";
import { contractAddress, type Transaction } from "../../../core/protocol/index.ts";
import type { JsonValue } from "../../json/index.ts";
import type { SentTransaction } from "../../wallet/index.ts";
import { readJsonBody } from "../body.ts";
import { readAnyTransaction, readCall, readDeploy } from "../contractRequests.ts";
import {
  callBody,
  callExamples,
  contractAnswers,
  deployBody,
  deployExamples,
  estimateBody,
  estimateExamples,
} from "../contractSchemas.ts";
import { errorResponse } from "../errors.ts";
import type { Route, RouteContext } from "../route.ts";
import { viewEstimate, viewReceipt } from "../views.ts";
import type { ApiContext } from "./context.ts";
import { BODY_ERRORS, FIELD_ERRORS, SUBMIT_ERRORS, submitBody } from "./submit.ts";
import { readWait, waitFor, waitQuery } from "./waiting.ts";

/** Submits what the body says, and answers with what is known of it beside its hash. */
async function run(
  context: ApiContext,
  { request, server }: RouteContext,
  options: {
    read: (body: JsonValue) => Result<TransactionFields, ServerErrorCode>;
    describe: (transaction: Transaction) => object;
  },
): Promise<object> {
  const wait = readWait(request);
  if (!wait.ok) return errorResponse(wait.refusal);
  const submitted = await submitBody(context, request, options.read);
  if (!submitted.ok) return errorResponse(submitted.refusal);
  const { hash, transaction } = submitted.value;
  const described = { hash, ...options.describe(transaction) };
  if (wait.value === undefined) return { ...described, status: "ok" };
  const { node } = context;
  const included = await waitFor({ node, hash, wait: wait.value, request, server });
  if (!included.ok) return errorResponse(included.refusal);
  const found = node.queries.transaction(hash);
  if (found === undefined) return takenBack(hash, wait.value);
  return { ...described, blockHeight: found.blockHeight, ...viewReceipt(found.receipt), status: "ok" };
}

function takenBack(hash: Hash, { timeoutMs }: { timeoutMs: number }): Response {
  const message =
    "the transaction is accepted; a reorganization took the block back that included it, and it waits anew";
  return errorResponse({ code: "inclusion_timeout", message, details: { hash, timeoutMs } });
}

function deployedAddress({ from, nonce }: SentTransaction["transaction"]): { readonly address: Address } {
  return { address: contractAddress({ creator: from, nonce }) };
}

/** The transaction that an estimate is of. Its nonce and price do not matter, and its signature is not looked at. */
function completeForEstimate(
  { request }: TransactionFields,
  { wallet }: ApiContext,
): Result<Transaction, ServerErrorCode> {
  const from = request.from ?? wallet?.addresses[0];
  if (from === undefined) {
    return refuse("missing_field", "from is missing, and the node has no wallet to take an account of", {
      field: "from",
    });
  }
  const { gasLimit = 0, nonce = 0, gasPrice = 0, expiry = 0 } = request;
  return completeTransaction({ ...request, from, gasLimit, nonce, gasPrice, expiry } as typeof request);
}

async function estimate(context: ApiContext, request: Request): Promise<object> {
  const body = await readJsonBody(request, context.bodyRules);
  if (!body.ok) return errorResponse(body.refusal);
  const fields = readAnyTransaction(body.value);
  if (!fields.ok) return errorResponse(fields.refusal);
  const transaction = completeForEstimate(fields.value, context);
  if (!transaction.ok) return errorResponse(transaction.refusal);
  const estimated = await context.node.estimate({
    transaction: transaction.value,
    gasLimit: fields.value.request.gasLimit,
  });
  return estimated.ok ? { ...viewEstimate(estimated.value), status: "ok" } : errorResponse(estimated.refusal);
}

export function contractRoutes(context: ApiContext): readonly Route[] {
  const shared = { method: "POST", tag: "contracts" } as const;
  return [
    {
      ...shared,
      path: "/deploy-contract",
      summary: "Put a contract on the chain",
      description:
        "Sends a deploy: the module becomes a contract and its `init`, if it exports one, is run with `args`. The address " +
        "follows from sender and nonce. With `wait` the answer has what came of it.",
      query: waitQuery,
      body: deployBody,
      bodyExamples: deployExamples,
      answer: contractAnswers.deployed,
      errors: SUBMIT_ERRORS,
      handler: ({ params, request, server }) =>
        run(context, { params, request, server }, { read: readDeploy, describe: deployedAddress }),
    },
    {
      ...shared,
      path: "/call-contract",
      summary: "Call a function of a contract",
      description:
        "Sends a call. With `wait` the answer has what came of it: result, events, logs, gas, or why it failed.",
      query: waitQuery,
      body: callBody,
      bodyExamples: callExamples,
      answer: contractAnswers.called,
      errors: SUBMIT_ERRORS,
      handler: ({ params, request, server }) =>
        run(context, { params, request, server }, { read: readCall, describe: () => ({}) }),
    },
    {
      ...shared,
      path: "/estimate-gas",
      summary: "What a transaction would come to, and how much gas to give it",
      description:
        "Tries the transaction on the head's state as if it were the next one, whatever its nonce, price and expiry, and " +
        "keeps nothing. A signature is not looked at.",
      body: estimateBody,
      bodyExamples: estimateExamples,
      answer: contractAnswers.estimate,
      errors: [
        ...BODY_ERRORS,
        ...FIELD_ERRORS,
        ...(["invalid_transaction", "gas_limit_too_low", "gas_limit_too_high", "not_yet_enabled"] as const),
        ...(["insufficient_balance", "node_busy"] as const),
        ...(["malformed_module", "invalid_module", "module_feature", "module_import", "module_limit"] as const),
      ],
      handler: ({ request }) => estimate(context, request),
    },
  ];
}
