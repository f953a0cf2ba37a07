// Genesis: everything that nodes of one chain agree on before its first block. Its hash is the parent hash of block 0, so
// that the hash of block 0, which names the chain and salts its signatures, commits to all of it.

import { sha256 } from "../crypto/index.ts";
import {
  type Address,
  type Amount,
  bytesToHash,
  type Gas,
  type GasPrice,
  type Hash,
  isAddress,
  isHash,
  isUint,
  type Refusal,
  type TimestampMs,
  utf8ToBytes,
  Writer,
} from "../primitives/index.ts";
import { TRANSACTION_GAS } from "./gas.ts";
import {
  BLOCK_SIZE_BYTES_LIMIT,
  CHAIN_NAME_SIZE_BYTES_MAX,
  GENESIS_ACCOUNTS_MAX,
  GENESIS_ALLOW_LIST_MAX,
  MAX_SUPPLY,
} from "./limits.ts";

export interface ProofOfWorkParameters {
  readonly engine: "pow";
  /** Leading zero hex digits of the hash that the first target asks for, 1 to 63. */
  readonly difficulty: number;
  /** False keeps the first target for ever. */
  readonly retarget: boolean;
}

export interface ChainParameters {
  readonly blockTimeMs: number;
  /** Bounds the gas of a block before refunds. */
  readonly blockGasLimit: Gas;
  /** Bounds the encoded block. */
  readonly blockSizeBytesMax: number;
  /** Bounds the keys and values that a block adds to the state. */
  readonly newStateBytesMax: number;
  /** New units to the proposer of each block, as long as the supply stays within its bound. */
  readonly blockReward: Amount;
  /** The least price a transaction may offer. */
  readonly gasPriceMin: GasPrice;
}

export interface GenesisAccount {
  readonly address: Address;
  readonly balance: Amount;
}

export interface Genesis {
  readonly chainName: string;
  readonly timestampMs: TimestampMs;
  /** Random bytes that set apart chains of otherwise equal configuration. */
  readonly entropy: Hash;
  /** Whether keys that everybody knows may be used on this chain. */
  readonly development: boolean;
  readonly consensus: ProofOfWorkParameters;
  readonly parameters: ChainParameters;
  /** Ascending by address, each at most once. */
  readonly accounts: readonly GenesisAccount[];
  /** Who may send at price 0 without a balance; ascending, each at most once. */
  readonly allowList: readonly Address[];
}

const GENESIS_VERSION = 1;
const POW_TAG = 1;
const DIFFICULTY_MAX = 63;
// A block's gas is time: one gas is a nanosecond, and executing a block may take an eighth of the block time at most.
const GAS_PER_MS_OF_BLOCK_TIME = 1_000_000 / 8;

export const DEFAULT_PARAMETERS: ChainParameters = {
  blockTimeMs: 5000,
  blockGasLimit: (5000 * GAS_PER_MS_OF_BLOCK_TIME) as Gas,
  blockSizeBytesMax: 1024 * 1024,
  newStateBytesMax: 256 * 1024,
  blockReward: 0 as Amount,
  gasPriceMin: 0 as GasPrice,
};

/** The block gas limit that an eighth of the block time allows. */
export function blockGasLimitMax(blockTimeMs: number): Gas {
  return Math.floor(blockTimeMs * GAS_PER_MS_OF_BLOCK_TIME) as Gas;
}

export function encodeGenesis(genesis: Genesis): Uint8Array {
  const { consensus, parameters } = genesis;
  const writer = new Writer()
    .u8(GENESIS_VERSION)
    .text(genesis.chainName)
    .u64(genesis.timestampMs)
    .hex(genesis.entropy)
    .bool(genesis.development)
    .u8(POW_TAG)
    .u8(consensus.difficulty)
    .bool(consensus.retarget)
    .u64(parameters.blockTimeMs)
    .u64(parameters.blockGasLimit)
    .u64(parameters.blockSizeBytesMax)
    .u64(parameters.newStateBytesMax)
    .u64(parameters.blockReward)
    .u64(parameters.gasPriceMin)
    .u32(genesis.accounts.length);
  for (const account of genesis.accounts) writer.hex(account.address).u64(account.balance);
  writer.u32(genesis.allowList.length);
  for (const address of genesis.allowList) writer.hex(address);
  return writer.finish();
}

/** What block 0 names as its parent. It is not the genesis hash of the chain, which is the hash of block 0. */
export function hashGenesis(genesis: Genesis): Hash {
  return bytesToHash(sha256(encodeGenesis(genesis)));
}

function invalid(message: string): Refusal<"invalid_genesis"> {
  return { code: "invalid_genesis", message };
}

function outsideRange(options: { name: string; value: number; min: number; max: number }) {
  const { name, value, min, max } = options;
  return isUint(value) && value >= min && value <= max
    ? undefined
    : invalid(`${name} is ${value}; expected an integer from ${min} to ${max}`);
}

function checkAscending(name: string, addresses: readonly Address[], countMax: number) {
  if (addresses.length > countMax) return invalid(`${name} has ${addresses.length} entries; at most ${countMax}`);
  const misspelt = addresses.find((address) => !isAddress(address));
  if (misspelt !== undefined) return invalid(`${name} names ${misspelt}, which is no address in lower case`);
  for (let index = 1; index < addresses.length; index++) {
    if ((addresses[index - 1] as Address) >= (addresses[index] as Address)) {
      return invalid(`${name} names ${addresses[index]} twice or out of order`);
    }
  }
  return undefined;
}

function checkParameters(genesis: Genesis): Refusal<"invalid_genesis"> | undefined {
  const { consensus, parameters } = genesis;
  const gasMax = blockGasLimitMax(parameters.blockTimeMs);
  const ranges = [
    { name: "consensus.pow_difficulty", value: consensus.difficulty, min: 1, max: DIFFICULTY_MAX },
    { name: "consensus.block_time_ms", value: parameters.blockTimeMs, min: 100, max: 3_600_000 },
    { name: "genesis.block_gas_limit", value: parameters.blockGasLimit, min: TRANSACTION_GAS, max: gasMax },
    {
      name: "genesis.block_size_bytes_max",
      value: parameters.blockSizeBytesMax,
      min: 4096,
      max: BLOCK_SIZE_BYTES_LIMIT,
    },
    { name: "genesis.new_state_bytes_max", value: parameters.newStateBytesMax, min: 4096, max: BLOCK_SIZE_BYTES_LIMIT },
    { name: "consensus.block_reward", value: parameters.blockReward, min: 0, max: MAX_SUPPLY },
    { name: "genesis.gas_price_min", value: parameters.gasPriceMin, min: 0, max: MAX_SUPPLY },
    { name: "genesis.timestamp_ms", value: genesis.timestampMs, min: 0, max: Number.MAX_SAFE_INTEGER },
  ];
  for (const range of ranges) {
    const refusal = outsideRange(range);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The rules that every genesis obeys. */
export function checkGenesis(genesis: Genesis): Refusal<"invalid_genesis"> | undefined {
  const nameBytes = utf8ToBytes(genesis.chainName);
  if (nameBytes === undefined || nameBytes.length === 0 || nameBytes.length > CHAIN_NAME_SIZE_BYTES_MAX) {
    return invalid(`genesis.chain_name has 1 to ${CHAIN_NAME_SIZE_BYTES_MAX} bytes`);
  }
  if (!isHash(genesis.entropy)) return invalid("genesis.entropy is no 32 bytes in lower-case hex");
  const refusal =
    checkParameters(genesis) ??
    checkAscending(
      "state.accounts",
      genesis.accounts.map((account) => account.address),
      GENESIS_ACCOUNTS_MAX,
    ) ??
    checkAscending("genesis.allow_list", genesis.allowList, GENESIS_ALLOW_LIST_MAX);
  if (refusal !== undefined) return refusal;
  let supply = 0;
  for (const { address, balance } of genesis.accounts) {
    if (!isUint(balance) || balance === 0) return invalid(`state.accounts.${address} is no integer from 1 to 2^53-1`);
    if (balance > MAX_SUPPLY - supply) return invalid(`the sum of state.accounts passes ${MAX_SUPPLY}`);
    supply += balance;
  }
  return undefined;
}
