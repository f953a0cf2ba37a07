// Which methods a path takes, for the answer to a request of another one.

export interface MethodTable {
  /** Empty when no route has the path. */
  allowed(pathname: string): readonly string[];
}

const PARAMETER_PATTERN = /:[^/]+/g;

export function createMethodTable(routes: readonly { readonly method: string; readonly path: string }[]): MethodTable {
  const patterns = routes.map(({ method, path }) => ({
    // A GET route answers HEAD as well.
    methods: method === "GET" ? ["GET", "HEAD"] : [method],
    pattern: new RegExp(`^${path.replace(PARAMETER_PATTERN, "[^/]+")}/?$`),
  }));
  return {
    allowed: (pathname) => patterns.filter(({ pattern }) => pattern.test(pathname)).flatMap(({ methods }) => methods),
  };
}
