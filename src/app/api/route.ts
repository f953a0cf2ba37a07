// What a route is: its handler, and what the OpenAPI document says of it.

import type { TObject, TSchema } from "@sinclair/typebox";
import type { ServerErrorCode } from "../../client/index.ts";
import type { PathPart } from "./parameters.ts";
import type { BodyExamples } from "./requestSchemas.ts";

export const ROUTE_TAGS = {
  chain: "The chain: its head, blocks and what wallets need to know.",
  accounts: "Accounts and proofs of their state.",
  transactions: "Sending transactions and following them.",
  contracts: "Contracts: deploying, calling, and what they keep and announce.",
  node: "The node itself: health checks.",
} as const;

/** What Elysia hands to a handler. It reads the names of the parts that a handler takes from the handler's text. */
export interface RouteContext {
  readonly params: Readonly<Record<string, PathPart>>;
  readonly request: Request;
  /** Null when there is no socket. */
  readonly server: { timeout(request: Request, seconds: number): void } | null;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** In Elysia's form, e.g. `/block/:id`. */
  readonly path: string;
  readonly tag: keyof typeof ROUTE_TAGS;
  readonly summary: string;
  readonly description?: string;
  /** Of each `:name` in the path. */
  readonly parameters?: Readonly<Record<string, TSchema>>;
  readonly query?: TObject;
  readonly body?: TSchema;
  readonly bodyExamples?: BodyExamples;
  readonly answer: TSchema;
  /** The codes that the handler may refuse with. */
  readonly errors: readonly ServerErrorCode[];
  readonly handler: (context: RouteContext) => object | Promise<object>;
}
