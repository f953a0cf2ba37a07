// Routes of accounts: balance, account, and the proof of its state.

import { errorResponse } from "../errors.ts";
import { readAddress } from "../parameters.ts";
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
    {
      ...shared,
      path: "/proof/account/:address",
      summary: "A proof of an account's state at the head",
      description:
        "Leads from the account, or from its absence, to the state root of the block that is named. Check it against " +
        "a state root that you trust: `verifyAccountProof` of the client library does.",
      answer: answers.accountProof,
      handler: ({ params }) => {
        const address = readAddress(params.address ?? null);
        if (!address.ok) return errorResponse(address.refusal);
        return { proof: viewAccountProof(queries.accountProof(address.value), address.value), status: "ok" };
      },
    },
  ];
}
