// Puts the API on a socket.

import { accept, type Result, refuse } from "../../core/primitives/index.ts";
import { type ApiOptions, createApi } from "./createApi.ts";

export interface RunningApi {
  /** Where this machine reaches the API. */
  readonly url: string;
  readonly port: number;
  /** Ends open requests after a short grace, and frees the port. */
  stop(): Promise<void>;
}

export type ListenCode = "port_in_use" | "listen_failed";

const IDLE_TIMEOUT_SECONDS = 30;
const STOP_GRACE_MS = 1000;
// Bodies that are too large are refused by the routes, whose answer is JSON like all others.
const BODY_SIZE_BYTES_LIMIT = Number.MAX_SAFE_INTEGER;
const ANY_ADDRESS: readonly string[] = ["0.0.0.0", "::"];

function urlOf(host: string, port: number): string {
  const name = ANY_ADDRESS.includes(host) ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function listenRefusal(error: unknown, address: { host: string; port: number }) {
  const { host, port } = address;
  const code = (error as { code?: unknown }).code;
  if (code === "EADDRINUSE") {
    return refuse("port_in_use", `port ${port} on ${host} is in use by another process; set another [api] port`, {
      host,
      port,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return refuse("listen_failed", `the API cannot listen on ${host}, port ${port}: ${reason}`, { host, port });
}

/** @param options.port 0 for any free one */
export function startApi(options: ApiOptions & { readonly port: number }): Result<RunningApi, ListenCode> {
  const { host } = options.config;
  const app = createApi(options);
  try {
    app.listen({
      hostname: host,
      port: options.port,
      // Otherwise a second node would take half of the first one's requests instead of failing.
      reusePort: false,
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      maxRequestBodySize: BODY_SIZE_BYTES_LIMIT,
      // Bun's page for a fault shows pieces of the program.
      development: false,
    });
  } catch (error) {
    return listenRefusal(error, { host, port: options.port });
  }
  const { server } = app;
  const port = server?.port ?? options.port;
  return accept({
    url: urlOf(host, port),
    port,
    stop: async () => {
      const ended = server?.stop(false);
      const grace = new Promise((resolve) => {
        setTimeout(resolve, STOP_GRACE_MS).unref();
      });
      await Promise.race([ended, grace]);
      await server?.stop(true);
    },
  });
}
