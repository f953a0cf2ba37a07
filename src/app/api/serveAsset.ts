// Files of the Swagger page. The build compresses the large ones; they go out as they are to whoever takes gzip.

const GZIP_SUFFIX = ".gz";
const CACHE_CONTROL = "public, max-age=3600";
const GZIP_ACCEPTED = /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?=,|$)/i;

/** A handler that serves a file; one whose name ends in .gz is told from its contents by that alone. */
export function serveAsset(path: string, contentType: string): (request: Request) => Promise<Response> {
  const headers = { "content-type": contentType, "cache-control": CACHE_CONTROL };
  if (!path.endsWith(GZIP_SUFFIX)) return () => Promise.resolve(new Response(Bun.file(path), { headers }));
  return async (request) => {
    const varying = { ...headers, vary: "accept-encoding" };
    if (GZIP_ACCEPTED.test(request.headers.get("accept-encoding") ?? "")) {
      return new Response(Bun.file(path), { headers: { ...varying, "content-encoding": "gzip" } });
    }
    return new Response(Bun.gunzipSync(await Bun.file(path).bytes()), { headers: varying });
  };
}
