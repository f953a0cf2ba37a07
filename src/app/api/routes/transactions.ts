// Routes of transactions: one by its hash, the mempool, and submission.

import { Type } from "@sinclair/typebox";
import type { Hash } from "../../../core/primitives/index.ts";
import { errorResponse } from "../errors.ts";
import { readAddress, readHash, readQuery, readQueryInteger } from "../parameters.ts";
import type { Route } from "../route.ts";
import { answers, parameters } from "../schemas.ts";
import { viewIncluded, viewMempool, viewPending, viewSenderMempool, viewTransactionProof } from "../views.ts";
import type { ApiContext } from "./context.ts";
import { submitRoute } from "./submit.ts";
import { submitManyRoute } from "./submitMany.ts";

const MEMPOOL_LIMIT_DEFAULT = 100;
const MEMPOOL_LIMIT_MAX = 1000;

function mempoolRoute({ node }: ApiContext): Route {
  const range = { min: 0, max: MEMPOOL_LIMIT_MAX };
  return {
    method: "GET",
    path: "/mempool",
    tag: "transactions",
    summary: "The transactions that wait for a block",
    query: Type.Object({
      limit: Type.Optional(
        Type.Integer({
          minimum: range.min,
          maximum: range.max,
          default: MEMPOOL_LIMIT_DEFAULT,
          description: "The most transactions to list.",
          examples: [10],
        }),
      ),
    }),
    answer: answers.mempool,
    errors: ["invalid_query", "node_busy"],
    handler: async ({ request }) => {
      const query = readQuery(request, ["limit"]);
      if (!query.ok) return errorResponse(query.refusal);
      const limit = readQueryInteger(query.value, { name: "limit", ...range, preset: MEMPOOL_LIMIT_DEFAULT });
      if (!limit.ok) return errorResponse(limit.refusal);
      return { mempool: viewMempool(await node.mempool({ countMax: limit.value })), status: "ok" };
    },
  };
}

export function transactionRoutes(context: ApiContext): readonly Route[] {
  const { node } = context;
  const { queries } = node;

  function included(hash: Hash): object | undefined {
    const found = queries.transaction(hash);
    return found && { tx: viewIncluded(found, queries.heightOf("finalized")), status: "ok" };
  }

  async function find(hash: Hash): Promise<object> {
    const first = included(hash);
    if (first !== undefined) return first;
    const pending = await node.pendingTransaction(hash);
    if (pending !== undefined) return { tx: viewPending(pending, hash), status: "ok" };
    // A block may have taken it from the mempool between the two looks.
    const second = included(hash);
    if (second !== undefined) return second;
    const message = `neither the chain nor the mempool of this node holds a transaction ${hash}`;
    return errorResponse({ code: "transaction_not_found", message, details: { hash } });
  }

  return [
    {
      method: "GET",
      path: "/tx/:hash",
      tag: "transactions",
      summary: "A transaction by its hash",
      parameters: { hash: parameters.hash },
      answer: answers.transaction,
      errors: ["invalid_hash", "transaction_not_found", "node_busy"],
      handler: ({ params }) => {
        const hash = readHash(params.hash ?? null);
        return hash.ok ? find(hash.value) : errorResponse(hash.refusal);
      },
    },
    {
      method: "GET",
      path: "/proof/tx/:hash",
      tag: "transactions",
      summary: "A proof that a block holds a transaction",
      description:
        "Leads from the transaction's encoding to the transactions' root of the block that is named. Check it against " +
        "a header that you trust: `verifyTransactionProof` of the client library does.",
      parameters: { hash: parameters.hash },
      answer: answers.transactionProof,
      errors: ["invalid_hash", "transaction_not_found"],
      handler: ({ params }) => {
        const hash = readHash(params.hash ?? null);
        if (!hash.ok) return errorResponse(hash.refusal);
        const proof = queries.transactionProof(hash.value);
        if (proof !== undefined) return { proof: viewTransactionProof(proof), status: "ok" };
        const message = `no block of the chain holds a transaction ${hash.value}`;
        return errorResponse({ code: "transaction_not_found", message, details: { hash: hash.value } });
      },
    },
    mempoolRoute(context),
    {
      method: "GET",
      path: "/mempool/:address",
      tag: "transactions",
      summary: "What waits of one sender, and why",
      parameters: { address: parameters.address },
      answer: answers.senderMempool,
      errors: ["invalid_address", "invalid_checksum", "node_busy"],
      handler: async ({ params }) => {
        const address = readAddress(params.address ?? null);
        if (!address.ok) return errorResponse(address.refusal);
        return { mempool: viewSenderMempool(await node.mempoolOf(address.value)), status: "ok" };
      },
    },
    submitRoute(context),
    submitManyRoute(context),
  ];
}
