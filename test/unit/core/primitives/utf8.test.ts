// UTF-8: the cases of RFC 3629 that decoders get wrong.

import { expect, test } from "bun:test";
import { bytesToUtf8, utf8SizeBytes, utf8ToBytes } from "../../../../src/core/primitives/index.ts";

test.each([
  ["", ""],
  ["\u0000", "00"],
  ["\u007f\u0080", "7fc280"],
  ["\u07ff\u0800", "dfbfe0a080"],
  ["\ud7ff\ue000\uffff", "ed9fbfee8080efbfbf"],
  ["\u{10000}\u{10ffff}", "f0908080f48fbfbf"],
  ["\ufeffx", "efbbbf78"],
  ["e\u0301 é", "65cc8120c3a9"],
])("%j is %s, both ways", (text, digits) => {
  expect(utf8ToBytes(text)?.toHex()).toBe(digits);
  expect(utf8SizeBytes(text)).toBe(digits.length / 2);
  expect(bytesToUtf8(Uint8Array.fromHex(digits))).toBe(text);
});

test("text with a lone surrogate has no UTF-8 form", () => {
  for (const text of ["\ud800", "\udfff", "a\ud83d", "\ude80\ud83d", "\ud83d\ud83d\ude80"]) {
    expect(utf8ToBytes(text)).toBeUndefined();
    expect(utf8SizeBytes(text)).toBeUndefined();
  }
});

test.each([
  ["a".repeat(4096), 4096],
  ["a".repeat(4097), 4097],
  [`${"a".repeat(5000)}é`, 5002],
])("long text is the same both ways", (text, sizeBytes) => {
  const bytes = utf8ToBytes(text) as Uint8Array;
  expect(bytes.length).toBe(sizeBytes);
  expect(bytesToUtf8(bytes)).toBe(text);
});

test.each([
  "80",
  "bf",
  "c0",
  "c0af",
  "c180",
  "c2",
  "c27f",
  "c2c0",
  "e0a0",
  "e09fbf",
  "eda080",
  "edbfbf",
  "f0808080",
  "f08fbfbf",
  "f4908080",
  "f5808080",
  "f7bfbfbf",
  "f8888080",
  "fe",
  "ff",
  "e282",
  "f09f9a",
  "61ff62",
])("%s is refused", (digits) => {
  expect(bytesToUtf8(Uint8Array.fromHex(digits))).toBeUndefined();
});
