// Which pages stay: never more than the bound, the deepest go first, of them the one that was not needed for longest.

import { expect, test } from "bun:test";
import { PageCache } from "../../../../src/core/merkle/pageCache.ts";

const body = (value: number) => Uint8Array.of(value);

test("the deepest page goes first, whenever it came", () => {
  const cache = new PageCache({ countMax: 3 });
  cache.set("abc", body(1));
  cache.set("", body(2));
  cache.set("a", body(3));
  cache.set("b", body(4));
  expect(["", "a", "b", "abc"].map((prefix) => cache.get(prefix)?.[0])).toEqual([2, 3, 4, undefined]);
});

test("of equally deep pages the one that was not needed for longest goes first", () => {
  const cache = new PageCache({ countMax: 2 });
  cache.set("a", body(1));
  cache.set("b", body(2));
  cache.get("a");
  cache.set("c", body(3));
  expect(["a", "b", "c"].map((prefix) => cache.get(prefix)?.[0])).toEqual([1, undefined, 3]);
});

test("a page that is set again has its new body, and counts once", () => {
  const cache = new PageCache({ countMax: 2 });
  cache.set("a", body(1));
  cache.set("a", body(2));
  cache.set("b", body(3));
  expect(["a", "b"].map((prefix) => cache.get(prefix)?.[0])).toEqual([2, 3]);
});

test("a removed page is gone and makes room; with no room nothing stays", () => {
  const cache = new PageCache({ countMax: 1 });
  cache.set("a", body(1));
  cache.delete("a");
  cache.delete("absent");
  cache.set("b", body(2));
  expect(["a", "b"].map((prefix) => cache.get(prefix)?.[0])).toEqual([undefined, 2]);
  const none = new PageCache({ countMax: 0 });
  none.set("a", body(1));
  expect(none.get("a")).toBeUndefined();
});
