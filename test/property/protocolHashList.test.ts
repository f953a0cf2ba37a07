// The root over a list, computed from the leaves up, is the Merkle tree hash that RFC 6962 defines from the top down.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { sha256 } from "../../src/core/crypto/index.ts";
import { type Bytes, bytesToHash, concatBytes, ZERO_HASH } from "../../src/core/primitives/index.ts";
import { hashList, proveListItem, verifyListItem } from "../../src/core/protocol/index.ts";
import { checkProperty } from "./checkProperty.ts";

/** MTH of RFC 6962, section 2.1, for a list that is not empty. */
function merkleTreeHash(items: readonly Bytes[]): Bytes {
  const [first] = items;
  if (items.length === 1 && first !== undefined) return sha256(concatBytes(Uint8Array.of(0), first));
  let split = 1;
  while (split * 2 < items.length) split *= 2;
  return sha256(
    concatBytes(Uint8Array.of(1), merkleTreeHash(items.slice(0, split)), merkleTreeHash(items.slice(split))),
  );
}

test("both ways agree", () => {
  checkProperty(
    fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 70 }), (items) => {
      expect(hashList(items)).toBe(items.length === 0 ? ZERO_HASH : bytesToHash(merkleTreeHash(items)));
    }),
    { numRuns: 500 },
  );
});

test("any change of one item changes the root", () => {
  const list = fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 20 });
  checkProperty(
    fc.property(list, fc.nat(), fc.uint8Array({ maxLength: 4 }), (items, at, other) => {
      const index = at % items.length;
      const isSame = (items[index] as Bytes).toHex() === other.toHex();
      expect(hashList(items.with(index, other)) === hashList(items)).toBe(isSame);
    }),
    { numRuns: 1_000 },
  );
});

test("an item's proof leads to the root from its own place alone", () => {
  const list = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 40,
    selector: (item) => item.toHex(),
  });
  checkProperty(
    fc.property(list, fc.nat(), fc.nat(), (items, at, elsewhere) => {
      const index = at % items.length;
      const item = items[index] as Bytes;
      const siblings = proveListItem(items, index);
      const claim = { root: hashList(items), item, index, count: items.length, siblings };
      expect(verifyListItem(claim)).toBe(true);
      expect(verifyListItem({ ...claim, item: Uint8Array.of(...item, 0) })).toBe(false);
      expect(verifyListItem({ ...claim, siblings: [...siblings, ZERO_HASH] })).toBe(false);
      expect(verifyListItem({ ...claim, siblings: siblings.slice(1) })).toBe(siblings.length === 0);
      const other = elsewhere % items.length;
      expect(verifyListItem({ ...claim, index: other })).toBe(other === index);
      expect(verifyListItem({ ...claim, index: items.length })).toBe(false);
    }),
    { numRuns: 500 },
  );
});
