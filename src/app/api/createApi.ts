// The REST API as an Elysia application: routes, the Swagger page, and what answers when no route does.

import { Elysia } from "elysia";
import type { Logger } from "../../core/ports/index.ts";
import type { NodeHandle } from "../node.ts";
import type { Wallet } from "../wallet/index.ts";
import { createOriginHandler } from "./cors.ts";
import { errorResponse } from "./errors.ts";
import { createHostCheck } from "./hosts.ts";
import { createMethodTable } from "./methods.ts";
import { createRoutes } from "./routes/index.ts";
import { SWAGGER_FILES } from "./swagger.ts";

export interface ApiConfig {
  /** What the server is bound to, which decides the Host headers that a POST may carry. */
  readonly host: string;
  /** Further names that the node goes by; `*` allows all. */
  readonly hostsAllowed: readonly string[];
  /** Web pages that may use the API from a browser; `*` allows all. */
  readonly corsOrigins: readonly string[];
  readonly bodySizeBytesMax: number;
}

export interface ApiOptions {
  readonly node: NodeHandle;
  readonly wallet: Wallet | undefined;
  readonly config: ApiConfig;
  readonly version: string;
  readonly logger: Logger;
}

const SPEC_PATH = "/swagger/json";
// Where the Host header is none, Bun gives the path alone.
const PATH_PATTERN = /^(?:[a-z]+:\/\/[^/?#]*)?([^?#]*)/i;

/** The path alone, by its text: a URL can't be made of a Host header that is none. */
function pathOf(request: Request): string {
  return PATH_PATTERN.exec(request.url)?.[1] ?? "/";
}

/** A socketless application: `handle` takes a request, and `startApi` listens. */
export function createApi(options: ApiOptions) {
  const { node, wallet, config, version, logger } = options;
  const isHostKnown = createHostCheck({ ...config, isWalletEnabled: wallet !== undefined });
  const bodyRules = { sizeBytesMax: config.bodySizeBytesMax, isHostKnown };
  const routes = createRoutes({ node, wallet, bodyRules, version });
  const filePaths = [SPEC_PATH, ...Object.keys(SWAGGER_FILES)];
  const methods = createMethodTable([...routes, ...filePaths.map((path) => ({ method: "GET", path }))]);

  const app = new Elysia({ name: "aureon" }).onError(({ code, error, request }) => {
    const pathname = pathOf(request);
    if (code === "NOT_FOUND") {
      const allowed = methods.allowed(pathname);
      if (allowed.length === 0) {
        return errorResponse({ code: "not_found", message: `there is no route ${pathname}; see /swagger` });
      }
      const allow = allowed.join(", ");
      const message = `${pathname} takes ${allow}, not ${request.method}`;
      return errorResponse({ code: "method_not_allowed", message, details: { allow } }, { allow });
    }
    const reason = error instanceof Error ? error.message : String(error);
    if ((error as { code?: unknown }).code === "node_busy")
      return errorResponse({ code: "node_busy", message: reason });
    logger.log("error", "request failed", { method: request.method, path: pathname, reason });
    return errorResponse({ code: "internal", message: "the node failed to answer; its log says more" });
  });
  if (config.corsOrigins.length > 0) app.onRequest(createOriginHandler(config.corsOrigins));

  // Bodies are read by their text, so Elysia parses none of them.
  for (const route of routes) app.route(route.method, route.path, route.handler as never, { parse: "none" });
  for (const [path, serve] of Object.entries(SWAGGER_FILES)) app.get(path, ({ request }) => serve(request));
  let document: Promise<string> | undefined;
  app.get(SPEC_PATH, async () => {
    // The plugin behind it is large, and a node that nobody reads the document of does without.
    document ??= import("./openapi.ts").then(({ createOpenApiDocument }) => createOpenApiDocument({ routes, version }));
    return new Response(await document, { headers: { "content-type": "application/json" } });
  });
  return app;
}
