// Cross-origin requests (the Fetch standard's CORS protocol), for the origins of the configuration. Without any, nothing
// here runs, and browsers keep other sites' pages from the API.

const ANY_ORIGIN = "*";
const PREFLIGHT_AGE_SECONDS = "600";

/** The parts of Elysia's context that a request's headers are answered with. */
export interface RequestContext {
  readonly request: Request;
  readonly set: { readonly headers: Record<string, string | number>; status?: number | string };
}

/** @returns what adds the headers that let pages of `origins` use the answer, and itself answers their preflights */
export function createOriginHandler(origins: readonly string[]): (context: RequestContext) => string | undefined {
  const known = new Set(origins);
  return ({ request, set }) => {
    const origin = request.headers.get("origin");
    if (origin === null || !(known.has(origin) || known.has(ANY_ORIGIN))) return undefined;
    set.headers["access-control-allow-origin"] = origin;
    set.headers.vary = "origin";
    if (request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) return undefined;
    set.headers["access-control-allow-methods"] = "GET, HEAD, POST";
    set.headers["access-control-allow-headers"] = "content-type";
    set.headers["access-control-max-age"] = PREFLIGHT_AGE_SECONDS;
    set.status = 204;
    return "";
  };
}
