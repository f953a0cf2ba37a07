// Accounts and the supply as values of the state. An account with no balance, nonce, stake or code is absent.

import {
  type Amount,
  assert,
  type Bytes,
  type Decoded,
  decodeWith,
  HASH_SIZE_BYTES,
  type Hash,
  type Nonce,
  Writer,
} from "../primitives/index.ts";

export interface Account {
  readonly balance: Amount;
  readonly nonce: Nonce;
  readonly stake: Amount;
  /** SHA-256 of the contract's module; undefined for an account without code. */
  readonly codeHash: Hash | undefined;
}

export const EMPTY_ACCOUNT: Account = {
  balance: 0 as Amount,
  nonce: 0 as Nonce,
  stake: 0 as Amount,
  codeHash: undefined,
};

const ENCODED_SIZE_BYTES = 25;

function isEmptyAccount(account: Account): boolean {
  return account.balance === 0 && account.nonce === 0 && account.stake === 0 && account.codeHash === undefined;
}

/** The length of the value in the state; 0 for an empty account, which is absent. */
export function accountSizeBytes(account: Account): number {
  if (isEmptyAccount(account)) return 0;
  return account.codeHash === undefined ? ENCODED_SIZE_BYTES : ENCODED_SIZE_BYTES + HASH_SIZE_BYTES;
}

/** The value in the state; undefined for an empty account, which is absent. */
export function encodeAccount(account: Account): Bytes | undefined {
  if (isEmptyAccount(account)) return undefined;
  const writer = new Writer(64).u64(account.balance).u64(account.nonce).u64(account.stake);
  writer.bool(account.codeHash !== undefined);
  if (account.codeHash !== undefined) writer.hex(account.codeHash);
  return writer.finish();
}

export function decodeAccount(bytes: Bytes): Decoded<Account> {
  return decodeWith(bytes, (reader) => {
    const account: Account = {
      balance: reader.u64() as Amount,
      nonce: reader.u64() as Nonce,
      stake: reader.u64() as Amount,
      codeHash: reader.bool() ? (reader.hex(HASH_SIZE_BYTES) as Hash) : undefined,
    };
    reader.expect(!isEmptyAccount(account), "an empty account is absent and has no encoding");
    return account;
  });
}

/** Decodes a value that this node has encoded; anything else is a damaged store. */
export function loadAccount(bytes: Bytes | undefined): Account {
  if (bytes === undefined) return EMPTY_ACCOUNT;
  const decoded = decodeAccount(bytes);
  assert(decoded.ok, "an account in the state decodes");
  return decoded.value;
}

/** The value in the state; undefined for a supply of 0, which is absent. */
export function encodeSupply(supply: Amount): Bytes | undefined {
  return supply === 0 ? undefined : new Writer(8).u64(supply).finish();
}

export function loadSupply(bytes: Bytes | undefined): Amount {
  if (bytes === undefined) return 0 as Amount;
  const decoded = decodeWith(bytes, (reader) => reader.u64() as Amount);
  assert(decoded.ok, "the supply in the state decodes");
  return decoded.value;
}
