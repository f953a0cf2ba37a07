// Opening the database: from nothing, from a newer program, from a damaged file.

import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { openDatabase, openReadOnlyDatabase } from "../../../../src/io/sqlite/database.ts";
import { StoreError } from "../../../../src/io/sqlite/errors.ts";
import { MIGRATIONS } from "../../../../src/io/sqlite/schema.ts";
import { useTemporaryFolder } from "./folder.ts";

const file = useTemporaryFolder();
const path = () => file("chain.sqlite");
const open = () => openDatabase({ path: path(), cacheSizeMb: 4 });
const PAGE_SIZE_BYTES = 8192;

function failureOf(attempt: () => unknown): StoreError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new RangeError("it was opened");
}

function pragma(database: Database, name: string): unknown {
  return Object.values(database.query(`PRAGMA ${name}`).get() as object)[0];
}

/** A database of some pages, closed. */
function createFile(): void {
  const database = open();
  for (let key = 0; key < 200; key++) {
    database.run("INSERT INTO state (key, value) VALUES (?, ?)", [Uint8Array.of(key), new Uint8Array(1000)]);
  }
  // Strict: everything is in the file, nothing in the log.
  database.close(true);
}

test("an empty file gets the schema, and what durability rests on is set", () => {
  const database = open();
  expect(pragma(database, "user_version")).toBe(MIGRATIONS.length);
  expect(pragma(database, "journal_mode")).toBe("wal");
  expect(pragma(database, "synchronous")).toBe(2);
  expect(pragma(database, "page_size")).toBe(PAGE_SIZE_BYTES);
  expect(pragma(database, "cache_size")).toBe(-4096);
  const names = database.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").values().flat();
  expect(names).toEqual([
    ...["block", "canonical", "event_height", "event_sources", "note", "side_block", "state", "transaction_position"],
    ...["tree_page", "undo", "undo_keys"],
  ]);
  database.close();
});

test("opening again changes nothing", () => {
  createFile();
  const before = readFileSync(path());
  open().close();
  expect(readFileSync(path()).equals(before)).toBe(true);
});

test("a file of the first version learns which of its blocks are canonical", () => {
  const database = new Database(path());
  database.run(MIGRATIONS[0] as string);
  const insert = `INSERT INTO block (id, hash, height, parent_hash, total_work, header, body, receipts,
    transaction_hashes, compression) VALUES (?, ?, ?, x'', x'', x'', x'', x'', x'', 0)`;
  for (const [id, height] of [
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
  ]) {
    database.run(insert, [id as number, Uint8Array.of(id as number), height as number]);
  }
  database.run("INSERT INTO canonical (height, block_id) VALUES (0, 1), (1, 3)");
  database.run("PRAGMA user_version = 1");
  database.close();
  const opened = open();
  expect(opened.query("SELECT height, block_id FROM side_block ORDER BY height").values()).toEqual([
    [1, 2],
    [2, 4],
  ]);
  expect(opened.query("SELECT count(*) FROM note").values()).toEqual([[0]]);
  opened.close();
});

test("a schema of a newer program is left alone, and the message says what to do", () => {
  createFile();
  const database = new Database(path());
  database.run(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  database.close();
  const before = readFileSync(path());
  const failure = failureOf(open);
  expect(failure.code).toBe("database_newer");
  expect(failure.message).toContain("Use a newer aureon");
  expect(readFileSync(path()).equals(before)).toBe(true);
});

describe("a damaged file is told as such:", () => {
  function overwrite(options: { at: number; length: number }): void {
    const descriptor = openSync(path(), "r+");
    writeSync(descriptor, new Uint8Array(options.length).fill(7), 0, options.length, options.at);
    closeSync(descriptor);
  }

  const damages: readonly [string, () => void][] = [
    ["cut in half", () => truncateSync(path(), Math.floor(statSync(path()).size / 2))],
    ["cut to its first page", () => truncateSync(path(), PAGE_SIZE_BYTES)],
    ["cut within its header", () => truncateSync(path(), 50)],
    ["another header", () => overwrite({ at: 0, length: 100 })],
    ["another schema", () => overwrite({ at: 100, length: PAGE_SIZE_BYTES - 100 })],
    ["other tables", () => overwrite({ at: PAGE_SIZE_BYTES, length: statSync(path()).size - PAGE_SIZE_BYTES })],
    ["text", () => writeFileSync(path(), "no database at all. ".repeat(1000))],
  ];

  test.each(damages)("%s", (_name, damage) => {
    createFile();
    damage();
    const failure = failureOf(open);
    expect(failure.code).toBe("database_corrupt");
    expect(failure.message).toContain(path());
    expect(failure.cause).toBeDefined();
  });

  test("to a reader too", () => {
    createFile();
    overwrite({ at: 0, length: 100 });
    expect(failureOf(() => openReadOnlyDatabase({ path: path(), cacheSizeMb: 1 })).code).toBe("database_corrupt");
  });
});

test("a reader can't write", () => {
  createFile();
  const database = openReadOnlyDatabase({ path: path(), cacheSizeMb: 1 });
  expect(() => database.run("DELETE FROM state")).toThrow("readonly");
  database.close();
});

test("where SQLite can't keep a log, the folder is of no use", () => {
  const failure = failureOf(() => openDatabase({ path: ":memory:", cacheSizeMb: 1 }));
  expect(failure.code).toBe("datadir_unusable");
  expect(failure.message).toContain("journal_mode is memory");
});

test("a commit waits for another program that holds the file for a moment", async () => {
  const database = open();
  const script = `
    import { Database } from "bun:sqlite";
    const database = new Database(process.argv[1]);
    database.run("BEGIN IMMEDIATE");
    console.log("held");
    await new Promise((resolve) => setTimeout(resolve, 50));
    database.run("ROLLBACK");
  `;
  const child = Bun.spawn([process.execPath, "-e", script, path()], { stdout: "pipe", stderr: "ignore" });
  await child.stdout.getReader().read();
  database.run("INSERT INTO state (key, value) VALUES (x'01', x'02')");
  await child.exited;
  expect(database.query("SELECT count(*) FROM state").values()).toEqual([[1]]);
  database.close();
});

test("what is no fault of the file is thrown as it is", () => {
  mkdirSync(path());
  expect(open).toThrow("unable to open database file");
});
