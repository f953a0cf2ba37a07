// Routes of the chain: head, chain info, blocks.

import { Type } from "@sinclair/typebox";
import type { ChainQueries } from "../../../core/node/index.ts";
import type { Hash, Height } from "../../../core/primitives/index.ts";
import { BLOCK_TRANSACTIONS_MAX } from "../../../core/protocol/index.ts";
import { errorResponse } from "../errors.ts";
import { type BlockId, readBlockId, readQuery, readQueryInteger } from "../parameters.ts";
import type { Route } from "../route.ts";
import { answers, parameters } from "../schemas.ts";
import { viewBlock, viewBlockTransaction, viewChainInfo, viewHead } from "../views.ts";
import type { ApiContext } from "./context.ts";

export function chainRoutes({ node, wallet, version }: ApiContext): readonly Route[] {
  const { queries } = node;
  return [
    {
      method: "GET",
      path: "/chain/head",
      tag: "chain",
      summary: "The chain's last block",
      answer: answers.head,
      errors: [],
      handler: () => ({ head: viewHead(queries.head(), queries) }),
    },
    {
      method: "GET",
      path: "/chain/info",
      tag: "chain",
      summary: "The chain's name, parameters and signing domain",
      description: "`eip712.domain` and, for each struct, `eip712.types` go into `signTypedData` as they are.",
      answer: answers.info,
      errors: [],
      handler: () => ({
        chain: viewChainInfo({ queries, status: node.status(), walletAddresses: wallet?.addresses, version }),
      }),
    },
    {
      method: "GET",
      path: "/block/:id",
      tag: "chain",
      summary: "A block by height, hash or tag, with the hashes of its transactions",
      parameters: { id: parameters.blockId },
      answer: answers.block,
      errors: ["invalid_block_id", "block_not_found"],
      handler: ({ params }) => {
        const id = readBlockId(params.id ?? null);
        if (!id.ok) return errorResponse(id.refusal);
        const found = queries.block(resolveBlockId(id.value, queries));
        return found === undefined
          ? blockNotFound(id.value, queries)
          : { block: viewBlock(found, queries), status: "ok" };
      },
    },
    blockTransactionsRoute(queries),
  ];
}

function resolveBlockId(id: BlockId, queries: ChainQueries): Height | Hash {
  return id.kind === "tag" ? queries.heightOf(id.value) : id.value;
}

function blockNotFound({ kind, value }: BlockId, queries: ChainQueries): Response {
  const { height } = queries.head().header;
  const message = kind === "hash" ? `no block has the hash ${value}` : `the chain's height is ${height}`;
  return errorResponse({ code: "block_not_found", message, details: { height } });
}

// A page of this many takes a few milliseconds; a full block at once would hold up other requests.
const TRANSACTIONS_LIMIT_MAX = 500;
const TRANSACTIONS_LIMIT_DEFAULT = 100;

/** The transactions of a block in pages, since a full block has thousands. */
function blockTransactionsRoute(queries: ChainQueries): Route {
  const ranges = {
    offset: { name: "offset", min: 0, max: BLOCK_TRANSACTIONS_MAX, preset: 0 },
    limit: { name: "limit", min: 1, max: TRANSACTIONS_LIMIT_MAX, preset: TRANSACTIONS_LIMIT_DEFAULT },
  };
  const parameter = (range: { min: number; max: number; preset: number }, description: string, example: number) =>
    Type.Optional(
      Type.Integer({
        minimum: range.min,
        maximum: range.max,
        default: range.preset,
        description,
        examples: [example],
      }),
    );
  return {
    method: "GET",
    path: "/block/:id/transactions",
    tag: "chain",
    summary: "The transactions of a block with their receipts, in pages",
    parameters: { id: parameters.blockId },
    query: Type.Object({
      offset: parameter(ranges.offset, "Position in the block of the first one to list.", 0),
      limit: parameter(ranges.limit, "The most transactions to list.", 10),
    }),
    answer: answers.blockTransactions,
    errors: ["invalid_block_id", "invalid_query", "block_not_found"],
    handler: ({ params, request }) => {
      const id = readBlockId(params.id ?? null);
      if (!id.ok) return errorResponse(id.refusal);
      const query = readQuery(request, ["offset", "limit"]);
      if (!query.ok) return errorResponse(query.refusal);
      const offset = readQueryInteger(query.value, ranges.offset);
      if (!offset.ok) return errorResponse(offset.refusal);
      const limit = readQueryInteger(query.value, ranges.limit);
      if (!limit.ok) return errorResponse(limit.refusal);
      // One more than asked for tells whether there is a next page.
      const range = { offset: offset.value, countMax: limit.value + 1 };
      const found = queries.blockTransactions(resolveBlockId(id.value, queries), range);
      if (found === undefined) return blockNotFound(id.value, queries);
      const transactions = found.slice(0, limit.value).map(viewBlockTransaction);
      const next = found.length > limit.value ? offset.value + limit.value : null;
      return { transactions, next, status: "ok" };
    },
  };
}
