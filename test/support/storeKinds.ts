// The Store port's adapters for suites that hold all of them to one behaviour.

import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../src/core/ports/index.ts";
import { openStore } from "../../src/io/sqlite/index.ts";
import { MemoryStore } from "./memoryStore.ts";

export interface TestStore {
  readonly store: Store;
  /** Every stored page of the state tree, by prefix: also those that the tree can't reach. */
  pages(): Map<string, string>;
  /** Closes and opens again, where that means anything. */
  reopen(): Store;
  dispose(): void;
}

export interface StoreKind {
  readonly name: string;
  readonly create: () => TestStore;
}

function createMemory(): TestStore {
  const store = new MemoryStore();
  const pages = () => new Map(store.pageEntries().map(([prefix, body]) => [prefix, body.toHex()]));
  return { store, pages, reopen: () => store, dispose: () => undefined };
}

function createSqlite(compression: boolean): TestStore {
  const folder = mkdtempSync(join(tmpdir(), "aureon-store-"));
  const path = join(folder, "chain.sqlite");
  const open = () => openStore({ path, cacheSizeMb: 4, compression });
  let store = open();
  return {
    store,
    pages: () => {
      const database = new Database(path, { readonly: true });
      const rows = database.query("SELECT prefix, body FROM tree_page ORDER BY prefix").all();
      database.close();
      return new Map(
        (rows as { prefix: string; body: Uint8Array }[]).map(({ prefix, body }) => [prefix, body.toHex()]),
      );
    },
    reopen: () => {
      store.close();
      store = open();
      return store;
    },
    dispose: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const STORE_KINDS: readonly StoreKind[] = [
  { name: "memory", create: createMemory },
  { name: "SQLite", create: () => createSqlite(false) },
  { name: "SQLite, compressed", create: () => createSqlite(true) },
];
