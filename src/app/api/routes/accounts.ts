// Routes of accounts: balance, account, and the proof of its state.

import { Type } from "@sinclair/typebox";
import type { NodeHandle } from "../../node.ts";
import { errorResponse } from "../errors.ts";
import { readAddress, readQuery, readQueryHeight } from "../parameters.ts";
import type { Route } from "../route.ts";
import { answers, parameters } from "../schemas.ts";
import { viewAccount, viewAccountProof } from "../views.ts";
import type { ApiContext } from "./context.ts";

export function accountRoutes({ node }: ApiContext): readonly Route[] {
  const { queries } = node;
  const shared = {
    method: "GET",
    tag: "accounts",
    parameters: { address: parameters.address },
    errors: ["invalid_address", "invalid_checksum"],
  } as const;
  return [
    {
      ...shared,
      path: "/balance/:address",
      summary: "The balance of an account",
      answer: answers.balance,
      handler: ({ params }) => {
        const address = readAddress(params.address ?? null);
        if (!address.ok) return errorResponse(address.refusal);
        return { balance: queries.account(address.value).balance, status: "ok" };
      },
    },
    {
      ...shared,
      path: "/account/:address",
      summary: "Balance, nonce, stake and code of an account",
      answer: answers.account,
      handler: ({ params }) => {
        const address = readAddress(params.address ?? null);
        if (!address.ok) return errorResponse(address.refusal);
        return { account: viewAccount(queries.account(address.value), address.value), status: "ok" };
      },
    },
    proofRoute(node),
  ];
}

function proofRoute(node: NodeHandle): Route {
  const { queries } = node;
  return {
    method: "GET",
    tag: "accounts",
    path: "/proof/account/:address",
    parameters: { address: parameters.address },
    summary: "A proof of an account's state, at the head or one of the heights before it",
    description:
      "Leads from the account, or from its absence, to the state root of the block that is named. Check it against " +
      "a state root that you trust: `verifyAccountProof` of the client library does. The last 128 heights are served.",
    query: Type.Object({
      height: Type.Optional(
        Type.String({
          default: "latest",
          description: "A height in decimal digits, or latest, safe, finalized or earliest.",
          examples: ["latest"],
        }),
      ),
    }),
    answer: answers.accountProof,
    errors: [
      ...(["invalid_address", "invalid_checksum", "invalid_query"] as const),
      ...(["block_not_found", "height_not_kept", "node_busy"] as const),
    ],
    handler: async ({ params, request }) => {
      const address = readAddress(params.address ?? null);
      if (!address.ok) return errorResponse(address.refusal);
      const query = readQuery(request, ["height"]);
      if (!query.ok) return errorResponse(query.refusal);
      const asked = readQueryHeight(query.value, "height");
      if (!asked.ok) return errorResponse(asked.refusal);
      const height = typeof asked.value === "string" ? queries.heightOf(asked.value) : asked.value;
      const atHead = queries.accountProof(address.value);
      if (asked.value === "latest" || height === atHead.blockHeight)
        return { proof: viewAccountProof(atHead, address.value), status: "ok" };
      const past = await node.pastAccountProof({ address: address.value, height });
      if (!past.ok) return errorResponse(past.refusal);
      return { proof: viewAccountProof(past.value, address.value), status: "ok" };
    },
  };
}
