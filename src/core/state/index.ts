// The contract of the state: accounts, the journal over them, and the root.

export {
  type Account,
  accountKey,
  decodeAccount,
  EMPTY_ACCOUNT,
  encodeAccount,
  encodeSupply,
  loadAccount,
  loadSupply,
  SUPPLY_KEY,
} from "./account.ts";
