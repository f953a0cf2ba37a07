// Calls: bounds of the function's name and of the arguments.

import { expect, test } from "bun:test";
import { callKind } from "../../../../../src/core/protocol/transactions/call.ts";
import { ORDINARY_TRANSACTIONS } from "../../../../vectors/samples.ts";

const { call } = ORDINARY_TRANSACTIONS;

test("a function's name has 1 to 256 bytes of UTF-8", () => {
  for (const name of ["a", "a".repeat(256), "é".repeat(128)]) {
    expect(callKind.check({ ...call, function: name })).toBeUndefined();
  }
  for (const name of ["", "a".repeat(257), "é".repeat(129), "a\udfff"]) {
    expect(callKind.check({ ...call, function: name })?.code).toBe("invalid_transaction");
  }
});

test("arguments have at most 65536 bytes of UTF-8, and may be empty", () => {
  for (const args of ["", "a".repeat(65_536)]) expect(callKind.check({ ...call, args })).toBeUndefined();
  for (const args of ["a".repeat(65_537), "\ud83d"]) {
    expect(callKind.check({ ...call, args })?.code).toBe("invalid_transaction");
  }
});

test("every byte of name and arguments costs", () => {
  expect(callKind.intrinsicGas({ ...call, function: "é", args: "[1]" }) as number).toBe(100_000 + 40 * 5);
});

test("a call takes its amount", () => {
  expect(callKind.outgoing(call)).toBe(call.amount);
});
