// State changes as leaves: a leaf's place is the hash of its key, its content the hash of its value.

import { expect, test } from "bun:test";
import { sha256 } from "../../../../src/core/crypto/index.ts";
import { leafChanges } from "../../../../src/core/state/root.ts";

test("a value becomes its hash, and an absent one stays absent", () => {
  const key = Uint8Array.of(1, 2);
  const value = Uint8Array.of(3);
  expect(leafChanges([{ key, value }])).toEqual([{ path: sha256(key).toHex(), valueHash: sha256(value) }]);
  expect(leafChanges([{ key, value: undefined }])).toEqual([{ path: sha256(key).toHex(), valueHash: undefined }]);
});
