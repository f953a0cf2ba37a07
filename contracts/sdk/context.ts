// Who calls, with what, and where.

import { ADDRESS_SIZE, Address } from "./address";
import * as env from "./env";

const word = memory.data(8);

/** The account or the contract that calls this function. */
export function caller(): Address {
  const bytes = new Uint8Array(ADDRESS_SIZE);
  env.caller(bytes.dataStart);
  return new Address(bytes);
}

/** The account that signed the transaction. Decide by `caller()` who may do what, never by this. */
export function origin(): Address {
  const bytes = new Uint8Array(ADDRESS_SIZE);
  env.origin(bytes.dataStart);
  return new Address(bytes);
}

/** This contract. */
export function selfAddress(): Address {
  const bytes = new Uint8Array(ADDRESS_SIZE);
  env.self_address(bytes.dataStart);
  return new Address(bytes);
}

/** What the caller sent along. It is in this contract's balance already; a call that fails gives it back. */
export function attachedAmount(): u64 {
  env.attached_amount(word);
  return load<u64>(word);
}

/** Of the block that holds this transaction. */
export function blockHeight(): u64 {
  env.block_height(word);
  return load<u64>(word);
}

/** Of the block that holds this transaction, in Unix milliseconds. Its proposer chose it within some seconds. */
export function blockTimestamp(): u64 {
  env.block_timestamp(word);
  return load<u64>(word);
}

/** The hash of the chain's genesis, 32 bytes. */
export function chainId(): Uint8Array {
  const bytes = new Uint8Array(32);
  env.chain_id(bytes.dataStart);
  return bytes;
}

export function gasLeft(): u64 {
  env.gas_left(word);
  return load<u64>(word);
}
