// The journal gives back what was put in, also after it broke off in the middle of an item.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../../../src/io/journal/index.ts";

const LIMIT = { itemSizeBytesMax: 1000 };
const items = [Uint8Array.of(1), new Uint8Array(0), new Uint8Array(300).fill(7)];
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aureon-journal-"));
  path = join(folder, "journal");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("holds what was appended, over a restart", () => {
  const first = new Journal(path);
  first.append(items.slice(0, 2));
  first.append(items.slice(2));
  first.append([]);
  expect(first.sizeBytes).toBe(3 * 4 + 301);
  // The process ends without closing.
  const second = new Journal(path);
  expect(second.read(LIMIT)).toEqual(items);
  expect(second.sizeBytes).toBe(first.sizeBytes);
});

test("takes as many items as the largest mempool may hold", () => {
  const count = 1_000_000;
  const journal = new Journal(path);
  journal.rewrite(Array(count).fill(Uint8Array.of(7)));
  expect(journal.sizeBytes).toBe(count * 5);
  const read = journal.read(LIMIT);
  expect([read.length, read.at(-1)]).toEqual([count, Uint8Array.of(7)]);
});

test("cut at any place, it holds the items before the cut", () => {
  new Journal(path).append(items);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const count = length < 5 ? 0 : length < 9 ? 1 : 2;
    expect(new Journal(path).read(LIMIT)).toEqual(items.slice(0, count));
  }
});

test("a length that no item has ends it", () => {
  const journal = new Journal(path);
  journal.append([Uint8Array.of(1), new Uint8Array(1001), Uint8Array.of(2)]);
  expect(journal.read(LIMIT)).toEqual([Uint8Array.of(1)]);
});

test("is cleared and written anew, and goes on after either", () => {
  const journal = new Journal(path);
  journal.append(items);
  journal.clear();
  expect([journal.sizeBytes, journal.read(LIMIT)]).toEqual([0, []]);
  journal.append(items);
  journal.rewrite(items.slice(0, 1));
  journal.append(items.slice(2));
  expect(journal.read(LIMIT)).toEqual([items[0], items[2]] as Uint8Array[]);
  expect(readFileSync(path).length).toBe(journal.sizeBytes);
  journal.close();
  truncateSync(path, 0);
  expect(new Journal(path).read(LIMIT)).toEqual([]);
});
