// Block 0: equal configurations give equal chains, and any difference another one.

import { describe, expect, test } from "bun:test";
import { createGenesisBlock } from "../../../../src/core/chain/genesisBlock.ts";
import { createEngine } from "../../../../src/core/node/index.ts";
import type { Address, Amount, Gas, GasPrice, Hash, TimestampMs } from "../../../../src/core/primitives/index.ts";
import { decodeHeader, type Genesis, hashGenesis } from "../../../../src/core/protocol/index.ts";
import { testGenesis } from "../../../support/chainFixture.ts";
import { MemoryStore } from "../../../support/memoryStore.ts";
import { verifyState } from "../../../support/verifyChain.ts";

function blockOf(genesis: Genesis) {
  return createGenesisBlock({ genesis, engine: createEngine(genesis) });
}

const base = testGenesis();
const { parameters, accounts, consensus } = base;
const stranger = `0x${"ff".repeat(20)}` as Address;

test("two nodes with one configuration have one chain", () => {
  expect(blockOf(testGenesis())).toEqual(blockOf(testGenesis()));
});

describe("another hash comes of another", () => {
  const changes: readonly [string, Partial<Genesis>][] = [
    ["name", { chainName: "tesT" }],
    ["time", { timestampMs: (base.timestampMs + 1) as TimestampMs }],
    ["entropy", { entropy: `0x${"0".repeat(63)}1` as Hash }],
    ["purpose", { development: false }],
    ["difficulty", { consensus: { ...consensus, difficulty: 2 } }],
    ["retargeting", { consensus: { ...consensus, retarget: true } }],
    ["block time", { parameters: { ...parameters, blockTimeMs: 5001 } }],
    ["gas limit", { parameters: { ...parameters, blockGasLimit: 1_000_000 as Gas } }],
    ["size", { parameters: { ...parameters, blockSizeBytesMax: 5000 } }],
    ["bound on new state", { parameters: { ...parameters, newStateBytesMax: 5000 } }],
    ["reward", { parameters: { ...parameters, blockReward: 1 as Amount } }],
    ["least price", { parameters: { ...parameters, gasPriceMin: 1 as GasPrice } }],
    ["balance", { accounts: accounts.with(0, { ...(accounts[0] as (typeof accounts)[0]), balance: 1 as Amount }) }],
    ["set of accounts", { accounts: accounts.slice(1) }],
    ["allow-list", { allowList: [stranger] }],
  ];

  test.each(changes)("%s", (_name, change) => {
    expect(blockOf({ ...base, ...change }).hash).not.toBe(blockOf(base).hash);
  });

  test("every one of them", () => {
    const hashes = changes.map(([, change]) => blockOf({ ...base, ...change }).hash);
    expect(new Set(hashes).size).toBe(changes.length);
  });
});

test("its parent is the configuration, its state the accounts and their sum", () => {
  const { hash, commit } = blockOf(base);
  const header = decodeHeader(commit.block.header);
  expect(header.ok && header.value).toMatchObject({ parentHash: hashGenesis(base), height: 0, gasUsed: 0 });
  const store = new MemoryStore();
  store.commitBlock(commit);
  const found = verifyState(store);
  expect(found).toMatchObject({ height: 0, headHash: hash, problems: [] });
  expect(found.supply).toBe(accounts.reduce((sum, { balance }) => sum + balance, 0));
});

test("a chain may begin with nobody on it", () => {
  const { commit } = blockOf({ ...base, accounts: [] });
  expect(commit.state).toEqual([]);
  expect(commit.pages).toEqual([]);
});
