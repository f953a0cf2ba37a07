// What SQLite's failures mean to an operator.

import { expect, test } from "bun:test";
import { explainStoreFailure, isCorruption } from "../../../../src/io/sqlite/errors.ts";

function failure(code: string): Error {
  return Object.assign(new Error("as SQLite says it"), { code });
}

test("damage, a full disk and everything else of SQLite are told apart, and say what to do", () => {
  const codes = [
    "SQLITE_CORRUPT",
    "SQLITE_CORRUPT_INDEX",
    "SQLITE_NOTADB",
    "SQLITE_FULL",
    "ENOSPC",
    "SQLITE_IOERR_WRITE",
  ];
  const explained = codes.map((code) => explainStoreFailure(failure(code)));
  expect(explained.map((error) => error?.code)).toEqual([
    "database_corrupt",
    "database_corrupt",
    "database_corrupt",
    "disk_full",
    "disk_full",
    "datadir_unusable",
  ]);
  expect(explained[0]?.message).toContain("as SQLite says it. Restore the database");
  expect(explained[0]?.cause).toMatchObject({ code: "SQLITE_CORRUPT" });
});

test("what is none of SQLite's is left to others", () => {
  for (const error of [new Error("a bug"), failure("EACCES"), undefined, null, "text", { code: 11 }]) {
    expect(explainStoreFailure(error)).toBeUndefined();
    expect(isCorruption(error)).toBe(false);
  }
});
