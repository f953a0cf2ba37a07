// Where everything lies in the state (docs/spec/state.md): the first byte of a key says what lies under it.

import { type Address, type Bytes, concatBytes, type Hash, hexToBytes } from "../primitives/index.ts";

const STATE_NAMESPACE = { account: 1, storage: 2, code: 3, supply: 5 } as const;

const ACCOUNT_PREFIX = Uint8Array.of(STATE_NAMESPACE.account);
const STORAGE_PREFIX = Uint8Array.of(STATE_NAMESPACE.storage);
const CODE_PREFIX = Uint8Array.of(STATE_NAMESPACE.code);

export const ACCOUNT_KEY_SIZE_BYTES = 21;
export const CODE_KEY_SIZE_BYTES = 33;

/** 0x01 and the 20 bytes of the address. */
export function accountKey(address: Address): Bytes {
  return concatBytes(ACCOUNT_PREFIX, hexToBytes(address));
}

/** 0x02, the 20 bytes of the contract's address, and the contract's own key. */
export function storageKey(address: Address, key: Bytes): Bytes {
  return concatBytes(STORAGE_PREFIX, hexToBytes(address), key);
}

/** 0x03 and the module's SHA-256. */
export function codeKey(codeHash: Hash): Bytes {
  return concatBytes(CODE_PREFIX, hexToBytes(codeHash));
}

/** 0x05: the sum of all balances and stakes. */
export const SUPPLY_KEY: Bytes = Uint8Array.of(STATE_NAMESPACE.supply);
