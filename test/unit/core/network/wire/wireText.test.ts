// Text of messages: every character of one byte, and what becomes of the others.

import { expect, test } from "bun:test";
import { isWireText, toWireText } from "../../../../../src/core/network/wire/wireText.ts";

test("it is printable ASCII but quote and backslash", () => {
  for (let code = 0; code < 0x100; code++) {
    const character = String.fromCharCode(code);
    const isAllowed = code >= 0x20 && code <= 0x7e && character !== '"' && character !== "\\";
    expect([code, isWireText(`a${character}`)]).toEqual([code, isAllowed]);
    expect(toWireText(character, 1)).toBe(isAllowed ? character : "?");
  }
  expect(isWireText("")).toBe(true);
  expect(isWireText("\ud800")).toBe(false);
});

test("it is cut to its bound, and needs no escape", () => {
  expect(toWireText("abcd", 3)).toBe("abc");
  expect(toWireText("abc", 3)).toBe("abc");
  const text = toWireText('"\\\n\u{1f680}é', 99);
  expect(text).toBe("??????");
  expect(JSON.stringify(text)).toBe(`"${text}"`);
});
