// Where things lie in the state.

import { expect, test } from "bun:test";
import type { Address, Hash } from "../../../../src/core/primitives/index.ts";
import { accountKey, codeKey, SUPPLY_KEY, storageKey } from "../../../../src/core/state/index.ts";

const ADDRESS = `0x${"ab".repeat(20)}` as Address;
const CODE_HASH = `0x${"cd".repeat(32)}` as Hash;

test("a key is its namespace and what it is of", () => {
  expect(accountKey(ADDRESS).toHex()).toBe(`01${"ab".repeat(20)}`);
  expect(storageKey(ADDRESS, Uint8Array.of(1, 2)).toHex()).toBe(`02${"ab".repeat(20)}0102`);
  expect(storageKey(ADDRESS, new Uint8Array(0)).toHex()).toBe(`02${"ab".repeat(20)}`);
  expect(codeKey(CODE_HASH).toHex()).toBe(`03${"cd".repeat(32)}`);
  expect(SUPPLY_KEY.toHex()).toBe("05");
});
