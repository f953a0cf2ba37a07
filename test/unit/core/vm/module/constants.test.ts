// Constant expressions: one constant of the type that is needed.

import { expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import { constant, END, I32, I64, list, moduleOf, SECTION, verdict } from "../../../../support/moduleBytes.ts";

function initial(type: number, ...expression: number[]): Uint8Array {
  return moduleOf(
    list(SECTION.global, [
      [I32, 0, ...constant(5), END],
      [type, 0, ...expression],
    ]),
  );
}

test("is one constant", () => {
  const result = decodeAndValidate(initial(I64, 0x42, 0x7e, END));
  expect(result.ok && result.value.globals[1]?.initial).toEqual({ kind: "i64", value: -2n });
  expect(verdict(initial(I32, 0x41, 0x7e, END))).toBe("accepted");
});

test("is neither missing, of another type, nor one of two", () => {
  expect(verdict(initial(I32, END))).toBe("invalid_module");
  expect(verdict(initial(I32, 0x42, 0x00, END))).toBe("invalid_module");
  expect(verdict(initial(I32, ...constant(1), ...constant(2), END))).toBe("invalid_module");
});

test("reads no global: none is imported", () => {
  expect(verdict(initial(I32, 0x23, 0, END))).toBe("invalid_module");
});

test("has no other instructions", () => {
  expect(verdict(initial(I32, 0x01, ...constant(1), END))).toBe("invalid_module");
  expect(verdict(initial(I32, ...constant(1), ...constant(2), 0x6a, END))).not.toBe("accepted");
  expect(verdict(initial(I32, 0x6a, END))).toBe("module_feature");
  expect(verdict(initial(I32, 0x43, 0, 0, 0, 0, END))).toBe("module_feature");
  expect(verdict(initial(I32, 0xd0, 0x70, END))).toBe("module_feature");
});

test("has an end", () => {
  expect(verdict(initial(I32, ...constant(1)))).toBe("malformed_module");
});
