// The compiled node as benchmarks run it: a chain of funded accounts whose genesis is the same in every run, so that
// transfers are signed once.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "../../src/core/primitives/index.ts";
import { type RunningBinary, startBinary } from "../../test/support/binary.ts";

/** The time between blocks that the chain aims at, and with it a block's gas: an eighth of it in nanoseconds. */
const BLOCK_TIME_MS = 8000;
const BALANCE = 1_000_000_000;

export type MiningMode = "onDemand" | "blocks";

// One of 16 hashes is a block's: with 16 tries a second a block takes a second on average.
const MINING: Readonly<Record<MiningMode, string>> = {
  onDemand: "on_demand = true",
  blocks: "hash_rate_limit = 16",
};

function configText(options: { accounts: readonly Address[]; mode: MiningMode }): string {
  return `
[consensus]
pow_difficulty = 1
pow_retarget = false
block_time_ms = ${BLOCK_TIME_MS}
[genesis]
chain_name = "bench"
development = true
timestamp_ms = 1735689600000
block_size_bytes_max = 2097152
[state.accounts]
${options.accounts.map((address) => `"${address}" = ${BALANCE}`).join("\n")}
[mining]
${MINING[options.mode]}
[mempool]
count_max = 100000
[logging]
level = "warn"
`;
}

/** `aureon dev` where blocks come on demand, else `aureon start`; in a folder that `stop` removes. */
export async function startAureon(options: { accounts: readonly Address[]; mode: MiningMode }): Promise<RunningBinary> {
  const datadir = mkdtempSync(join(tmpdir(), "aureon-bench-"));
  writeFileSync(join(datadir, "config.toml"), configText(options));
  const node = await startBinary({ command: [options.mode === "onDemand" ? "dev" : "start"], datadir });
  return {
    ...node,
    stop: async () => {
      await node.stop();
      rmSync(datadir, { recursive: true, force: true });
    },
  };
}
