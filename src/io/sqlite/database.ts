// Opens the database of a data folder: the settings that durability rests on, the schema version, the migrations.

import { Database } from "bun:sqlite";
import { isCorruption, StoreError } from "./errors.ts";
import { MIGRATIONS } from "./schema.ts";

// Large enough for most pages of the state tree to lie in one page of the file.
const PAGE_SIZE_BYTES = 8192;
const KIB = 1024;

export interface DatabaseOptions {
  readonly path: string;
  readonly cacheSizeMb: number;
}

function schemaVersion(database: Database): number {
  const row = database.query("PRAGMA user_version").get() as { user_version: number };
  return row.user_version;
}

function migrate(database: Database, path: string): void {
  const version = schemaVersion(database);
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      "database_newer",
      `${path} has schema version ${version}; this program knows versions up to ${MIGRATIONS.length}. Use a newer aureon.`,
    );
  }
  for (let step = version; step < MIGRATIONS.length; step++) {
    database.transaction(() => {
      database.run(MIGRATIONS[step] as string);
      database.run(`PRAGMA user_version = ${step + 1}`);
    })();
  }
}

function explain(error: unknown, path: string): unknown {
  if (!isCorruption(error)) return error;
  return new StoreError(
    "database_corrupt",
    `${path} is damaged or no database of aureon: ${(error as Error).message}. Restore it from a backup, or remove the folder to sync anew.`,
    { cause: error },
  );
}

/** Opens for writing, creating the file. One process, one thread; the data folder's lock sees to that. */
export function openDatabase(options: DatabaseOptions): Database {
  const { path, cacheSizeMb } = options;
  const database = new Database(path, { create: true, readwrite: true, strict: true });
  try {
    database.run(`PRAGMA page_size = ${PAGE_SIZE_BYTES}`);
    database.run("PRAGMA journal_mode = WAL");
    // FULL syncs the log at every commit: what a commit has returned for survives a loss of power.
    database.run("PRAGMA synchronous = FULL");
    database.run(`PRAGMA cache_size = -${cacheSizeMb * KIB}`);
    migrate(database, path);
  } catch (error) {
    database.close();
    throw explain(error, path);
  }
  return database;
}

/** Opens for reading beside the writer; sees what is committed when a read begins. */
export function openReadOnlyDatabase(options: DatabaseOptions): Database {
  const { path, cacheSizeMb } = options;
  const database = new Database(path, { readonly: true, strict: true });
  try {
    database.run(`PRAGMA cache_size = -${cacheSizeMb * KIB}`);
    schemaVersion(database);
  } catch (error) {
    database.close();
    throw explain(error, path);
  }
  return database;
}
