// How fast an empty node catches up with another over real sockets, both as compiled programs on this machine: 5,000
// blocks with 50,000 transfers, beside the recovery of as many signatures on all cores.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "../src/client/index.ts";
import { useCryptoBackend } from "../src/core/crypto/index.ts";
import { chooseCryptoBackend } from "../src/io/crypto/index.ts";
import { freePort, startBinary } from "../test/support/binary.ts";
import { prepareChain } from "../test/support/preparedChain.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { processorMs } from "./support/processor.ts";
import { measureRecovery } from "./support/recovery.ts";

const BLOCKS = Number(process.env.BLOCKS ?? 5000);
const TRANSACTIONS_EACH = Number(process.env.TRANSACTIONS ?? 10);
const ROUNDS = Number(process.env.ROUNDS ?? 2);
const TRANSACTIONS = BLOCKS * TRANSACTIONS_EACH;

useCryptoBackend(chooseCryptoBackend().backend);
const folder = mkdtempSync(join(tmpdir(), "aureon-bench-"));

function network(options: { port: number; peers: readonly number[] }): string {
  const peers = options.peers.map((port) => `"127.0.0.1:${port}"`).join(", ");
  return `\n[network]\nlisten_addr = "127.0.0.1"\nlisten_port = ${options.port}\nbootstrap_peers = [${peers}]\n`;
}

async function measure(round: number, configuration: string): Promise<{ ms: number; processor: number[] }> {
  const [serverPort, joinerPort] = [freePort(), freePort()];
  const [serving, joining] = [join(folder, `serving-${round}`), join(folder, `joining-${round}`)];
  cpSync(join(folder, "prepared"), serving, { recursive: true });
  mkdirSync(joining);
  writeFileSync(join(serving, "config.toml"), configuration + network({ port: serverPort, peers: [] }));
  writeFileSync(join(joining, "config.toml"), configuration + network({ port: joinerPort, peers: [serverPort] }));
  const server = await startBinary({ command: ["start"], datadir: serving, listenPort: serverPort });
  const startedMs = performance.now();
  const joiner = await startBinary({
    command: ["start"],
    datadir: joining,
    listenPort: joinerPort,
    waitFor: "/liveness",
  });
  const client = createClient({ url: joiner.url });
  for (;;) {
    const head = await client.head();
    if (head.ok && head.value.height >= BLOCKS) break;
    await Bun.sleep(20);
  }
  const ms = performance.now() - startedMs;
  const processor = [processorMs(server.pid), processorMs(joiner.pid)];
  await Promise.all([server.stop(), joiner.stop()]);
  return { ms, processor };
}

try {
  progress(`preparing ${BLOCKS} blocks with ${TRANSACTIONS} transfers`);
  const { configuration } = prepareChain({
    datadir: join(folder, "prepared"),
    blocks: BLOCKS,
    transactionsPerBlock: TRANSACTIONS_EACH,
  });
  const cores = availableParallelism();
  const { perSecond: recovery } = measureRecovery();
  const figures: Figure[] = [];
  const notes: string[] = [];
  let best: { ms: number; processor: number[] } | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    progress(`round ${round + 1} of ${ROUNDS}`);
    const measured = await measure(round, configuration);
    if (best === undefined || measured.ms < best.ms) best = measured;
  }
  if (best === undefined) throw new RangeError("ROUNDS is at least 1");
  const rate = (TRANSACTIONS * 1000) / best.ms;
  figures.push({
    what: "transfers synced",
    measured: `${readable(rate)} a second`,
    beside: `recovery on ${cores} cores: ${readable(recovery * cores)} a second`,
    ratio: rate / (recovery * cores),
    aim: { atLeast: 0.8 },
  });
  figures.push({
    what: "the same",
    measured: `${readable(rate)} a second`,
    beside: `recovery on one core: ${readable(recovery)} a second`,
    ratio: rate / recovery,
  });
  const [served, joined] = best.processor.map((spent) => (spent * 1000) / TRANSACTIONS) as [number, number];
  for (const [what, us] of [
    ["processor time of the node that syncs, for one", joined],
    ["processor time of the node that serves, for one", served],
  ] as const) {
    figures.push({
      what,
      measured: `${readable(us)} us`,
      beside: `one recovery: ${readable(1e6 / recovery)} us`,
      ratio: (us * recovery) / 1e6,
    });
  }
  notes.push(
    `${readable(BLOCKS)} blocks of ${TRANSACTIONS_EACH} transfers in ${readable(best.ms / 1000)} s, ${readable((BLOCKS * 1000) / best.ms)} blocks a second, from the start of the process on; the best of ${ROUNDS}.`,
    "Both nodes share the machine.",
  );
  publish({ title: "Catching up", figures, notes });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
