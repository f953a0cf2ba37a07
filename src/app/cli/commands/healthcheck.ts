// `aureon healthcheck`: the probe for containers, which have no curl.

import { type Command, failAtRuntime, refuseUsage } from "../context.ts";
import { EXIT_CODES } from "../exitCodes.ts";
import { isPort, nodeUrl } from "../nodeUrl.ts";

const TIMEOUT_MS_DEFAULT = 3000;
const TIMEOUT_MS_MAX = 600_000;
const LIVENESS_PATH = "/liveness";

/** Why the target is not alive; undefined when it is. */
type Verdict = string | undefined;

async function askHttp(url: URL, timeoutMs: number): Promise<Verdict> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    return response.status === 200 ? undefined : `${url.href} answered ${response.status}`;
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return `${url.href} did not answer within ${timeoutMs} ms`;
    }
    return `${url.href} can't be reached`;
  }
}

async function tryTcp(options: { host: string; port: number; timeoutMs: number }): Promise<Verdict> {
  // The usual probe goes over fetch and does without the module.
  const { connect } = await import("node:net");
  const { host, port, timeoutMs } = options;
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const socket = connect({ host, port });
  const timer = setTimeout(() => resolve(`${host}:${port} did not answer within ${timeoutMs} ms`), timeoutMs);
  socket.once("connect", () => resolve(undefined));
  socket.once("error", () => resolve(`${host}:${port} can't be reached`));
  return await promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

function parseTarget(text: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):([0-9]+)$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3];
  return host === undefined || port === undefined || !isPort(port) ? undefined : { host, port: Number(port) };
}

export const healthcheck: Command = async (context) => {
  const { invocation, dependencies } = context;
  const timeoutText = invocation.value("timeout-ms") ?? String(TIMEOUT_MS_DEFAULT);
  const timeoutMs = /^[1-9][0-9]{0,6}$/.test(timeoutText) ? Number(timeoutText) : 0;
  if (timeoutMs === 0 || timeoutMs > TIMEOUT_MS_MAX) {
    return refuseUsage(
      dependencies,
      `--timeout-ms is "${timeoutText}"; expected an integer from 1 to ${TIMEOUT_MS_MAX}`,
    );
  }
  const tcp = invocation.value("tcp");
  if (tcp !== undefined && ["url", "port", "datadir"].some(invocation.has)) {
    return refuseUsage(
      dependencies,
      "--tcp alone says what to connect to; expected it without --url, --port and --datadir",
    );
  }
  let verdict: Verdict;
  if (tcp === undefined) {
    const target = await nodeUrl(context);
    if (!target.ok) return refuseUsage(dependencies, target.message);
    const { url } = target;
    if (url.pathname === "/") url.pathname = LIVENESS_PATH;
    verdict = await askHttp(url, timeoutMs);
  } else {
    const target = parseTarget(tcp);
    if (target === undefined) return refuseUsage(dependencies, `--tcp is "${tcp}"; expected host:port`);
    verdict = await tryTcp({ ...target, timeoutMs });
  }
  if (verdict !== undefined) return failAtRuntime(dependencies, verdict);
  dependencies.stdout("alive\n");
  return EXIT_CODES.ok;
};
