// What a seed decides before anything runs: the chain's genesis, who mines how fast, how busy the clients are and how much
// goes wrong.

import type { Amount, Gas, GasPrice, TimestampMs } from "../../src/core/primitives/index.ts";
import { DEFAULT_PARAMETERS, type Genesis, MAX_SUPPLY } from "../../src/core/protocol/index.ts";
import { keyHolder } from "./accounts.ts";
import type { Random } from "./random.ts";

export interface SimulationPlan {
  readonly genesis: Genesis;
  /** Hashes a virtual second of each node; 0 for one that does not mine. */
  readonly hashRates: readonly number[];
  readonly senderCount: number;
  readonly burstMs: number;
  readonly burstCountMax: number;
  /** Of the clients' transactions, those that deploy or call. */
  readonly contractShare: number;
  readonly faultCount: number;
  readonly hostileCount: number;
}

/** Two leading zero hex digits: 256 hashes a block, so that a seed mines its blocks in milliseconds. */
const DIFFICULTY = 2;
const HASHES_PER_BLOCK = 16 ** DIFFICULTY;
const BALANCE = 1_000_000;
/** Two faults at once most of the time. */
const FAULTS_PER_MINUTE = { min: 1, max: 5 };

function createGenesis(random: Random, options: { senderCount: number; blockTimeMs: number }): Genesis {
  const { senderCount, blockTimeMs } = options;
  const blockReward = random.pick([0, 1, 50]);
  // Some chains come to the end of their supply within the simulation.
  const isNearlyFull = random.chance(0.15);
  const rest = MAX_SUPPLY - senderCount * BALANCE - random.int(0, 8) * blockReward - random.int(0, 10);
  const rich = isNearlyFull ? [{ address: keyHolder(senderCount).address, balance: rest as Amount }] : [];
  const accounts = Array.from({ length: senderCount }, (_, index) => ({
    address: keyHolder(index).address,
    balance: BALANCE as Amount,
  }));
  return {
    chainName: "simulation",
    timestampMs: 1_700_000_000_000 as TimestampMs,
    entropy: `0x${random.bytes(32).toHex()}` as Genesis["entropy"],
    development: true,
    consensus: { engine: "pow", difficulty: DIFFICULTY, retarget: random.chance(0.85) },
    parameters: {
      ...DEFAULT_PARAMETERS,
      blockTimeMs,
      blockGasLimit: random.pick([1_000_000, blockTimeMs * 125_000]) as Gas,
      blockSizeBytesMax: random.pick([16 * 1024, 64 * 1024, 1024 * 1024]),
      newStateBytesMax: 4096,
      blockReward: blockReward as Amount,
      gasPriceMin: random.pick([0, 0, 10]) as GasPrice,
    },
    accounts: [...accounts, ...rich].toSorted((left, right) => (left.address < right.address ? -1 : 1)),
    allowList: [],
  };
}

export function createPlan(random: Random, options: { nodeCount: number; minutes: number }): SimulationPlan {
  const { nodeCount, minutes } = options;
  const senderCount = random.int(6, 12);
  const blockTimeMs = random.pick([3_000, 5_000, 8_000]);
  const minerCount = random.int(Math.min(2, nodeCount), nodeCount);
  const shares = Array.from({ length: nodeCount }, (_, index) => (index < minerCount ? random.int(2, 10) : 0));
  const shareSum = shares.reduce((sum, share) => sum + share, 0);
  const hashRateTotal = (HASHES_PER_BLOCK * 1000) / blockTimeMs;
  return {
    genesis: createGenesis(random, { senderCount, blockTimeMs }),
    hashRates: shares.map((share) => (hashRateTotal * share) / shareSum),
    senderCount,
    burstMs: random.int(3_000, 12_000),
    burstCountMax: random.int(1, 5),
    faultCount: Math.ceil(random.int(FAULTS_PER_MINUTE.min, FAULTS_PER_MINUTE.max) * minutes),
    hostileCount: random.pick([0, 0, 1, 1, 2]),
    contractShare: random.pick([0, 0.3, 0.6, 0.9]),
  };
}
