// The journal: values over a store, with marks to which it returns.

import { expect, test } from "bun:test";
import { Journal } from "../../../../src/core/state/journal.ts";

function journalOver(stored: Record<string, number>) {
  const loads: string[] = [];
  const journal = new Journal<string, number>((key) => {
    loads.push(key);
    return stored[key] ?? 0;
  });
  return { journal, loads };
}

test("reads fall through to the store once a key, and sets never reach it", () => {
  const { journal, loads } = journalOver({ a: 1 });
  expect([journal.get("a"), journal.get("a"), journal.get("b")]).toEqual([1, 1, 0]);
  journal.set("a", 5);
  expect(journal.get("a")).toBe(5);
  expect(journal.original("a")).toBe(1);
  expect(loads).toEqual(["a", "b"]);
});

test("a revert undoes what came after its mark, in any nesting, and the journal goes on from there", () => {
  const { journal } = journalOver({ a: 1 });
  journal.set("a", 2);
  const outer = journal.checkpoint();
  journal.set("a", 3);
  journal.set("b", 9);
  const inner = journal.checkpoint();
  journal.set("a", 4);
  journal.set("a", 5);
  journal.revert(inner);
  expect([journal.get("a"), journal.get("b")]).toEqual([3, 9]);
  journal.set("b", 10);
  journal.revert(outer);
  expect([journal.get("a"), journal.get("b")]).toEqual([2, 0]);
  journal.set("a", 7);
  journal.revert(outer);
  expect(journal.get("a")).toBe(2);
  journal.revert(0);
  expect(journal.get("a")).toBe(1);
});

test("a mark that a revert has passed is a bug of the caller", () => {
  const { journal } = journalOver({});
  journal.set("a", 1);
  const mark = journal.checkpoint();
  journal.revert(0);
  expect(() => journal.revert(mark)).toThrow("a checkpoint lies in the past");
});

test("what changed since a mark is told once a key, with the value at the mark", () => {
  const { journal } = journalOver({ a: 1, b: 2 });
  journal.set("a", 10);
  const mark = journal.checkpoint();
  expect([...journal.changedSince(mark)]).toEqual([]);
  journal.set("b", 20);
  journal.set("a", 11);
  journal.set("b", 21);
  expect([...journal.changedSince(mark)]).toEqual([
    ["b", 2],
    ["a", 10],
  ]);
  expect([...journal.changedSince(0).keys()]).toEqual(["a", "b"]);
});
