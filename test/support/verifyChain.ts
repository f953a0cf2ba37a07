// Checks a stopped node's database apart from the code that wrote it: the state root from the flat state alone, the
// supply from the balances alone, and the transactions that must be there.

import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHeader } from "../../src/core/chain/index.ts";
import { StateTree } from "../../src/core/merkle/index.ts";
import type { StoreReader } from "../../src/core/ports/index.ts";
import type { Hash } from "../../src/core/primitives/index.ts";
import { leafChanges, loadAccount, loadSupply, SUPPLY_KEY } from "../../src/core/state/index.ts";
import { openStore } from "../../src/io/sqlite/index.ts";

export interface ChainFindings {
  readonly height: number;
  readonly headHash: Hash;
  readonly supply: number;
  readonly balanceSum: number;
  readonly problems: readonly string[];
}

const ACCOUNT_NAMESPACE = 1;

/** Reads the whole state of a store and holds it against its head. */
export function verifyState(store: StoreReader): ChainFindings {
  const problems: string[] = [];
  const head = store.head();
  if (head === undefined) throw new RangeError("the store has no head");
  const header = loadHeader(store, head.hash);
  if (header === undefined) throw new RangeError("the head's header is missing");
  const entries = [...store.stateEntries()];
  const tree = new StateTree({ readPage: () => undefined, cachedPagesMax: 0 });
  const { root } = tree.update(leafChanges(entries));
  if (root !== header.header.stateRoot) {
    problems.push(`the state's root is ${root}, the head's header says ${header.header.stateRoot}`);
  }
  let balanceSum = 0;
  for (const { key, value } of entries) {
    if (key[0] !== ACCOUNT_NAMESPACE) continue;
    const account = loadAccount(value);
    balanceSum += account.balance + account.stake;
  }
  const supply = loadSupply(store.stateValue(SUPPLY_KEY));
  if (balanceSum !== supply) problems.push(`balances come to ${balanceSum}, the supply is ${supply}`);
  return { height: head.height, headHash: head.hash, supply, balanceSum, problems };
}

/** A copy of a data folder's database, opened; so that looking at it does not recover it for the node. */
export function withDatabaseCopy<Value>(databasePath: string, look: (store: StoreReader) => Value): Value {
  const folder = mkdtempSync(join(tmpdir(), "aureon-verify-"));
  try {
    for (const suffix of ["", "-wal"]) {
      if (existsSync(databasePath + suffix)) cpSync(databasePath + suffix, join(folder, `chain.sqlite${suffix}`));
    }
    const store = openStore({ path: join(folder, "chain.sqlite"), cacheSizeMb: 16, compression: false });
    try {
      return look(store);
    } finally {
      store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
