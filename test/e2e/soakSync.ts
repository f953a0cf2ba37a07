// A campaign: compiled nodes are killed with SIGKILL at random moments while they sync, and while they go over to a better
// branch, and are started again. After each death a copy of the database is checked by itself. Run by `make soak-sync`;
// `--rounds`, `--seed`, `--binary`.
//
// Dangers it goes after: half a block, or half a branch; a root that is not that of the state; money that came from nowhere;
// a folder that does not open again, or has to be removed before the node catches up; a node that ends on the worse branch.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createClient } from "../../src/client/index.ts";
import { useCryptoBackend } from "../../src/core/crypto/index.ts";
import type { Height } from "../../src/core/primitives/index.ts";
import { chooseCryptoBackend } from "../../src/io/crypto/index.ts";
import { freePort, type RunningBinary, startBinary } from "../support/binary.ts";
import { TEST_BALANCE, testAccount, testAccounts } from "../support/chainFixture.ts";
import { until } from "../support/cluster.ts";
import { type PreparedChain, prepareChain } from "../support/preparedChain.ts";
import { createRandom } from "../support/random.ts";
import { createTcpLink } from "../support/tcpLink.ts";
import { verifyState, withDatabaseCopy } from "../support/verifyChain.ts";

const SYNC_BLOCKS = 2000;
const FORK_HEIGHT = 300;
/** Both branches are longer than a step of import and shorter than what a node takes back. */
const WORSE_BLOCKS = 150;
const BETTER_BLOCKS = 220;
const TRANSACTIONS_PER_BLOCK = 5;
const REPORT_ROUNDS = 20;
const CATCH_UP_MS_MAX = 60_000;
/** A sync takes about so long, and so does a reorganization once the nodes have met. */
const SYNC_MS = 1500;
const REORGANIZATION_MS = 700;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    binary: { type: "string" },
  },
});
if (values.binary !== undefined) process.env.AUREON_BINARY = values.binary;
const rounds = Number(values.rounds);
const random = createRandom(Number(values.seed));
const chance = (one: number) => random() * one < 1;
const folder = mkdtempSync(join(tmpdir(), "aureon-soak-sync-"));
const problems: string[] = [];
const deaths = { starting: 0, syncing: 0, synced: 0, before: 0, after: 0, better: 0 };
const SUPPLY = testAccounts.length * TEST_BALANCE;

function prepare(name: string, options: Omit<Parameters<typeof prepareChain>[0], "datadir" | "transactionsPerBlock">) {
  const datadir = join(folder, name);
  mkdirSync(datadir);
  return prepareChain({ datadir, transactionsPerBlock: TRANSACTIONS_PER_BLOCK, ...options });
}

async function heightOf(node: RunningBinary): Promise<number | undefined> {
  const head = await createClient({ url: node.url }).head();
  return head.ok ? head.value.height : undefined;
}

async function untilHead(node: RunningBinary, hash: string, round: number): Promise<void> {
  const client = createClient({ url: node.url });
  const isThere = async () => {
    const head = await client.head();
    return head.ok && head.value.hash === hash;
  };
  await until("the better head", isThere, CATCH_UP_MS_MAX).catch(() => {
    problems.push(`round ${round}: the node has not caught up; its output ends with:\n${node.output().slice(-2000)}`);
  });
}

/** The chain that the database of a dead node has: one of those that it may have, as a whole. Undefined for none yet. */
function checkDatabase(datadir: string, chains: readonly PreparedChain[], round: number): PreparedChain | undefined {
  return withDatabaseCopy(join(datadir, "chain", "chain.sqlite"), (store) => {
    const head = store.head();
    if (head === undefined) return undefined;
    const findings = verifyState(store);
    problems.push(...findings.problems.map((problem) => `round ${round}: ${problem}`));
    if (findings.supply !== SUPPLY) problems.push(`round ${round}: the supply is ${findings.supply}, not ${SUPPLY}`);
    const chain = chains.find(({ hashes }) => hashes[head.height] === head.hash);
    if (chain === undefined) problems.push(`round ${round}: the head ${head.hash} is on no chain that there is`);
    for (let height = 0; chain !== undefined && height <= head.height; height++) {
      if (store.hashAt(height as Height) === chain.hashes[height]) continue;
      problems.push(`round ${round}: block ${height} is not on the branch of the head at ${head.height}`);
      break;
    }
    return chain;
  });
}

const common = { proposerOf: () => testAccount(9) };
const branch = (account: number) => (height: number) => testAccount(height > FORK_HEIGHT ? account : 9);

useCryptoBackend(chooseCryptoBackend().backend);
console.log(`sync campaign: ${rounds} rounds, seed ${values.seed}`);
const long = prepare("long", { blocks: SYNC_BLOCKS, ...common });
const better = prepare("better", { blocks: FORK_HEIGHT + BETTER_BLOCKS, proposerOf: branch(8) });
const { timestampMs } = better;
const worse = prepare("worse", { blocks: FORK_HEIGHT + WORSE_BLOCKS, proposerOf: branch(7), timestampMs });

const longPort = freePort();
const startServer = () => startBinary({ command: ["start"], datadir: join(folder, "long"), listenPort: longPort });
let server = await startServer();
const joining = join(folder, "joining");
mkdirSync(joining);
const peers = (port: number) => `\n[network]\nbootstrap_peers = ["127.0.0.1:${port}"]\n`;
writeFileSync(join(joining, "config.toml"), long.configuration + peers(longPort));
const startJoining = () => startBinary({ command: ["start"], datadir: joining, waitFor: "/liveness" });
const wipe = () => rmSync(join(joining, "chain"), { recursive: true, force: true });

async function runSyncRound(round: number): Promise<void> {
  const node = await startJoining();
  // The moment of death is the point of the campaign, so here time itself is what is waited for.
  await Bun.sleep(Math.floor(random() * SYNC_MS));
  const height = await heightOf(node);
  await node.kill();
  deaths[height === undefined || height === 0 ? "starting" : height < SYNC_BLOCKS ? "syncing" : "synced"]++;
  checkDatabase(joining, [long], round);
  if (height !== SYNC_BLOCKS && !chance(3)) return;
  const again = await startJoining();
  await untilHead(again, long.headHash, round);
  await again.stop();
  wipe();
}

async function runReorganizationRound(round: number): Promise<void> {
  const [worseDir, betterDir] = ["worse", "better"].map((name) => {
    const datadir = join(folder, `${name}-${round}`);
    cpSync(join(folder, name), datadir, { recursive: true });
    return datadir;
  }) as [string, string];
  const listenPort = freePort();
  const link = await createTcpLink({ targetPort: listenPort });
  link.cut();
  writeFileSync(join(worseDir, "config.toml"), worse.configuration + peers(link.port));
  const startBetter = () => startBinary({ command: ["start"], datadir: betterDir, listenPort });
  const startWorse = () => startBinary({ command: ["start"], datadir: worseDir, waitFor: "/liveness" });
  let [left, right] = await Promise.all([startWorse(), startBetter()]);
  link.heal();
  await until("a connection", async () => left.output().includes("peer connected"), CATCH_UP_MS_MAX);
  await Bun.sleep(Math.floor(random() * REORGANIZATION_MS));
  if (chance(4)) {
    await right.kill();
    deaths.better++;
    if (checkDatabase(betterDir, [better], round) !== better)
      problems.push(`round ${round}: the better branch is lost`);
    right = await startBetter();
  } else {
    await left.kill();
    deaths[checkDatabase(worseDir, [better, worse], round) === better ? "after" : "before"]++;
    left = await startWorse();
  }
  await untilHead(left, better.headHash, round);
  await Promise.all([left.stop(), right.stop(), link.close()]);
  if (checkDatabase(worseDir, [better], round) !== better) problems.push(`round ${round}: it ends on the worse branch`);
  for (const datadir of [worseDir, betterDir]) rmSync(datadir, { recursive: true });
}

const startedMs = performance.now();
for (let round = 1; round <= rounds && problems.length === 0; round++) {
  await (chance(3) ? runReorganizationRound(round) : runSyncRound(round));
  if (round % REPORT_ROUNDS > 0) continue;
  // Who comes back every other second for minutes is banned (docs/spec/handshake-and-peers.md, short_connection); a node
  // that was started again remembers no points.
  await server.stop();
  server = await startServer();
  console.log(`round ${round}: deaths ${JSON.stringify(deaths)}`);
}
const last = await startJoining();
await untilHead(last, long.headHash, rounds);
await Promise.all([last.stop(), server.stop()]);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
for (const problem of problems.slice(0, 20)) console.error(problem);
console.log(`${rounds} rounds in ${seconds} s: deaths ${JSON.stringify(deaths)}, ${problems.length} problems`);
if (problems.length === 0) rmSync(folder, { recursive: true, force: true });
else console.error(`the data folders are kept: ${folder}`);
process.exit(problems.length === 0 ? 0 : 1);
