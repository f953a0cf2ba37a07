// Genesis: golden encodings and hashes, and the rules of every field.

import { expect, test } from "bun:test";
import {
  type Address,
  type Amount,
  bytesToHex,
  type Gas,
  type GasPrice,
  type Hash,
  type TimestampMs,
  UINT_MAX,
} from "../../../../src/core/primitives/index.ts";
import {
  blockGasLimitMax,
  type ChainParameters,
  checkGenesis,
  DEFAULT_PARAMETERS,
  encodeGenesis,
  type Genesis,
  hashGenesis,
  TRANSACTION_GAS,
} from "../../../../src/core/protocol/index.ts";
import vectors from "../../../vectors/genesis.json";
import { GENESIS, hashOfText, RECEIVER, SENDER } from "../../../vectors/samples.ts";

function messageOf(change: Partial<Genesis>): string | undefined {
  return checkGenesis({ ...GENESIS, ...change })?.message;
}

function parametersWith(change: { readonly [Name in keyof ChainParameters]?: number }): Partial<Genesis> {
  return { parameters: { ...DEFAULT_PARAMETERS, ...change } as ChainParameters };
}

test("golden geneses have their encoding and hash", () => {
  for (const { fields, encoded, hash } of vectors.geneses) {
    const genesis = fields as unknown as Genesis;
    expect(checkGenesis(genesis)).toBeUndefined();
    expect(bytesToHex(encodeGenesis(genesis)) as string).toBe(encoded);
    expect(hashGenesis(genesis)).toBe(hash as Hash);
  }
});

test("every field changes the hash", () => {
  const changes: Partial<Genesis>[] = [
    { chainName: "another" },
    { timestampMs: 1 as TimestampMs },
    { entropy: hashOfText("other entropy") },
    { development: false },
    { consensus: { engine: "pow", difficulty: 3, retarget: false } },
    { consensus: { engine: "pow", difficulty: 2, retarget: true } },
    { accounts: [] },
    { accounts: [{ address: SENDER, balance: 1 as Amount }] },
    { allowList: [] },
    { allowList: [RECEIVER] },
    ...Object.keys(DEFAULT_PARAMETERS).map((name) => parametersWith({ [name]: 12_345 })),
  ];
  const hashes = [GENESIS, ...changes.map((change) => ({ ...GENESIS, ...change }))].map(hashGenesis);
  expect(new Set(hashes).size).toBe(changes.length + 1);
});

test("a name has 1 to 64 bytes, counted in UTF-8", () => {
  for (const chainName of ["a", "a".repeat(64), "é".repeat(32)]) expect(messageOf({ chainName })).toBeUndefined();
  for (const chainName of ["", "a".repeat(65), "é".repeat(33), "\ud800"]) {
    expect(messageOf({ chainName })).toBe("genesis.chain_name has 1 to 64 bytes");
  }
});

test.each([
  ["blockTimeMs", 100, 3_600_000],
  ["blockSizeBytesMax", 4096, 4_194_304],
  ["newStateBytesMax", 4096, 4_194_304],
  ["blockReward", 0, UINT_MAX],
  ["gasPriceMin", 0, UINT_MAX],
] as const)("%s is an integer from %d to %d", (name, least, most) => {
  const gasLimit = name === "blockTimeMs" ? { blockGasLimit: TRANSACTION_GAS } : {};
  for (const value of [least, most]) expect(messageOf(parametersWith({ ...gasLimit, [name]: value }))).toBeUndefined();
  for (const value of [least - 1, most + 1, least + 0.5, Number.NaN]) {
    expect(messageOf(parametersWith({ ...gasLimit, [name]: value }))).toContain(`from ${least} to ${most}`);
  }
});

test("a block's gas is at most an eighth of the block time, at one gas a nanosecond", () => {
  expect(blockGasLimitMax(5000)).toBe(625_000_000 as Gas);
  expect(messageOf(parametersWith({ blockGasLimit: 625_000_000 }))).toBeUndefined();
  expect(messageOf(parametersWith({ blockGasLimit: 625_000_001 }))).toContain("genesis.block_gas_limit");
  expect(messageOf(parametersWith({ blockGasLimit: TRANSACTION_GAS - 1 }))).toContain("genesis.block_gas_limit");
  const short = { blockTimeMs: 100, blockGasLimit: 12_500_000 };
  expect(messageOf(parametersWith(short))).toBeUndefined();
  expect(messageOf(parametersWith({ ...short, blockGasLimit: 12_500_001 }))).toContain("from 100000 to 12500000");
});

test("difficulty and time have their ranges", () => {
  const difficulty = (value: number) => messageOf({ consensus: { engine: "pow", difficulty: value, retarget: true } });
  for (const value of [1, 63]) expect(difficulty(value)).toBeUndefined();
  for (const value of [0, 64, 1.5]) expect(difficulty(value)).toContain("consensus.pow_difficulty");
  expect(messageOf({ timestampMs: UINT_MAX as TimestampMs })).toBeUndefined();
  expect(messageOf({ timestampMs: -1 as TimestampMs })).toContain("genesis.timestamp_ms");
});

test("accounts ascend, each once, and hold something", () => {
  const account = (address: Address, balance: number) => ({ address, balance: balance as Amount });
  expect(messageOf({ accounts: [account(RECEIVER, 1), account(SENDER, 1)] })).toBeUndefined();
  expect(messageOf({ accounts: [account(SENDER, 1), account(RECEIVER, 1)] })).toContain("out of order");
  expect(messageOf({ accounts: [account(SENDER, 1), account(SENDER, 1)] })).toContain("twice");
  for (const balance of [0, -1, 0.5, UINT_MAX + 1]) {
    expect(messageOf({ accounts: [account(SENDER, balance)] })).toContain(`state.accounts.${SENDER}`);
  }
  expect(messageOf({ allowList: [SENDER, RECEIVER] })).toContain("genesis.allow_list");
});

test("an address in other than its one written form is refused, so that none is there twice", () => {
  const upper = `0x${SENDER.slice(2).toUpperCase()}` as Address;
  const cut = SENDER.slice(0, -2) as Address;
  for (const address of [upper, cut, `${SENDER}00` as Address]) {
    expect(messageOf({ accounts: [{ address, balance: 1 as Amount }] })).toBeDefined();
    expect(messageOf({ allowList: [address] })).toBeDefined();
  }
});

test("entropy that is no 32 bytes is refused", () => {
  for (const entropy of ["0x", GENESIS.entropy.slice(0, -2), `${GENESIS.entropy}00`] as Hash[]) {
    expect(messageOf({ entropy })).toBeDefined();
  }
});

test("the supply is at most 2^53-1", () => {
  const accounts = (most: number) => [
    { address: RECEIVER, balance: most as Amount },
    { address: SENDER, balance: 1 as Amount },
  ];
  expect(messageOf({ accounts: accounts(UINT_MAX - 1) })).toBeUndefined();
  expect(messageOf({ accounts: accounts(UINT_MAX) })).toContain("the sum of state.accounts");
});

test("there is a most of accounts and of senders on the allow-list", () => {
  const addresses = Array.from(
    { length: 100_001 },
    (_, index) => `0x${index.toString(16).padStart(40, "0")}` as Address,
  );
  const accounts = addresses.map((address) => ({ address, balance: 1 as Amount }));
  expect(messageOf({ accounts: accounts.slice(0, 100_000) })).toBeUndefined();
  expect(messageOf({ accounts })).toContain("at most 100000");
  expect(messageOf({ allowList: addresses.slice(0, 10_000) })).toBeUndefined();
  expect(messageOf({ allowList: addresses.slice(0, 10_001) })).toContain("at most 10000");
});

test("the default parameters pass", () => {
  expect(checkGenesis({ ...GENESIS, parameters: DEFAULT_PARAMETERS })).toBeUndefined();
  expect(DEFAULT_PARAMETERS.gasPriceMin).toBe(0 as GasPrice);
});
