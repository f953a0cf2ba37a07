// Opens the database of a data folder: the settings that durability rests on, the schema version, the migrations.

import { Database } from "bun:sqlite";
import { isCorruption, StoreError } from "./errors.ts";
import { MIGRATIONS } from "./schema.ts";

// Large enough for most pages of the state tree to lie in one page of the file.
const PAGE_SIZE_BYTES = 8192;
const KIB = 1024;
// How long to wait for another program that looks at the file, a backup or an operator's shell, before it is an error.
const BUSY_TIMEOUT_MS = 5000;

export interface DatabaseOptions {
  readonly path: string;
  readonly cacheSizeMb: number;
}

function schemaVersion(database: Database): number {
  const row = database.query("PRAGMA user_version").get() as { user_version: number };
  return row.user_version;
}

/** SQLite keeps another mode without a word where it can't have this one; readers would then hold up the writer. */
function useLog(database: Database, path: string): void {
  const { journal_mode } = database.query("PRAGMA journal_mode = WAL").get() as { journal_mode: string };
  if (journal_mode === "wal") return;
  throw new StoreError(
    "datadir_unusable",
    `${path} can't be written through a log (journal_mode is ${journal_mode}); use a local disk for the data folder`,
  );
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

/** Reads a row of each table, so that gross damage shows at the start rather than at the first block. */
function probe(database: Database): void {
  const tables = database.query("SELECT name FROM sqlite_schema WHERE type = 'table'").values();
  for (const [name] of tables) database.query(`SELECT 1 FROM "${name}" LIMIT 1`).get();
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
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.run(`PRAGMA page_size = ${PAGE_SIZE_BYTES}`);
    useLog(database, path);
    // FULL syncs the log at every commit: what a commit has returned for survives a loss of power.
    database.run("PRAGMA synchronous = FULL");
    database.run(`PRAGMA cache_size = -${cacheSizeMb * KIB}`);
    migrate(database, path);
    probe(database);
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
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.run(`PRAGMA cache_size = -${cacheSizeMb * KIB}`);
    schemaVersion(database);
  } catch (error) {
    database.close();
    throw explain(error, path);
  }
  return database;
}
