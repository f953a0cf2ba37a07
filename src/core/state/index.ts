// The contract of the state: accounts and contracts' data, the journal over them, and the way to the tree.

export {
  type Account,
  decodeAccount,
  EMPTY_ACCOUNT,
  encodeAccount,
  loadAccount,
  loadSupply,
} from "./account.ts";
export { credit, debit } from "./balances.ts";
export { accountKey, codeKey, SUPPLY_KEY, storageKey } from "./keys.ts";
export { leafChanges } from "./root.ts";
export { type Checkpoint, State, type StateReader } from "./state.ts";
