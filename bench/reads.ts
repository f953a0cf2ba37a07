// Reads a second beside a bare Elysia route that answers the same JSON as a constant, in an executable built the same way.
// Under wrk where it is installed (apt-get install wrk), else under a Bun process.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useCryptoBackend } from "../src/core/crypto/index.ts";
import type { Hash } from "../src/core/primitives/index.ts";
import { createSigningDomain } from "../src/core/protocol/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { freePort } from "../test/support/binary.ts";
import { signedTransfer } from "../test/support/chainFixture.ts";
import { type BenchAccount, benchAccounts } from "./support/accounts.ts";
import { startAureon } from "./support/aureon.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { canReadProcesses, processorMs } from "./support/processor.ts";

const CONNECTIONS = 32;
const SECONDS = 1;
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const READY_TIMEOUT_MS = 5000;
const AIM_OF_BARE = 0.8;
const wrk = Bun.which("wrk");

interface Route {
  /** As the bare server declares it. */
  readonly pattern: string;
  readonly path: string;
  readonly aim?: Figure["aim"];
}

interface Server {
  readonly port: number;
  readonly pid: number;
}

interface Rate {
  readonly perSecond: number;
  /** Processor time of the server for one answer; not a number where it can't be read. */
  readonly processorUs: number;
}

/** Of one round: the node's and the bare server's. */
interface Rates {
  readonly own: Rate;
  readonly bare: Rate;
}

function byRatio(left: Rates, right: Rates): number {
  return left.own.perSecond / left.bare.perSecond - right.own.perSecond / right.bare.perSecond;
}

/** Answers a second of one route of one server. */
async function rateOf({ port, pid }: Server, path: string): Promise<Rate> {
  const url = `http://127.0.0.1:${port}${path}`;
  const beforeMs = canReadProcesses ? processorMs(pid) : Number.NaN;
  const command =
    wrk === null
      ? [
          process.execPath,
          join(import.meta.dir, "readGenerator.ts"),
          String(port),
          path,
          `${CONNECTIONS}`,
          `${SECONDS}`,
        ]
      : [wrk, "-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, url];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(child.stdout).text();
  if (text.includes("Non-2xx")) throw new RangeError(`${url} refused requests:\n${text}`);
  const usedMs = canReadProcesses ? processorMs(pid) - beforeMs : Number.NaN;
  const perSecond = Number(wrk === null ? text : /Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  if (!(perSecond > 0)) throw new RangeError(`the load generator said:\n${text}`);
  return { perSecond, processorUs: (usedMs * 1000) / (perSecond * SECONDS) };
}

async function untilAnswers(url: string): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const isThere = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isThere) return;
    if (performance.now() > deadlineMs) throw new RangeError(`${url} does not answer`);
    await Bun.sleep(10);
  }
}

/** Builds the bare server as `bun run build` builds the node, and starts it. */
async function startBare(answers: Readonly<Record<string, unknown>>): Promise<Server & { stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "aureon-bare-"));
  const outfile = join(folder, "bare");
  await Bun.build({
    entrypoints: [join(import.meta.dir, "bareServer.ts")],
    target: "bun",
    format: "esm",
    bytecode: true,
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    compile: { outfile },
  });
  const port = freePort();
  const env = { ...process.env, PORT: String(port), BARE_ANSWERS: JSON.stringify(answers) };
  const child = Bun.spawn([outfile], { env, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  return {
    port,
    pid: child.pid,
    stop: async () => {
      child.kill();
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function includeOne(url: string, [sender, receiver]: readonly BenchAccount[]): Promise<Hash> {
  if (sender === undefined || receiver === undefined) throw new RangeError("two accounts are needed");
  const { chain } = (await (await fetch(`${url}/chain/info`)).json()) as { chain: { genesisHash: Hash } };
  const domain = createSigningDomain(chain.genesisHash);
  const signed = signedTransfer({ sender, to: receiver.address, amount: 1, nonce: 0, domain });
  const answer = await fetch(`${url}/submit-tx?wait=included`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...signed.transaction, signature: signed.signature }),
  });
  if (!answer.ok) throw new RangeError(await answer.text());
  return signed.hash;
}

useCryptoBackend(chooseCryptoBackend().backend);
const accounts = benchAccounts(2);
const node = await startAureon({ accounts: accounts.map(({ address }) => address), mode: "onDemand" });
try {
  const hash = await includeOne(node.url, accounts);
  const routes: readonly Route[] = [
    { pattern: "/balance/:address", path: `/balance/${accounts[0]?.address}`, aim: { atLeast: AIM_OF_BARE } },
    { pattern: "/chain/head", path: "/chain/head" },
    { pattern: "/tx/:hash", path: `/tx/${hash}` },
  ];
  const constants = await Promise.all(
    routes.map(async ({ pattern, path }) => [pattern, await (await fetch(`${node.url}${path}`)).json()] as const),
  );
  const bare = await startBare(Object.fromEntries(constants));
  try {
    await untilAnswers(`http://127.0.0.1:${bare.port}/chain/head`);
    const figures: Figure[] = [];
    for (const { pattern, path, aim } of routes) {
      const rates: Rates[] = [];
      // In turns, so that other work on the machine meets both.
      for (let round = 0; round < ROUNDS; round++) {
        rates.push({ own: await rateOf(node, path), bare: await rateOf(bare, path) });
      }
      progress(
        `${pattern}: ${rates.map((rate) => `${rate.own.perSecond.toFixed(0)}/${rate.bare.perSecond.toFixed(0)}`).join(" ")}`,
      );
      const middle = rates.toSorted(byRatio)[rates.length >> 1] as Rates;
      figures.push({
        what: `GET ${pattern}`,
        measured: `${readable(middle.own.perSecond)} a second`,
        beside: `bare Elysia ${readable(middle.bare.perSecond)} a second`,
        ratio: middle.own.perSecond / middle.bare.perSecond,
        ...(aim === undefined ? {} : { aim }),
      });
      if (!canReadProcesses) continue;
      const leastUs = (of: keyof Rates) => Math.min(...rates.map((rate) => rate[of].processorUs));
      const [own, other] = [leastUs("own"), leastUs("bare")];
      figures.push({
        what: `GET ${pattern}: processor time for one, bare over own`,
        measured: `${readable(own)} us`,
        beside: `bare Elysia ${readable(other)} us`,
        ratio: other / own,
        ...(aim === undefined ? {} : { aim }),
      });
    }
    publish({
      title: "Reads over HTTP",
      figures,
      notes: [
        `${wrk === null ? "A Bun process, since wrk is not installed" : "wrk, one thread"}, ${CONNECTIONS} connections; node and bare server in turns, ${ROUNDS} rounds of ${SECONDS} s each, of which the one with the middle ratio is shown.`,
        "The bare server answers the same JSON from a constant, so the difference is what the node does for an answer.",
        "The processor time is the least of all rounds. It tells the ratio also where the load generator is short of a core.",
      ],
    });
  } finally {
    await bare.stop();
  }
} finally {
  await node.stop();
}
