// What is SQLite's own about the store: compression, constraints, the log, and two connections.

import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import type { Height } from "../../../../src/core/primitives/index.ts";
import { type OpenStore, openStore, openStoreReader } from "../../../../src/io/sqlite/store.ts";
import { block, bytes, change, commit, hashOf } from "../../../support/storeRecords.ts";
import { useTemporaryFolder } from "./folder.ts";

const file = useTemporaryFolder();
const LARGE = new Uint8Array(100_000).fill(7);

function open(options: { compression?: boolean } = {}): OpenStore {
  return openStore({ path: file("chain.sqlite"), cacheSizeMb: 4, compression: options.compression ?? false });
}

function bodySizes(): number[] {
  const database = new Database(file("chain.sqlite"), { readonly: true });
  const rows = database.query("SELECT length(body) AS size FROM block ORDER BY height").all() as { size: number }[];
  database.close();
  return rows.map(({ size }) => size);
}

test("blocks that were stored with and without compression lie side by side", () => {
  const bodies = [false, true, false].map((compression, height) => {
    const store = open({ compression });
    const parent = height === 0 ? {} : { parent: 9 + height };
    const stored = block({ name: 10 + height, height, ...parent, body: LARGE });
    store.commitBlock(commit(stored));
    store.close();
    return stored;
  });
  expect(bodySizes().map((size) => size < 1000)).toEqual([false, true, false]);
  const store = open();
  for (const stored of bodies) expect({ ...store.block(stored.hash) }).toEqual(stored);
  store.close();
});

test.each([true, false])(
  "a block that comes again under the other setting of compression (%p at first) can be read",
  (first) => {
    const stored = block({ name: 11, height: 1, parent: 10, body: LARGE });
    const before = open({ compression: first });
    before.commitBlock(commit(block({ name: 10, height: 0 })));
    before.commitBlock(commit(stored));
    before.revertHead({ height: 1 as Height, state: [], pages: [] });
    before.close();
    const after = open({ compression: !first });
    after.commitBlock(commit(stored));
    expect({ ...after.block(stored.hash) }).toEqual(stored);
    after.close();
  },
);

test("a commit that breaks a constraint leaves nothing", () => {
  const store = open();
  store.commitBlock(commit(block({ name: 10, height: 0 }), { state: [change(1, { to: 1 })] }));
  const twice = block({ name: 11, height: 1, parent: 10, transactions: [5, 6, 5] });
  const attempt = () => store.commitBlock(commit(twice, { state: [change(1, { from: 1, to: 2 })] }));
  expect(attempt).toThrow("UNIQUE constraint failed");
  expect(store.head()).toEqual({ height: 0 as Height, hash: hashOf(10) });
  expect(store.block(hashOf(11))).toBeUndefined();
  expect(store.stateValue(bytes(1, 1))).toEqual(bytes(1));
  store.close();
});

test("closing folds the log into the file, also while a reader is open", () => {
  const path = file("chain.sqlite");
  const store = open();
  store.commitBlock(commit(block({ name: 10, height: 0, body: LARGE })));
  const reader = openStoreReader({ path, cacheSizeMb: 1 });
  reader.head();
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(LARGE.length);
  store.close();
  expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0);
  expect(reader.head()?.hash).toBe(hashOf(10));
  reader.close();
});

test("a process that ends without closing loses nothing that was committed", async () => {
  const script = `
    import { openStore } from "./src/io/sqlite/index.ts";
    import { block, commit } from "./test/support/storeRecords.ts";
    const store = openStore({ path: process.argv[1], cacheSizeMb: 4, compression: false });
    store.commitBlock(commit(block({ name: 10, height: 0 })));
    store.commitBlock(commit(block({ name: 11, height: 1, parent: 10, transactions: [1] })));
    process.kill(process.pid, "SIGKILL");
  `;
  const child = Bun.spawn([process.execPath, "-e", script, file("chain.sqlite")], {
    stdout: "inherit",
    stderr: "inherit",
  });
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
  const store = open();
  expect(store.head()).toEqual({ height: 1 as Height, hash: hashOf(11) });
  store.close();
});
