// The compiled node as a black box: started in a fresh folder on a free port, waited for, and taken away again.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const READY_TIMEOUT_MS = 20_000;
const READY_INTERVAL_MS = 10;
const STOP_TIMEOUT_MS = 5_000;
/** Of a process that has ended: Bun misses the end of a pipe now and then when the tests have had thousands of sockets. */
const LAST_OUTPUT_TIMEOUT_MS = 1_000;

export interface RunningBinary {
  /** Of the REST API. */
  readonly url: string;
  readonly port: number;
  readonly datadir: string;
  readonly pid: number;
  /** Standard output and error so far. */
  output(): string;
  /** Ends the process at once and keeps the data folder, which `startBinary` can be given again. */
  kill(): Promise<void>;
  /** Ends the process in good order, by force when that takes too long, and removes the folder if it was made here. */
  stop(): Promise<void>;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number>;
}

/** The executable: AUREON_BINARY, else what `bun run build` writes. */
function binaryPath(): string {
  const path = resolve(process.env.AUREON_BINARY ?? "dist/aureon");
  if (!existsSync(path)) throw new RangeError(`${path} is not there; build it with: bun run build`);
  return path;
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = server;
  server.stop(true);
  return port;
}

/** What a test's node has of its own, so that it takes no port that another one, or the machine's user, has. */
export const ISOLATED_ENVIRONMENT = {
  AUREON_API_WEBSOCKET_ENABLED: "false",
  AUREON_NETWORK_LISTEN_ADDR: "127.0.0.1",
  AUREON_NETWORK_LISTEN_PORT: "0",
} as const;

/** Settings of whoever runs the tests must not reach the node. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AUREON_"));
  return { ...Object.fromEntries(inherited), ...ISOLATED_ENVIRONMENT, ...extra };
}

async function collect(stream: ReadableStream<Uint8Array>, append: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) append(decoder.decode(chunk, { stream: true }));
}

/** Waits until the node answers 200 to `path`. @throws RangeError when it ends before that or takes too long */
export async function untilReady(options: {
  url: string;
  /** `/readiness` when absent. */
  path?: string;
  hasEnded: () => boolean;
  output: () => string;
  timeoutMs?: number;
}): Promise<void> {
  const deadlineMs = performance.now() + (options.timeoutMs ?? READY_TIMEOUT_MS);
  for (;;) {
    const isReady = await fetch(`${options.url}${options.path ?? "/readiness"}`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    if (options.hasEnded() || performance.now() > deadlineMs) {
      throw new RangeError(`the node did not get ready; its output was:\n${options.output()}`);
    }
    await Bun.sleep(READY_INTERVAL_MS);
  }
}

/**
 * Starts the executable and waits until it is ready.
 * @param options.command with its flags but for `--datadir` and `--port`; `dev` when absent
 * @param options.datadir kept when given, else a new one that `stop` removes
 * @param options.listenPort on which it takes other nodes; any free one when absent, whatever its configuration says
 */
export async function startBinary(
  options: {
    readonly command?: readonly string[];
    readonly datadir?: string;
    readonly listenPort?: number;
    readonly env?: Readonly<Record<string, string>>;
    /** The route that answers 200 once the test may go on; `/readiness` when absent. */
    readonly waitFor?: "/liveness" | "/readiness";
    /** Another executable than the one that the tests are about. */
    readonly binary?: string;
    readonly readyTimeoutMs?: number;
  } = {},
): Promise<RunningBinary> {
  const folder = options.datadir === undefined ? mkdtempSync(join(tmpdir(), "aureon-test-")) : undefined;
  const datadir = options.datadir ?? join(folder as string, "data");
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const { listenPort = 0, env = {}, readyTimeoutMs: timeoutMs = READY_TIMEOUT_MS } = options;
  const command = [
    options.binary ?? binaryPath(),
    ...(options.command ?? ["dev"]),
    "--datadir",
    datadir,
    "--port",
    String(port),
  ];
  const child = Bun.spawn(command, {
    cwd: folder ?? datadir,
    env: cleanEnvironment({ AUREON_NETWORK_LISTEN_PORT: String(listenPort), ...env }),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  const collected = [child.stdout, child.stderr].map((stream) =>
    collect(stream, (chunk) => {
      text += chunk;
    }),
  );

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await child.exited;
    clearTimeout(timer);
    await Promise.race([Promise.all(collected), Bun.sleep(LAST_OUTPUT_TIMEOUT_MS)]);
  }

  const running: RunningBinary = {
    url,
    port,
    datadir,
    pid: child.pid,
    output: () => text,
    kill: () => end("SIGKILL"),
    stop: async () => {
      await end("SIGTERM");
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
    exited: child.exited,
  };
  try {
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    await untilReady({ url, path: options.waitFor ?? "/readiness", hasEnded, output: () => text, timeoutMs });
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}
