// How long reads take while full blocks are built and committed: the reason for the threads. For each route the median, the
// longest, and the 99th percentile beside its limit of 20 ms.

import { useCryptoBackend } from "../src/core/crypto/index.ts";
import type { Hash } from "../src/core/primitives/index.ts";
import { createSigningDomain } from "../src/core/protocol/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { signedTransfer } from "../test/support/chainFixture.ts";
import type { ProbeReport } from "./latencyProbe.ts";
import { type BenchAccount, benchAccounts } from "./support/accounts.ts";
import { startAureon } from "./support/aureon.ts";
import { type Figure, progress, publish } from "./support/figures.ts";
import { startLoad } from "./support/load.ts";

const LIMIT_MS = 20;
const CLIENTS = 64;
const TRANSFERS_EACH = Math.ceil(Number(process.env.TRANSFERS ?? 24_000) / CLIENTS);
// The last blocks are made after the last submission.
const AFTER_MS = 3000;

function bodiesOf(accounts: readonly BenchAccount[], genesisHash: Hash): string[][] {
  const domain = createSigningDomain(genesisHash);
  return accounts.map((sender, index) => {
    const to = (accounts[(index + 1) % accounts.length] as BenchAccount).address;
    return Array.from({ length: TRANSFERS_EACH }, (_, nonce) => {
      const { transaction, signature } = signedTransfer({ sender, to, amount: 1, nonce, domain });
      return JSON.stringify({ ...transaction, signature });
    });
  });
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function figure(route: string, latenciesMs: readonly number[]): Figure {
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const p99 = quantile(sorted, 0.99);
  const [median, longest] = [quantile(sorted, 0.5), sorted.at(-1) ?? Number.NaN].map((ms) => ms.toFixed(1));
  return {
    what: `${route}, ${sorted.length} times`,
    measured: `99 % within ${p99.toFixed(1)} ms; median ${median}, longest ${longest}`,
    beside: `limit ${LIMIT_MS} ms`,
    ratio: p99 / LIMIT_MS,
    aim: { atMost: 1 },
  };
}

useCryptoBackend(chooseCryptoBackend().backend);
const accounts = benchAccounts(CLIENTS);
const node = await startAureon({ accounts: accounts.map(({ address }) => address), mode: "blocks" });
try {
  const { url, port } = node;
  const { chain } = (await (await fetch(`${url}/chain/info`)).json()) as { chain: { genesisHash: Hash } };
  progress(`signing ${TRANSFERS_EACH * CLIENTS} transfers`);
  const load = await startLoad({ port, path: "/submit-tx", phases: [bodiesOf(accounts, chain.genesisHash)] });
  const probe = new Worker(new URL("./latencyProbe.ts", import.meta.url).href);
  const report = new Promise<ProbeReport>((done) => {
    probe.onmessage = (event: MessageEvent<ProbeReport>) => done(event.data);
  });
  probe.postMessage({ url, address: accounts[0]?.address });
  await load.runPhase();
  await load.stop();
  await Bun.sleep(AFTER_MS);
  probe.postMessage("stop");
  const { latenciesMs, transactionsMax, height } = await report;
  probe.terminate();
  publish({
    title: "Latency of reads while blocks are made",
    figures: Object.entries(latenciesMs).map(([route, latencies]) => figure(route, latencies)),
    notes: [
      `${CLIENTS} clients send ${(TRANSFERS_EACH * CLIENTS).toLocaleString("en-US")} transfers meanwhile, as fast as they are taken; ${height} blocks were made, the largest of ${transactionsMax.toLocaleString("en-US")} transactions.`,
      "The clients and what asks share the cores with the node, so the figures hold their waiting for a core as well.",
    ],
  });
} finally {
  await node.stop();
}
