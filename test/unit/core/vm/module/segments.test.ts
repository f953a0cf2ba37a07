// Element and data segments: active ones at constant offsets, of what exists.

import { describe, expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import {
  body,
  constant,
  END,
  functionType,
  list,
  moduleOf,
  repeat,
  SECTION,
  section,
  sized,
  verdict,
} from "../../../../support/moduleBytes.ts";

const AT_ONE = [...constant(1), END];
const TYPES = list(SECTION.type, [functionType([], [])]);
const FUNCTIONS = list(SECTION.function, [[0]]);
const CODE = list(SECTION.code, [body([END])]);
const TABLE = list(SECTION.table, [[0x70, 0, 4]]);
const MEMORY = list(SECTION.memory, [[0, 1]]);

function elements(...items: number[][]): Uint8Array {
  return moduleOf(TYPES, FUNCTIONS, TABLE, list(SECTION.element, items), CODE);
}

function data(...items: number[][]): Uint8Array {
  return moduleOf(MEMORY, list(SECTION.data, items));
}

describe("element segments", () => {
  test("hold functions at an offset", () => {
    const result = decodeAndValidate(elements([0, ...AT_ONE, 2, 0, 0], [2, 0, 0x41, 0x7f, END, 0, 1, 0]));
    expect(result.ok && result.value.elements).toEqual([
      { offset: 1, functionIndices: [0, 0] },
      { offset: 0xffff_ffff, functionIndices: [0] },
    ]);
    expect(verdict(elements([2, 0x80, 0x80, 0x80, 0x80, 0x00, ...AT_ONE, 0, 1, 0]))).toBe("accepted");
  });

  test("name a function and a table that exist", () => {
    expect(verdict(elements([0, ...AT_ONE, 1, 1]))).toBe("invalid_module");
    expect(verdict(elements([2, 1, ...AT_ONE, 0, 1, 0]))).toBe("invalid_module");
    expect(verdict(moduleOf(list(SECTION.element, [[0, ...AT_ONE, 0]])))).toBe("invalid_module");
  });

  test("are active and list indices", () => {
    for (const flags of [1, 3, 4, 5, 6, 7]) expect(verdict(elements([flags, 0, 0]))).toBe("module_feature");
    expect(verdict(elements([8, 0, 0]))).toBe("malformed_module");
    expect(verdict(elements([2, 0, ...AT_ONE, 1, 0]))).toBe("malformed_module");
  });

  test("are at most 256", () => {
    const many = (count: number) => elements(...repeat(count, [0]).map(() => [0, ...AT_ONE, 0]));
    expect(verdict(many(256))).toBe("accepted");
    expect(verdict(many(257))).toBe("module_limit");
  });
});

describe("data segments", () => {
  test("hold bytes at an offset", () => {
    const result = decodeAndValidate(data([0, ...AT_ONE, ...sized([7, 8])], [2, 0, ...AT_ONE, 0]));
    expect(result.ok && result.value.data).toEqual([
      { offset: 1, bytes: Uint8Array.of(7, 8) },
      { offset: 1, bytes: new Uint8Array(0) },
    ]);
  });

  test("name a memory that exists and end with the section", () => {
    expect(verdict(data([2, 1, ...AT_ONE, 0]))).toBe("invalid_module");
    expect(verdict(moduleOf(list(SECTION.data, [[0, ...AT_ONE, 0]])))).toBe("invalid_module");
    expect(verdict(data([0, ...AT_ONE, 2, 7]))).toBe("malformed_module");
  });

  test("are active", () => {
    expect(verdict(data([1, 0]))).toBe("module_feature");
    expect(verdict(data([3, 0]))).toBe("malformed_module");
  });

  test("are at most 1,024", () => {
    const many = (count: number) => data(...repeat(count, [0]).map(() => [0, ...AT_ONE, 0]));
    expect(verdict(many(1024))).toBe("accepted");
    expect(verdict(many(1025))).toBe("module_limit");
  });

  test("are as many as the data count, if there is one", () => {
    const counted = (count: number, ...rest: number[][]) =>
      moduleOf(MEMORY, section(SECTION.dataCount, [count]), ...rest);
    const one = list(SECTION.data, [[0, ...AT_ONE, 0]]);
    expect(verdict(counted(1, one))).toBe("accepted");
    expect(verdict(counted(2, one))).toBe("malformed_module");
    expect(verdict(counted(0, one))).toBe("malformed_module");
    expect(verdict(counted(0))).toBe("accepted");
    expect(verdict(counted(1))).toBe("malformed_module");
  });
});
