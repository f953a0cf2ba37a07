// All routes of the API, in the order of the documentation.

import type { Route } from "../route.ts";
import { accountRoutes } from "./accounts.ts";
import { chainRoutes } from "./chain.ts";
import type { ApiContext } from "./context.ts";
import { contractStateRoutes } from "./contractState.ts";
import { contractRoutes } from "./contracts.ts";
import { nodeRoutes } from "./node.ts";
import { transactionRoutes } from "./transactions.ts";

export type { ApiContext };

export function createRoutes(context: ApiContext): readonly Route[] {
  return [
    ...chainRoutes(context),
    ...accountRoutes(context),
    ...transactionRoutes(context),
    ...contractRoutes(context),
    ...contractStateRoutes(context),
    ...nodeRoutes(context),
  ];
}
