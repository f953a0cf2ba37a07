// The files that new chains start from, and the genesis that comes of them.

import { expect, test } from "bun:test";
import { configToGenesis } from "../../../../src/app/config/genesis.ts";
import { loadConfig } from "../../../../src/app/config/load.ts";
import { renderDevelopmentStarter, renderStarter } from "../../../../src/app/config/starter.ts";
import type { Hash, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { blockGasLimitMax, checkGenesis, hashGenesis } from "../../../../src/core/protocol/index.ts";

const OPTIONS = {
  chainName: 'a "quoted" name',
  timestampMs: 1_700_000_000_000 as TimestampMs,
  entropy: `0x${"ab".repeat(32)}` as Hash,
  port: undefined,
};

function load(text: string) {
  const file = { name: "config.toml", text };
  const loaded = loadConfig({ file, environment: {}, flags: [], readFile: () => ({ ok: false, reason: "none" }) });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

test("a new chain has its own name, time and entropy, and is not for development", () => {
  const { config } = load(renderStarter({ ...OPTIONS, port: 9000 }));
  const genesis = configToGenesis(config);
  expect(checkGenesis(genesis)).toBeUndefined();
  expect(genesis).toMatchObject({
    chainName: OPTIONS.chainName,
    timestampMs: OPTIONS.timestampMs,
    entropy: OPTIONS.entropy,
    development: false,
    consensus: { engine: "pow", difficulty: 4, retarget: true },
    accounts: [],
  });
  expect(genesis.parameters.blockGasLimit).toBe(blockGasLimitMax(5000));
  expect(config.api).toMatchObject({ port: 9000, websocketPort: 9001 });
});

test("a development chain has ten funded accounts and the wallet on, without a warning", () => {
  const { config, warnings } = load(renderDevelopmentStarter(OPTIONS));
  expect(warnings).toEqual([]);
  expect(config.genesis.development).toBe(true);
  expect(config.consensus).toMatchObject({ powDifficulty: 1, powRetarget: false });
  expect(config.mining.onDemand).toBe(true);
  expect(config.wallet).toMatchObject({ enabled: true });
  expect(config.wallet.keys).toHaveLength(10);
  const { accounts } = configToGenesis(config);
  expect(accounts).toHaveLength(10);
  expect(new Set(accounts.map((account) => account.balance as number))).toEqual(new Set([1_000_000_000]));
});

test("other entropy is another chain", () => {
  const hashOf = (entropy: Hash) => hashGenesis(configToGenesis(load(renderStarter({ ...OPTIONS, entropy })).config));
  expect(hashOf(OPTIONS.entropy)).toBe(hashOf(OPTIONS.entropy));
  expect(hashOf(OPTIONS.entropy)).not.toBe(hashOf(`0x${"cd".repeat(32)}` as Hash));
});

test("the allow-list is sorted, and a gas limit that is set is kept", () => {
  const [low, high] = [`0x${"11".repeat(20)}`, `0x${"22".repeat(20)}`];
  const { config } = load(`[genesis]\nallow_list = ["${high}", "${low}"]\nblock_gas_limit = 1000000\n`);
  const genesis = configToGenesis(config);
  expect(genesis.allowList as readonly string[]).toEqual([low, high]);
  expect(genesis.parameters.blockGasLimit as number).toBe(1_000_000);
});
