// The address of the node that a command asks: --url, --port, or where a node on this machine serves.

import type { Environment } from "../config/index.ts";
import type { Invocation } from "./parse.ts";

const PORT_DEFAULT = "8080";
const PORT_PATTERN = /^[1-9][0-9]{0,4}$/;
const PORT_MAX = 65_535;

export type NodeUrl = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly message: string };

export function isPort(text: string): boolean {
  return PORT_PATTERN.test(text) && Number(text) <= PORT_MAX;
}

export function nodeUrl(invocation: Invocation, environment: Environment): NodeUrl {
  const given = invocation.value("url");
  const port = invocation.value("port");
  if (given !== undefined && port !== undefined) return { ok: false, message: "expected one of --url and --port" };
  if (port !== undefined && !isPort(port)) {
    return { ok: false, message: `--port is "${port}"; expected an integer from 1 to ${PORT_MAX}` };
  }
  const set = environment.AUREON_API_PORT;
  const local = port ?? (set !== undefined && isPort(set) ? set : PORT_DEFAULT);
  const url = URL.parse(given ?? `http://127.0.0.1:${local}`);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return { ok: false, message: `--url is "${given}"; expected http://host:port` };
  }
  return { ok: true, url };
}
