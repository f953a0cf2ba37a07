// Accounts as values of the state, and that the empty one is absent.

import { expect, test } from "bun:test";
import type { Amount, Hash, Nonce } from "../../../../src/core/primitives/index.ts";
import {
  accountSizeBytes,
  decodeAccount,
  EMPTY_ACCOUNT,
  encodeAccount,
  encodeSupply,
  loadAccount,
  loadSupply,
} from "../../../../src/core/state/account.ts";

const CODE_HASH = `0x${"cd".repeat(32)}` as Hash;

test("an account with nothing in it is absent; with anything in it, it is there", () => {
  expect(accountSizeBytes(EMPTY_ACCOUNT)).toBe(0);
  expect(encodeAccount(EMPTY_ACCOUNT)).toBeUndefined();
  expect(loadAccount(undefined)).toEqual(EMPTY_ACCOUNT);
  const others = [
    { ...EMPTY_ACCOUNT, balance: 1 as Amount },
    { ...EMPTY_ACCOUNT, nonce: 1 as Nonce },
    { ...EMPTY_ACCOUNT, stake: 1 as Amount },
    { ...EMPTY_ACCOUNT, codeHash: CODE_HASH },
  ];
  for (const account of others) {
    expect(accountSizeBytes(account)).toBe(encodeAccount(account)?.length as number);
    expect(loadAccount(encodeAccount(account))).toEqual(account);
  }
});

test("bytes that no account encodes to are refused, and in the store they crash the node", () => {
  const damaged = [new Uint8Array(25), new Uint8Array(24).fill(1), new Uint8Array(26), new Uint8Array(0)];
  for (const bytes of damaged) {
    expect(decodeAccount(bytes).ok).toBe(false);
    expect(() => loadAccount(bytes)).toThrow("an account in the state decodes");
  }
});

test("a supply of 0 is absent, and a damaged one crashes the node", () => {
  expect(encodeSupply(0 as Amount)).toBeUndefined();
  expect(loadSupply(undefined)).toBe(0 as Amount);
  expect(loadSupply(encodeSupply(Number.MAX_SAFE_INTEGER as Amount))).toBe(Number.MAX_SAFE_INTEGER as Amount);
  expect(() => loadSupply(new Uint8Array(7))).toThrow("the supply in the state decodes");
  expect(() => loadSupply(new Uint8Array(8).fill(255))).toThrow("the supply in the state decodes");
});
