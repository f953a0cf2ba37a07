// Text of strangers becomes short and printable.

import { expect, test } from "bun:test";
import { plainText } from "../../../../../src/core/network/peers/plainText.ts";

test("what is not printable ASCII is replaced, and what is too long is cut", () => {
  expect(plainText("a ~\n\u001b[31mü\ud800", 100)).toBe("a ~??[31m??");
  expect([plainText("abc", 3), plainText("abcd", 3), plainText("", 3)]).toEqual(["abc", "abc", ""]);
});
