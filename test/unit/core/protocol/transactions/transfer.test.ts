// Transfers: what their own rules are.

import { expect, test } from "bun:test";
import type { Amount } from "../../../../../src/core/primitives/index.ts";
import { transferKind } from "../../../../../src/core/protocol/transactions/transfer.ts";
import { ORDINARY_TRANSACTIONS } from "../../../../vectors/samples.ts";

const { transfer } = ORDINARY_TRANSACTIONS;

test("a transfer of nothing is allowed: it counts the nonce up", () => {
  expect(transferKind.check({ ...transfer, amount: 0 as Amount })).toBeUndefined();
});

test("a transfer takes its amount", () => {
  expect(transferKind.outgoing(transfer)).toBe(transfer.amount);
});

test("a wallet shows sender, receiver and amount first", () => {
  expect(transferKind.struct.fields.map(({ name }) => name)).toEqual([
    "from",
    "to",
    "amount",
    "nonce",
    "gasLimit",
    "gasPrice",
    "expiry",
  ]);
});
