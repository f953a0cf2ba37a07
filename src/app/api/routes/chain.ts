// Routes of the chain: head, chain info, blocks.

import { errorResponse } from "../errors.ts";
import { readBlockId } from "../parameters.ts";
import type { Route } from "../route.ts";
import { answers, parameters } from "../schemas.ts";
import { viewBlock, viewChainInfo, viewHead } from "../views.ts";
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
      handler: () => ({ head: viewHead(queries.head()) }),
    },
    {
      method: "GET",
      path: "/chain/info",
      tag: "chain",
      summary: "The chain's name, parameters and signing domain",
      description: "`eip712.domain` and, for each struct, `eip712.types` go into `signTypedData` as they are.",
      answer: answers.info,
      errors: [],
      handler: () => ({ chain: viewChainInfo({ queries, walletAddresses: wallet?.addresses, version }) }),
    },
    {
      method: "GET",
      path: "/block/:id",
      tag: "chain",
      summary: "A block by height, hash or tag",
      parameters: { id: parameters.blockId },
      answer: answers.block,
      errors: ["invalid_block_id", "block_not_found"],
      handler: ({ params }) => {
        const id = readBlockId(params.id ?? null);
        if (!id.ok) return errorResponse(id.refusal);
        const { kind, value } = id.value;
        const found = queries.block(kind === "tag" ? queries.heightOf(value) : value);
        if (found !== undefined) return { block: viewBlock(found), status: "ok" };
        const { height } = queries.head().header;
        const message = kind === "hash" ? `no block has the hash ${value}` : `the chain's height is ${height}`;
        return errorResponse({ code: "block_not_found", message, details: { height } });
      },
    },
  ];
}
