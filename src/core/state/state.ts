// The state as execution sees it: accounts, contracts' storage and code, and the supply over the stored values, with
// checkpoints, and the list of what changed for the tree, the store and the undo record.

import type { StateChange } from "../ports/index.ts";
import { type Address, type Amount, type Bytes, equalBytes, type Hash } from "../primitives/index.ts";
import { type Account, accountSizeBytes, encodeAccount, encodeSupply, loadAccount, loadSupply } from "./account.ts";
import { Journal } from "./journal.ts";
import { ACCOUNT_KEY_SIZE_BYTES, accountKey, CODE_KEY_SIZE_BYTES, codeKey, SUPPLY_KEY, storageKey } from "./keys.ts";

export interface StateReader {
  stateValue(key: Bytes): Bytes | undefined;
}

export interface Checkpoint {
  readonly accounts: number;
  readonly supply: number;
  readonly storage: number;
  readonly code: number;
}

/** The address of a contract, and the hex digits of its own key. */
type SlotName = `${Address}${string}`;

const ADDRESS_TEXT_LENGTH = 42;

export class State {
  private readonly accounts: Journal<Address, Account>;
  private readonly supplyJournal: Journal<"supply", Amount>;
  private readonly slots: Journal<SlotName, Bytes | undefined>;
  private readonly modules: Journal<Hash, Bytes | undefined>;

  constructor(reader: StateReader) {
    this.accounts = new Journal((address) => loadAccount(reader.stateValue(accountKey(address))));
    this.supplyJournal = new Journal(() => loadSupply(reader.stateValue(SUPPLY_KEY)));
    this.slots = new Journal((name) => reader.stateValue(keyOfSlot(name)));
    this.modules = new Journal((codeHash) => reader.stateValue(codeKey(codeHash)));
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

  /** What a contract keeps under a key of its own; not to be written to. */
  storage(address: Address, key: Bytes): Bytes | undefined {
    return this.slots.get(slotName(address, key));
  }

  /** An empty value is absent. The value is kept as it is, so it must not be changed afterwards. */
  setStorage(address: Address, key: Bytes, value: Bytes | undefined): void {
    this.slots.set(slotName(address, key), value?.length === 0 ? undefined : value);
  }

  /** A module as it was deployed; not to be written to. */
  code(codeHash: Hash): Bytes | undefined {
    return this.modules.get(codeHash);
  }

  setCode(codeHash: Hash, module: Bytes): void {
    this.modules.set(codeHash, module);
  }

  checkpoint(): Checkpoint {
    return {
      accounts: this.accounts.checkpoint(),
      supply: this.supplyJournal.checkpoint(),
      storage: this.slots.checkpoint(),
      code: this.modules.checkpoint(),
    };
  }

  revert(checkpoint: Checkpoint): void {
    this.accounts.revert(checkpoint.accounts);
    this.supplyJournal.revert(checkpoint.supply);
    this.slots.revert(checkpoint.storage);
    this.modules.revert(checkpoint.code);
  }

  /** Bytes of keys and values by which the state has grown since `checkpoint`, beyond what the store had. */
  newStateBytesSince(checkpoint: Checkpoint): number {
    return (
      grownBytes(this.accounts, checkpoint.accounts, (_, account) => {
        const sizeBytes = accountSizeBytes(account);
        return sizeBytes === 0 ? 0 : ACCOUNT_KEY_SIZE_BYTES + sizeBytes;
      }) +
      grownBytes(this.slots, checkpoint.storage, (name, value) =>
        value === undefined ? 0 : ACCOUNT_KEY_SIZE_BYTES + (name.length - ADDRESS_TEXT_LENGTH) / 2 + value.length,
      ) +
      grownBytes(this.modules, checkpoint.code, (_, module) =>
        module === undefined ? 0 : CODE_KEY_SIZE_BYTES + module.length,
      )
    );
  }

  /** How many storage slots had a value at `checkpoint` and have none now. */
  slotsRemovedSince(checkpoint: Checkpoint): number {
    let count = 0;
    for (const [name, before] of this.slots.changedSince(checkpoint.storage)) {
      if (before !== undefined && this.slots.get(name) === undefined) count++;
    }
    return count;
  }

  /** What differs from the store, each key once. */
  changes(): StateChange[] {
    const plain = (value: Bytes | undefined) => value;
    return [
      ...changesOf(this.accounts, accountKey, encodeAccount),
      ...changesOf(this.supplyJournal, () => SUPPLY_KEY, encodeSupply),
      ...changesOf(this.slots, keyOfSlot, plain),
      ...changesOf(this.modules, codeKey, plain),
    ];
  }
}

function slotName(address: Address, key: Bytes): SlotName {
  return `${address}${key.toHex()}`;
}

function keyOfSlot(name: SlotName): Bytes {
  const address = name.slice(0, ADDRESS_TEXT_LENGTH) as Address;
  return storageKey(address, Uint8Array.fromHex(name.slice(ADDRESS_TEXT_LENGTH)));
}

/** The sum of what each changed entry takes more than it took at the checkpoint, and more than it takes in the store. */
function grownBytes<Key, Value>(
  journal: Journal<Key, Value>,
  checkpoint: number,
  sizeOf: (key: Key, value: Value) => number,
): number {
  if (journal.checkpoint() === checkpoint) return 0;
  let grown = 0;
  for (const [key, before] of journal.changedSince(checkpoint)) {
    const had = Math.max(sizeOf(key, before), sizeOf(key, journal.original(key)));
    grown += Math.max(0, sizeOf(key, journal.get(key)) - had);
  }
  return grown;
}

function changesOf<Key, Value>(
  journal: Journal<Key, Value>,
  keyOf: (key: Key) => Bytes,
  encode: (value: Value) => Bytes | undefined,
): StateChange[] {
  const changes: StateChange[] = [];
  for (const key of journal.touched()) {
    const previous = encode(journal.original(key));
    const value = encode(journal.get(key));
    if (!sameValue(previous, value)) changes.push({ key: keyOf(key), value, previous });
  }
  return changes;
}

function sameValue(left: Bytes | undefined, right: Bytes | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return equalBytes(left, right);
}
