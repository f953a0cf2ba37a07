// The header of SQLite's log tells of every commit of another connection, and of nothing else.

import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { WalIndex } from "../../../../src/io/sqlite/walIndex.ts";
import { useTemporaryFolder } from "./folder.ts";

const file = useTemporaryFolder();

function openPair() {
  const path = file("chain.sqlite");
  const writer = new Database(path, { create: true });
  writer.run("PRAGMA journal_mode = WAL");
  writer.run("CREATE TABLE entry (value INTEGER)");
  const walIndex = WalIndex.open(path);
  if (walIndex === undefined) throw new RangeError("the log's index can be mapped here");
  walIndex.hasChanged();
  return { path, writer, walIndex };
}

test("a commit is noticed once", () => {
  const { writer, walIndex } = openPair();
  expect(walIndex.hasChanged()).toBe(false);
  writer.run("INSERT INTO entry VALUES (1)");
  expect(walIndex.hasChanged()).toBe(true);
  expect(walIndex.hasChanged()).toBe(false);
  writer.close();
});

test("what is not committed is not noticed", () => {
  const { writer, walIndex } = openPair();
  writer.run("BEGIN");
  writer.run("INSERT INTO entry VALUES (1)");
  expect(walIndex.hasChanged()).toBe(false);
  writer.run("COMMIT");
  expect(walIndex.hasChanged()).toBe(true);
  writer.close();
});

test("commits are noticed also after the log has begun anew", () => {
  const { writer, walIndex } = openPair();
  for (let round = 0; round < 3; round++) {
    writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
    walIndex.hasChanged();
    writer.run("INSERT INTO entry VALUES (1)");
    expect(walIndex.hasChanged()).toBe(true);
    expect(walIndex.hasChanged()).toBe(false);
  }
  writer.close();
});

test("reading is not noticed", () => {
  const { path, writer, walIndex } = openPair();
  const reader = new Database(path, { readonly: true });
  expect(reader.query("SELECT count(*) AS count FROM entry").get()).toEqual({ count: 0 });
  expect(walIndex.hasChanged()).toBe(false);
  reader.close();
  writer.close();
});

test("where there is no log there is no index", () => {
  expect(WalIndex.open(file("absent.sqlite"))).toBeUndefined();
});
