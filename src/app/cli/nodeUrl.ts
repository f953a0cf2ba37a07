// The address of the node that a command asks: --url; --port and --datadir; or where a node on this machine serves.

import { join } from "node:path";
import type { CommandContext } from "./context.ts";

const PORT_DEFAULT = "8080";
const PORT_PATTERN = /^[1-9][0-9]{0,4}$/;
const PORT_MAX = 65_535;
const THIS_MACHINE = "127.0.0.1";
// A server that listens on every address of its machine is asked at the loopback one.
const LOOPBACK_OF_ANY: ReadonlyMap<string, string> = new Map([
  ["0.0.0.0", THIS_MACHINE],
  ["::", "::1"],
]);

export type NodeUrl = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly message: string };

export function isPort(text: string): boolean {
  return PORT_PATTERN.test(text) && Number(text) <= PORT_MAX;
}

function urlOf(host: string, port: number | string): NodeUrl {
  const reachable = LOOPBACK_OF_ANY.get(host) ?? host;
  return { ok: true, url: new URL(`http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`) };
}

/** Where the node of a data folder serves, by the sources of configuration that `start` has too. */
async function urlOfDatadir(context: CommandContext, datadir: string): Promise<NodeUrl> {
  // Only this way needs the configuration, and a health probe that does not take it runs every few seconds.
  const { CONFIG_FILE_NAME, readConfiguration } = await import("./configuration.ts");
  const fileName = join(datadir, CONFIG_FILE_NAME);
  const read = readConfiguration(context, fileName);
  if (!read.ok) return read;
  const { api } = read.value.config;
  if (!api.enabled) return { ok: false, message: `the node of ${fileName} serves no API: api.enabled is false` };
  if (api.port === 0) {
    return { ok: false, message: `api.port is 0 in ${fileName}, any free port; give the one it has with --port` };
  }
  return urlOf(api.host, api.port);
}

export async function nodeUrl(context: CommandContext): Promise<NodeUrl> {
  const { invocation, environment } = context;
  const given = invocation.value("url");
  const port = invocation.value("port");
  const datadir = invocation.value("datadir");
  if (given !== undefined) {
    if (port !== undefined || datadir !== undefined) {
      return { ok: false, message: "--url alone says where the node is; expected it without --port and --datadir" };
    }
    const url = URL.parse(given);
    return url !== null && (url.protocol === "http:" || url.protocol === "https:")
      ? { ok: true, url }
      : { ok: false, message: `--url is "${given}"; expected http://host:port` };
  }
  if (port !== undefined && !isPort(port)) {
    return { ok: false, message: `--port is "${port}"; expected an integer from 1 to ${PORT_MAX}` };
  }
  if (datadir !== undefined) return await urlOfDatadir(context, datadir);
  const set = environment.AUREON_API_PORT;
  return urlOf(THIS_MACHINE, port ?? (set !== undefined && isPort(set) ? set : PORT_DEFAULT));
}
