// Exports and the start function.

import { describe, expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import {
  body,
  constant,
  END,
  functionType,
  I32,
  list,
  moduleOf,
  refusalOf,
  repeat,
  SECTION,
  section,
  text,
  verdict,
} from "../../../../support/moduleBytes.ts";

/** Functions 0 without and 1 with a parameter, a table, a memory and a global; then the sections that are given. */
function withAll(...sections: number[][]): Uint8Array {
  return moduleOf(
    list(SECTION.type, [functionType([], []), functionType([I32], []), functionType([], [I32])]),
    list(SECTION.function, [[0], [1], [2]]),
    list(SECTION.table, [[0x70, 0, 1]]),
    list(SECTION.memory, [[0, 1]]),
    list(SECTION.global, [[I32, 1, ...constant(1), END]]),
    ...sections,
    list(SECTION.code, [body([END]), body([END]), body([...constant(1), END])]),
  );
}

function exporting(...items: number[][]): Uint8Array {
  return withAll(list(SECTION.export, items));
}

describe("exports", () => {
  test("are of functions, tables, memories and globals", () => {
    const result = decodeAndValidate(
      exporting([...text("f"), 0, 1], [...text("t"), 1, 0], [...text("m"), 2, 0], [...text("g"), 3, 0]),
    );
    expect(result.ok && result.value.exports).toEqual([
      { name: "f", kind: "function", index: 1 },
      { name: "t", kind: "table", index: 0 },
      { name: "m", kind: "memory", index: 0 },
      { name: "g", kind: "global", index: 0 },
    ]);
    expect(verdict(exporting([...text("e"), 4, 0]))).toBe("module_feature");
    expect(verdict(exporting([...text("e"), 5, 0]))).toBe("malformed_module");
  });

  test("are of what exists", () => {
    for (const [kind, count] of [
      [0, 3],
      [1, 1],
      [2, 1],
      [3, 1],
    ] as const) {
      expect(verdict(exporting([...text("a"), kind, count - 1]))).toBe("accepted");
      expect(verdict(exporting([...text("a"), kind, count]))).toBe("invalid_module");
    }
  });

  test("have different names, told apart byte by byte", () => {
    expect(refusalOf(exporting([...text("a"), 0, 0], [...text("a"), 3, 0]))).toMatchObject({
      code: "invalid_module",
      message: expect.stringContaining('the name "a" is exported twice'),
    });
    expect(verdict(exporting([...text("a"), 0, 0], [...text("\ufeffa"), 0, 0]))).toBe("accepted");
    expect(verdict(exporting([...text("\u00e9"), 0, 0], [...text("e\u0301"), 0, 0]))).toBe("accepted");
  });

  test("do not begin with two underscores, but for globals, which linkers export", () => {
    expect(verdict(exporting([...text("_f"), 0, 0]))).toBe("accepted");
    for (const kind of [0, 1, 2]) expect(verdict(exporting([...text("__f"), kind, 0]))).toBe("module_feature");
    expect(verdict(exporting([...text("__heap_base"), 3, 0]))).toBe("accepted");
  });

  test("are at most 256", () => {
    const many = (count: number) => exporting(...repeat(count, [0]).map((_, index) => [...text(`f${index}`), 0, 0]));
    expect(verdict(many(256))).toBe("accepted");
    expect(verdict(many(257))).toBe("module_limit");
  });

  test("have names of at most 256 bytes of UTF-8", () => {
    expect(verdict(exporting([...text("a".repeat(256)), 0, 0]))).toBe("accepted");
    expect(verdict(exporting([...text("a".repeat(257)), 0, 0]))).toBe("module_limit");
    expect(verdict(exporting([...text(""), 0, 0]))).toBe("accepted");
    expect(verdict(exporting([1, 0x80, 0, 0]))).toBe("malformed_module");
  });
});

describe("the start function", () => {
  const starting = (index: number) => withAll(section(SECTION.start, [index]));

  test("exists and takes and gives nothing", () => {
    const result = decodeAndValidate(starting(0));
    expect(result.ok && result.value.start).toBe(0);
    expect(verdict(starting(1))).toBe("invalid_module");
    expect(verdict(starting(2))).toBe("invalid_module");
    expect(verdict(starting(3))).toBe("invalid_module");
  });
});
