// What a contract may import from `env`, and what each function costs before and beside the bytes that it handles
// (docs/spec/contracts.md). All parameters are i32. One gas is about one nanosecond.

export interface HostFunctionCost {
  readonly base: number;
  /** For each byte that is read, hashed, written or kept. */
  readonly perByte: number;
}

export interface HostFunctionShape extends HostFunctionCost {
  readonly parameters: number;
  readonly hasResult: boolean;
}

function shape(parameters: number, hasResult: boolean, base: number, perByte = 0): HostFunctionShape {
  return { parameters, hasResult, base, perByte };
}

/** In the order of docs/spec/contracts.md. */
export const HOST_FUNCTIONS = {
  // What the contract was asked, and what it answers.
  input_size: shape(0, true, 50),
  input_read: shape(3, false, 100, 1),
  return_data: shape(2, false, 100, 40),
  revert: shape(2, false, 100, 40),
  // Who asks, and where.
  caller: shape(1, false, 100),
  origin: shape(1, false, 100),
  self_address: shape(1, false, 100),
  attached_amount: shape(1, false, 100),
  block_height: shape(1, false, 100),
  block_timestamp: shape(1, false, 100),
  chain_id: shape(1, false, 100),
  gas_left: shape(1, false, 100),
  // Balances.
  get_balance: shape(2, false, 5_000),
  transfer: shape(2, true, 40_000),
  // Storage. Writing costs the same whatever was there; removing what the transaction has found gives a part back.
  storage_read: shape(4, true, 5_000, 1),
  storage_write: shape(4, false, 25_000, 40),
  storage_remove: shape(2, true, 25_000, 1),
  // What others can see. Every node keeps it as long as the block, so a byte costs what a byte of a transaction does.
  log: shape(2, false, 500, 40),
  event: shape(4, false, 1_000, 40),
  // Cryptography.
  sha256: shape(3, false, 300, 1),
  keccak256: shape(3, false, 600, 4),
  secp256k1_recover: shape(3, true, 70_000),
  // Other contracts.
  call_contract: shape(7, true, 40_000, 1),
  deploy_contract: shape(6, true, 100_000, 1),
  returned_size: shape(0, true, 50),
  returned_read: shape(3, false, 100, 1),
  code_hash: shape(2, true, 5_000),
} as const satisfies Record<string, HostFunctionShape>;

export type HostFunctionName = keyof typeof HOST_FUNCTIONS;

/** The memory's name in `env`. */
export const MEMORY_IMPORT = "memory";
