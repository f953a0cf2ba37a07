// A data folder with a chain in it that was made in this process, so that a compiled node starts with thousands of blocks.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configToGenesis } from "../../src/app/config/genesis.ts";
import { loadConfig } from "../../src/app/config/index.ts";
import { Chain } from "../../src/core/chain/index.ts";
import { createEngine } from "../../src/core/node/index.ts";
import type { TimestampMs } from "../../src/core/primitives/index.ts";
import { createSigningDomain, type VerifiedTransaction } from "../../src/core/protocol/index.ts";
import { openStore } from "../../src/io/sqlite/index.ts";
import { signedTransfer, TEST_BALANCE, type TestAccount, testAccount, testAccounts } from "./chainFixture.ts";
import { createTestMachine } from "./machine.ts";
import { sealHeader } from "./testChain.ts";

export interface PreparedChain {
  /** The configuration without `[network]`, for further nodes of the chain. */
  readonly configuration: string;
  readonly height: number;
  readonly headHash: string;
  /** Of all blocks, by height. */
  readonly hashes: readonly string[];
  /** Of block 0: another preparation with it begins with the same blocks. */
  readonly timestampMs: number;
}

const BLOCK_TIME_MS = 1000;
const AGE_MS = 60_000;

export interface PreparedConsensus {
  /** Leading zero hex digits of block 1's hash; each more makes the preparation sixteen times as long. */
  readonly difficulty: number;
  readonly retarget: boolean;
}

/** No difficulty to speak of, and never another. */
const EASY: PreparedConsensus = { difficulty: 1, retarget: false };

/** What every node of the chain shares. */
function preparedConfiguration(timestampMs: number, { difficulty, retarget }: PreparedConsensus): string {
  const accounts = testAccounts.map(({ address }) => `"${address}" = ${TEST_BALANCE}`).join("\n");
  return `
[consensus]
pow_difficulty = ${difficulty}
pow_retarget = ${retarget}
block_time_ms = ${BLOCK_TIME_MS}

[genesis]
chain_name = "prepared"
timestamp_ms = ${timestampMs}
development = true

[state.accounts]
${accounts}

[api]
websocket_enabled = false

[mining]
enabled = false
`;
}

/** Writes `config.toml` and the chain's database into `datadir`; transfers between the test accounts, really signed. */
export function prepareChain(options: {
  datadir: string;
  blocks: number;
  transactionsPerBlock: number;
  /** How long ago the last block was; a minute when absent. */
  ageMs?: number;
  consensus?: PreparedConsensus;
  /** Of block 0, instead of the age. */
  timestampMs?: number;
  /** Who makes the block of a height: what sets two branches apart. Account 9 when absent. */
  proposerOf?: (height: number) => TestAccount;
  onProgress?: (height: number) => void;
}): PreparedChain {
  const { datadir, blocks, transactionsPerBlock, ageMs = AGE_MS, consensus = EASY } = options;
  const { proposerOf = () => testAccount(9), timestampMs = Date.now() - ageMs - blocks * BLOCK_TIME_MS } = options;
  const configuration = preparedConfiguration(timestampMs, consensus);
  mkdirSync(join(datadir, "chain"), { recursive: true });
  writeFileSync(join(datadir, "config.toml"), configuration);
  const loaded = loadConfig({
    file: { name: "config.toml", text: configuration },
    environment: {},
    flags: [],
    readFile: () => ({ ok: false, reason: "none" }),
  });
  if (!loaded.ok) throw new RangeError(JSON.stringify(loaded.problems));
  const genesis = configToGenesis(loaded.config);
  const engine = createEngine(genesis);
  const store = openStore({ path: join(datadir, "chain", "chain.sqlite"), cacheSizeMb: 64, compression: false });
  try {
    const chain = new Chain({ store, genesis, engine, machine: createTestMachine(), cachedPagesMax: 4096 });
    const domain = createSigningDomain(chain.genesisHash);
    const nonces = testAccounts.map(() => 0);
    const hashes: string[] = [chain.genesisHash];
    let turn = 0;
    for (let block = 1; block <= blocks; block++) {
      const left: VerifiedTransaction[] = [];
      for (let index = 0; index < transactionsPerBlock; index++) {
        const sender = turn++ % testAccounts.length;
        const nonce = nonces[sender] as number;
        nonces[sender] = nonce + 1;
        const to = testAccount((sender + 1) % testAccounts.length).address;
        left.push(signedTransfer({ sender: testAccount(sender), to, amount: 1, nonce, domain }));
      }
      const nowMs = (timestampMs + block * BLOCK_TIME_MS) as TimestampMs;
      const source = { next: () => left.shift(), skipSender: () => undefined };
      const template = chain.buildTemplate({ source, proposer: proposerOf(block).address, nowMs });
      const result = chain.commitTemplate(template, sealHeader(engine, template.header), nowMs);
      if (!result.ok) throw new RangeError(result.refusal.message);
      hashes.push(chain.head.hash);
      options.onProgress?.(block);
    }
    return { configuration, height: blocks, headHash: chain.head.hash, hashes, timestampMs };
  } finally {
    store.close();
  }
}
