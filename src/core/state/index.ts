// The contract of the state: accounts, the journal over them, and the way to the tree.

export {
  type Account,
  accountKey,
  decodeAccount,
  EMPTY_ACCOUNT,
  encodeAccount,
  loadAccount,
  loadSupply,
  SUPPLY_KEY,
} from "./account.ts";
export { leafChanges } from "./root.ts";
export { type Checkpoint, State, type StateReader } from "./state.ts";
