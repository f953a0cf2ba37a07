// The state as execution sees it: accounts and supply over the stored values, with checkpoints, and the list of what
// changed for the tree, the store and the undo record.

import type { StateChange } from "../ports/index.ts";
import { type Address, type Amount, type Bytes, equalBytes } from "../primitives/index.ts";
import {
  type Account,
  accountKey,
  encodeAccount,
  encodeSupply,
  isEmptyAccount,
  loadAccount,
  loadSupply,
  SUPPLY_KEY,
} from "./account.ts";
import { Journal } from "./journal.ts";

export interface StateReader {
  stateValue(key: Bytes): Bytes | undefined;
}

export interface Checkpoint {
  readonly accounts: number;
  readonly supply: number;
}

// The key's 21 bytes and the value's 25 of an account without code (docs/spec/state.md).
const ACCOUNT_KEY_SIZE_BYTES = 21;

export class State {
  private readonly accounts: Journal<Address, Account>;
  private readonly supplyJournal: Journal<"supply", Amount>;

  constructor(reader: StateReader) {
    this.accounts = new Journal((address) => loadAccount(reader.stateValue(accountKey(address))));
    this.supplyJournal = new Journal(() => loadSupply(reader.stateValue(SUPPLY_KEY)));
  }

  account(address: Address): Account {
    return this.accounts.get(address);
  }

  setAccount(address: Address, account: Account): void {
    this.accounts.set(address, account);
  }

  /** The sum of all balances and stakes. */
  supply(): Amount {
    return this.supplyJournal.get("supply");
  }

  setSupply(supply: Amount): void {
    this.supplyJournal.set("supply", supply);
  }

  checkpoint(): Checkpoint {
    return { accounts: this.accounts.checkpoint(), supply: this.supplyJournal.checkpoint() };
  }

  revert(checkpoint: Checkpoint): void {
    this.accounts.revert(checkpoint.accounts);
    this.supplyJournal.revert(checkpoint.supply);
  }

  /** Bytes of keys and values that came into the state since `checkpoint` and were not in the store before. */
  newStateBytesSince(checkpoint: Checkpoint): number {
    let sizeBytes = 0;
    for (const [address, before] of this.accounts.changedSince(checkpoint.accounts)) {
      if (!isEmptyAccount(before) || !isEmptyAccount(this.accounts.original(address))) continue;
      const value = encodeAccount(this.account(address));
      if (value !== undefined) sizeBytes += ACCOUNT_KEY_SIZE_BYTES + value.length;
    }
    return sizeBytes;
  }

  /** What differs from the store, each key once. */
  changes(): StateChange[] {
    const changes: StateChange[] = [];
    for (const address of this.accounts.touched()) {
      const previous = encodeAccount(this.accounts.original(address));
      const value = encodeAccount(this.account(address));
      if (!sameValue(previous, value)) changes.push({ key: accountKey(address), value, previous });
    }
    const supplyBefore = this.supplyJournal.original("supply");
    if (this.supply() !== supplyBefore) {
      changes.push({ key: SUPPLY_KEY, value: encodeSupply(this.supply()), previous: encodeSupply(supplyBefore) });
    }
    return changes;
  }
}

function sameValue(left: Bytes | undefined, right: Bytes | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return equalBytes(left, right);
}
