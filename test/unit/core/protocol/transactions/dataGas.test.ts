// Sizes and costs of text and code.

import { expect, test } from "bun:test";
import { checkText, dataGas } from "../../../../../src/core/protocol/transactions/dataGas.ts";

test("no data costs what a transfer costs", () => {
  expect(dataGas(0) as number).toBe(100_000);
  expect(dataGas(1) as number).toBe(100_040);
});

test("a refusal names the text, its size and the bound", () => {
  expect(checkText({ name: "args", text: "éé", sizeBytesMax: 4 })).toBeUndefined();
  expect(checkText({ name: "args", text: "ééé", sizeBytesMax: 4 })).toEqual({
    code: "invalid_transaction",
    message: "args has 6 bytes; at most 4 are allowed",
    details: { sizeBytes: 6, sizeBytesMax: 4 },
  });
  expect(checkText({ name: "args", text: "\udc00", sizeBytesMax: 4 })?.message).toContain("lone surrogate");
});
