// The five kinds and the names they go by.

import { expect, test } from "bun:test";
import { kindByTag, kindOf, TRANSACTION_KINDS } from "../../../../../src/core/protocol/transactions/index.ts";
import { ORDINARY_TRANSACTIONS } from "../../../../vectors/samples.ts";

test("tags and names are those of the specification", () => {
  expect(TRANSACTION_KINDS.map(({ tag, type, struct }) => [tag, type, struct.name])).toEqual([
    [1, "transfer", "Transfer"],
    [2, "deploy", "Deploy"],
    [3, "call", "Call"],
    [4, "stake", "Stake"],
    [5, "unstake", "Unstake"],
  ]);
});

test("a kind is found by its tag and by a transaction of it", () => {
  for (const transaction of Object.values(ORDINARY_TRANSACTIONS)) {
    const kind = kindOf(transaction);
    expect(kind.type).toBe(transaction.type);
    expect(kindByTag(kind.tag)).toBe(kind);
  }
  for (const tag of [0, 6, 255]) expect(kindByTag(tag)).toBeUndefined();
});

test("every struct ends with the fields that all kinds have", () => {
  for (const { struct } of TRANSACTION_KINDS) {
    const names = struct.fields.map(({ name }) => name);
    expect(names[0]).toBe("from");
    expect(names.slice(-4)).toEqual(["nonce", "gasLimit", "gasPrice", "expiry"]);
  }
});
