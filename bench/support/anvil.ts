// Anvil, the development node of Foundry, as the peer that benchmarks measure beside: in memory, without limits on its
// blocks.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface RunningAnvil {
  readonly port: number;
  readonly pid: number;
  rpc<Value>(method: string, params: readonly unknown[]): Promise<Value>;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 10_000;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The executable that the package for this platform carries; undefined where there is none. */
function anvilPath(): string | undefined {
  const require = createRequire(import.meta.url);
  const ownFolder = dirname(require.resolve("@foundry-rs/anvil/package.json"));
  const platform = `anvil-${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  try {
    return join(dirname(require.resolve(`${ownFolder}/../${platform}/package.json`)), "bin", "anvil");
  } catch {
    return undefined;
  }
}

/** @returns undefined where Anvil is not installed for this platform */
export async function startAnvil(options: {
  port: number;
  accounts: number;
  flags: readonly string[];
}): Promise<RunningAnvil | undefined> {
  const path = anvilPath();
  if (path === undefined) return undefined;
  const { port, accounts, flags } = options;
  const common = ["--port", String(port), "--accounts", String(accounts), "--gas-limit", "1000000000", "--silent"];
  const child = Bun.spawn([path, ...common, ...flags], { stdin: "ignore", stdout: "ignore", stderr: "inherit" });
  const rpc = async <Value>(method: string, params: readonly unknown[]): Promise<Value> => {
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return ((await answer.json()) as { result: Value }).result;
  };
  const stop = async () => {
    child.kill();
    await child.exited;
  };
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const isReady = await rpc("eth_chainId", []).then(
      () => true,
      () => false,
    );
    if (isReady) return { port, pid: child.pid, rpc, stop };
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await stop();
      throw new RangeError("Anvil did not get ready");
    }
    await Bun.sleep(10);
  }
}
