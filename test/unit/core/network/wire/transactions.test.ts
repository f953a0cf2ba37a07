// The codec of Transactions.

import { expect, test } from "bun:test";
import { payloadSizeBytesMax, TRANSACTIONS_PER_MESSAGE_MAX } from "../../../../../src/core/network/limits.ts";
import { createTransactionsCodec } from "../../../../../src/core/network/wire/transactions.ts";
import { AssertionError } from "../../../../../src/core/primitives/index.ts";
import { TRANSACTION_SIZE_BYTES_MAX } from "../../../../../src/core/protocol/index.ts";
import { bytesCases, listCases, testCodec } from "../../../../support/wireCases.ts";
import { WIRE_SAMPLES } from "../../../../support/wireSamples.ts";

const BLOCK_SIZE_BYTES_MAX = 1024 * 1024;
const codec = createTransactionsCodec({ blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX });

testCodec(codec, WIRE_SAMPLES.transactions, {
  transactions: listCases(bytesCases({ sizeBytesMax: TRANSACTION_SIZE_BYTES_MAX }), {
    countMin: 1,
    countMax: TRANSACTIONS_PER_MESSAGE_MAX,
  }),
});

test("the transactions of one message are bounded in their sum", () => {
  const sum = payloadSizeBytesMax(BLOCK_SIZE_BYTES_MAX);
  const first = new Uint8Array(TRANSACTION_SIZE_BYTES_MAX);
  const transactions = [first, first, first, new Uint8Array(sum - 3 * TRANSACTION_SIZE_BYTES_MAX)];
  const json = codec.toJson({ type: "Transactions", transactions });
  expect(codec.fromJson(json).ok).toBe(true);
  const past = codec.fromJson({ ...json, transactions: [...(json.transactions as readonly string[]), "0x00"] });
  expect(past.ok ? "taken" : past.refusal.message).toContain(`at most ${sum} bytes in all`);
  const message = { type: "Transactions", transactions: [...transactions, new Uint8Array(1)] } as const;
  expect(() => codec.toJson(message)).toThrow(AssertionError);
});

test("a message without transactions is not sent", () => {
  expect(() => codec.toJson({ type: "Transactions", transactions: [] })).toThrow(AssertionError);
});
