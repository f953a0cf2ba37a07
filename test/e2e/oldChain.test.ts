// A chain that was switched off for thirty days goes on. The chain is made here with blocks of that time, as hard as its
// miners of old could find them; the nodes have the time of today and a small part of that hash rate.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "../../src/client/index.ts";
import { freePort, type RunningBinary, startBinary } from "../support/binary.ts";
import { succeeded, until } from "../support/cluster.ts";
import { type PreparedChain, prepareChain } from "../support/preparedChain.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const AGE_MS = 30 * DAY_MS;
const BLOCKS = 12;
/** 65,536 hashes a block. */
const DIFFICULTY = 4;
const HASHES_PER_SECOND = 2000;
const NEW_BLOCKS = 5;
/** Without relief these take 164 s. */
const TIMEOUT_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), "aureon-old-"));
const running: RunningBinary[] = [];
let prepared: PreparedChain;

beforeAll(() => {
  prepared = prepareChain({
    datadir: join(folder, "old"),
    blocks: BLOCKS,
    transactionsPerBlock: 2,
    ageMs: AGE_MS,
    consensus: { difficulty: DIFFICULTY, retarget: true },
  });
  mkdirSync(join(folder, "new"));
  writeFileSync(join(folder, "new", "config.toml"), prepared.configuration);
}, 60_000);

afterAll(async () => {
  await Promise.all(running.map((node) => node.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string, env: Readonly<Record<string, string>>, listenPort?: number) {
  const at = listenPort === undefined ? {} : { listenPort };
  const node = await startBinary({ command: ["start"], datadir: join(folder, name), env, waitFor: "/liveness", ...at });
  running.push(node);
  return createClient({ url: node.url });
}

test("blocks come within seconds, and a node that joins takes the old ones and the new", async () => {
  const listenPort = freePort();
  const mining = { AUREON_MINING_ENABLED: "true", AUREON_MINING_HASH_RATE_LIMIT: String(HASHES_PER_SECOND) };
  const old = await start("old", mining, listenPort);
  const joined = await start("new", { AUREON_NETWORK_BOOTSTRAP_PEERS: `127.0.0.1:${listenPort}` });
  const isThere = async () => (await succeeded(joined.head())).height >= BLOCKS + NEW_BLOCKS;
  await until(`${NEW_BLOCKS} blocks on the node that joined`, isThere, TIMEOUT_MS);
  const [last, first] = await Promise.all([BLOCKS, BLOCKS + 1].map((height) => succeeded(joined.block(height))));
  expect(last?.hash as string).toBe(prepared.headHash);
  expect((first?.timestampMs ?? 0) - (last?.timestampMs ?? 0)).toBeGreaterThanOrEqual(AGE_MS);
  expect((await succeeded(old.head())).height).toBeGreaterThanOrEqual(BLOCKS + NEW_BLOCKS);
}, 60_000);
