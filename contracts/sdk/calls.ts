// Money and calls to others.

import { ADDRESS_SIZE, Address } from "./address";
import { utf8Decode, utf8Encode } from "./bytes";
import { require } from "./control";
import * as env from "./env";

const amountWord = memory.data(8);
const gasWord = memory.data(8);

export function balanceOf(address: Address): u64 {
  env.get_balance(address.bytes.dataStart, amountWord);
  return load<u64>(amountWord);
}

/** Pays out of this contract's balance; false when it is too small. No code of the receiver runs. */
export function tryTransfer(to: Address, amount: u64): bool {
  store<u64>(amountWord, amount);
  return env.transfer(to.bytes.dataStart, amountWord) !== 0;
}

/** Pays out of this contract's balance, and reverts when it is too small. No code of the receiver runs. */
export function transfer(to: Address, amount: u64): void {
  require(tryTransfer(to, amount), "the contract's balance is too small");
}

export const CALL_SUCCESS: i32 = 0;
export const CALL_REVERT: i32 = 1;
export const CALL_OUT_OF_GAS: i32 = 2;
export const CALL_TRAP: i32 = 3;
/** No contract, no such function, too little balance, too deep, re-entrant, or out of memory. */
export const CALL_NOT_BEGUN: i32 = 4;

export class CallResult {
  constructor(
    /** One of the codes above. All but success have left no trace. */
    readonly code: i32,
    /** What the other returned, or the message with which it reverted. */
    readonly data: Uint8Array,
  ) {}

  get isSuccess(): bool {
    return this.code === CALL_SUCCESS;
  }

  get text(): string {
    return utf8Decode(this.data);
  }
}

function resultOf(code: i32): CallResult {
  const data = new Uint8Array(env.returned_size());
  env.returned_read(data.dataStart, 0, data.length);
  return new CallResult(code, data);
}

/** Calls a function of another contract. Without a gas limit the other may use up all that is left. */
export function callContract(
  to: Address,
  name: string,
  args: string = "{}",
  amount: u64 = 0,
  gas: u64 = u64.MAX_VALUE,
): CallResult {
  const nameBytes = utf8Encode(name);
  const argsBytes = utf8Encode(args);
  store<u64>(amountWord, amount);
  store<u64>(gasWord, gas);
  return resultOf(
    env.call_contract(
      to.bytes.dataStart,
      nameBytes.dataStart,
      nameBytes.length,
      argsBytes.dataStart,
      argsBytes.length,
      amountWord,
      gasWord,
    ),
  );
}

export class DeployResult {
  constructor(
    readonly address: Address,
    readonly result: CallResult,
  ) {}
}

/** Makes a contract of code that was deployed before, by its SHA-256. */
export function deployContract(
  codeHash: Uint8Array,
  args: string = "{}",
  amount: u64 = 0,
  gas: u64 = u64.MAX_VALUE,
): DeployResult {
  assert(codeHash.length === 32);
  const argsBytes = utf8Encode(args);
  const address = new Uint8Array(ADDRESS_SIZE);
  store<u64>(amountWord, amount);
  store<u64>(gasWord, gas);
  const code = env.deploy_contract(
    codeHash.dataStart,
    argsBytes.dataStart,
    argsBytes.length,
    amountWord,
    gasWord,
    address.dataStart,
  );
  return new DeployResult(new Address(address), resultOf(code));
}

/** SHA-256 of the contract's module; null when there is no contract at the address. */
export function codeHashOf(address: Address): Uint8Array | null {
  const hash = new Uint8Array(32);
  return env.code_hash(address.bytes.dataStart, hash.dataStart) === 0 ? null : hash;
}
