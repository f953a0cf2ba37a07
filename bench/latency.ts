// How long reads take while full blocks are built and committed: the reason for the threads. Prints each route's median,
// 99th percentile and maximum, and the ratio of the 99th percentile to its limit of 20 ms.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DEVELOPMENT_ACCOUNTS, type DevelopmentAccount } from "../src/app/config/index.ts";
import { type Hash, hexToBytes } from "../src/core/primitives/index.ts";
import { createSigningDomain } from "../src/core/protocol/index.ts";
import { signedTransfer } from "../test/support/chainFixture.ts";
import type { ProbeReport } from "./latencyProbe.ts";

const LIMIT_MS = 20;
const TRANSFERS = Number(process.env.TRANSFERS ?? 24_000);
const CLIENTS = 64;
const READY_MS_MAX = 10_000;
const binary = resolve(process.env.AUREON_BINARY ?? "dist/aureon");

// About one block in two seconds: long enough for the mempool to fill one.
const CONFIG = (port: number) => `
[consensus]
pow_difficulty = 2
pow_retarget = false
[genesis]
chain_name = "latency"
development = true
timestamp_ms = ${Date.now()}
[state.accounts]
${DEVELOPMENT_ACCOUNTS.map(({ address }) => `"${address}" = 1000000000`).join("\n")}
[mining]
hash_rate_limit = 128
[mempool]
count_max = 100000
per_account_max = 100000
[api]
port = ${port}
websocket_enabled = false
[logging]
level = "warn"
`;

async function untilReady(url: string): Promise<void> {
  const deadlineMs = performance.now() + READY_MS_MAX;
  while (performance.now() < deadlineMs) {
    if (
      await fetch(`${url}/readiness`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await Bun.sleep(5);
  }
  throw new Error("the node did not get ready");
}

function signAll(genesisHash: Hash): string[] {
  const domain = createSigningDomain(genesisHash);
  return Array.from({ length: TRANSFERS }, (_, index) => {
    const account = DEVELOPMENT_ACCOUNTS[index % DEVELOPMENT_ACCOUNTS.length] as DevelopmentAccount;
    const to = (DEVELOPMENT_ACCOUNTS[(index + 1) % DEVELOPMENT_ACCOUNTS.length] as DevelopmentAccount).address;
    const nonce = Math.floor(index / DEVELOPMENT_ACCOUNTS.length);
    const sender = { address: account.address, secretKey: hexToBytes(account.secretKey) };
    const { transaction, signature } = signedTransfer({ sender, to, amount: 1, nonce, domain });
    return JSON.stringify({ ...transaction, signature });
  });
}

async function submitAll(url: string, bodies: readonly string[]): Promise<number[]> {
  const latenciesMs: number[] = [];
  let next = 0;
  const client = async () => {
    for (let index = next++; index < bodies.length; index = next++) {
      const startedMs = performance.now();
      const answer = await fetch(`${url}/submit-tx`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: bodies[index] as string,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      latenciesMs.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return latenciesMs;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function row(name: string, latenciesMs: readonly number[]): string {
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const p99 = quantile(sorted, 0.99);
  const figures = [quantile(sorted, 0.5), p99, sorted.at(-1) ?? Number.NaN].map((ms) => ms.toFixed(2).padStart(8));
  return `${name.padEnd(22)} ${String(sorted.length).padStart(7)} ${figures.join(" ")} ${(p99 / LIMIT_MS).toFixed(2).padStart(7)}`;
}

const folder = mkdtempSync(join(tmpdir(), "aureon-bench-"));
const probeServer = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
const { port } = probeServer;
probeServer.stop(true);
const configPath = join(folder, "config.toml");
await Bun.write(configPath, CONFIG(port));
const url = `http://127.0.0.1:${port}`;
const child = Bun.spawn([binary, "start", "--config", configPath, "--datadir", folder], {
  stdout: "ignore",
  stderr: "inherit",
});
try {
  await untilReady(url);
  const { chain } = (await (await fetch(`${url}/chain/info`)).json()) as { chain: { genesisHash: Hash } };
  const bodies = signAll(chain.genesisHash);
  const probe = new Worker(new URL("./latencyProbe.ts", import.meta.url).href);
  const report = new Promise<ProbeReport>((done) => {
    probe.onmessage = (event: MessageEvent<ProbeReport>) => done(event.data);
  });
  probe.postMessage({ url, address: (DEVELOPMENT_ACCOUNTS[0] as DevelopmentAccount).address });
  const submitMs = await submitAll(url, bodies);
  await Bun.sleep(5000);
  probe.postMessage("stop");
  const { latenciesMs, transactionsMax, height } = await report;
  probe.terminate();
  console.log(
    `height ${height}, largest block ${transactionsMax} transactions, ${TRANSFERS} transfers, ${CLIENTS} clients`,
  );
  console.log(
    `${"route".padEnd(22)} ${"count".padStart(7)} ${"p50 ms".padStart(8)} ${"p99 ms".padStart(8)} ${"max ms".padStart(8)} p99/20ms`,
  );
  for (const [route, latencies] of Object.entries(latenciesMs)) console.log(row(route, latencies));
  console.log(row("POST /submit-tx", submitMs));
} finally {
  child.kill("SIGTERM");
  await child.exited;
  rmSync(folder, { recursive: true, force: true });
}
