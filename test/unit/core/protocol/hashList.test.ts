// The root over a list: golden values, and the lists that must not be taken for one another.

import { expect, test } from "bun:test";
import { sha256 } from "../../../../src/core/crypto/index.ts";
import {
  type Bytes,
  bytesToHash,
  concatBytes,
  type Hash,
  hexToBytes,
  ZERO_HASH,
} from "../../../../src/core/primitives/index.ts";
import { hashList } from "../../../../src/core/protocol/index.ts";
import vectors from "../../../vectors/lists.json";

const leaf = (item: Bytes) => sha256(concatBytes(Uint8Array.of(0), item));
const inner = (left: Bytes, right: Bytes) => sha256(concatBytes(Uint8Array.of(1), left, right));

test("golden roots", () => {
  const items = vectors.items.map(hexToBytes);
  for (const [count, root] of vectors.roots.entries()) expect(hashList(items.slice(0, count))).toBe(root as Hash);
});

test("the shapes of one, two, three and five items, spelled out", () => {
  const items = [1, 2, 3, 4, 5].map((item) => Uint8Array.of(item));
  const [a, b, c, d, e] = items.map(leaf) as [Bytes, Bytes, Bytes, Bytes, Bytes];
  expect(hashList([])).toBe(ZERO_HASH);
  expect(hashList(items.slice(0, 1))).toBe(bytesToHash(a));
  expect(hashList(items.slice(0, 2))).toBe(bytesToHash(inner(a, b)));
  expect(hashList(items.slice(0, 3))).toBe(bytesToHash(inner(inner(a, b), c)));
  expect(hashList(items)).toBe(bytesToHash(inner(inner(inner(a, b), inner(c, d)), e)));
});

test("lists that differ have roots that differ", () => {
  const one = Uint8Array.of(1);
  const two = Uint8Array.of(2);
  const three = Uint8Array.of(3);
  const lists: readonly Bytes[][] = [
    [],
    [new Uint8Array(0)],
    [one],
    [one, two],
    [two, one],
    [one, two, three],
    // The duplicate of a last item is what some other trees cannot tell from no item.
    [one, two, three, three],
    [Uint8Array.of(1, 2)],
    // The children of the root, given as one item.
    [concatBytes(leaf(one), leaf(two))],
    [concatBytes(Uint8Array.of(1), leaf(one), leaf(two))],
  ];
  expect(new Set(lists.map(hashList)).size).toBe(lists.length);
});
