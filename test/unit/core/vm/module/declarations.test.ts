// Types, functions, tables, memories and globals: what is right, what is not, and each limit at its boundary and one past it.

import { describe, expect, test } from "bun:test";
import {
  body,
  bytes,
  constant,
  END,
  F32,
  functionType,
  I32,
  I64,
  list,
  moduleOf,
  refusalOf,
  repeat,
  SECTION,
  section,
  sized,
  u32,
  verdict,
} from "../../../../support/moduleBytes.ts";

const EMPTY = functionType([], []);

describe("types", () => {
  const types = (...items: number[][]) => moduleOf(list(SECTION.type, items));

  test("have at most 32 parameters and one result", () => {
    expect(verdict(types(functionType(repeat(32, [I64]), [I32])))).toBe("accepted");
    expect(verdict(types(functionType(repeat(33, [I64]), [])))).toBe("module_limit");
    expect(verdict(types(functionType([], [I32, I32])))).toBe("module_limit");
    expect(verdict(types([0x60, ...u32(0xffff_ffff)]))).toBe("module_limit");
  });

  test("are at most 512", () => {
    expect(verdict(types(...repeat(512, [0]).map(() => EMPTY)))).toBe("accepted");
    expect(verdict(types(...repeat(513, [0]).map(() => EMPTY)))).toBe("module_limit");
  });

  test("are of functions over i32 and i64", () => {
    expect(refusalOf(types(functionType([F32], [])))).toMatchObject({
      code: "module_feature",
      details: { offset: 13 },
    });
    for (const type of [0x7c, 0x7b, 0x70, 0x6f]) {
      expect(verdict(types(functionType([], [type])))).toBe("module_feature");
    }
    for (const type of [0x00, 0x40, 0x60, 0x71]) {
      expect(verdict(types(functionType([type], [])))).toBe("malformed_module");
    }
    expect(verdict(types([0x61, 0, 0]))).toBe("malformed_module");
    expect(verdict(types([0x5f, 0]))).toBe("module_feature");
  });
});

describe("functions", () => {
  const functions = (count: number, type = 0) =>
    moduleOf(
      list(SECTION.type, [EMPTY]),
      section(SECTION.function, bytes(u32(count), repeat(count, [type]))),
      section(SECTION.code, bytes(u32(count), repeat(count, body([END])))),
    );

  test("are at most 4,096", () => {
    expect(verdict(functions(4096))).toBe("accepted");
    expect(verdict(functions(4097))).toBe("module_limit");
  });

  test("have a type that exists", () => {
    expect(verdict(functions(1, 1))).toBe("invalid_module");
  });

  test("have bodies, as many as they are", () => {
    const declared = [list(SECTION.type, [EMPTY]), list(SECTION.function, [[0], [0]])];
    expect(verdict(moduleOf(...declared))).toBe("malformed_module");
    expect(verdict(moduleOf(...declared, list(SECTION.code, [body([END])])))).toBe("malformed_module");
    expect(verdict(moduleOf(list(SECTION.code, [body([END])])))).toBe("malformed_module");
    expect(verdict(moduleOf(list(SECTION.function, []), list(SECTION.code, [])))).toBe("accepted");
    expect(verdict(moduleOf(list(SECTION.code, [])))).toBe("accepted");
  });
});

describe("a table", () => {
  const table = (...limits: number[]) => moduleOf(list(SECTION.table, [[0x70, ...limits]]));

  test("has at most 4,096 entries to begin with, and any maximum", () => {
    expect(verdict(table(0, ...u32(4096)))).toBe("accepted");
    expect(verdict(table(0, ...u32(4097)))).toBe("module_limit");
    expect(verdict(table(0, ...u32(10_000_000)))).toBe("module_limit");
    expect(verdict(table(1, 0, ...u32(0xffff_ffff)))).toBe("accepted");
  });

  test("has a maximum that is not below its minimum", () => {
    expect(verdict(table(1, 2, 2))).toBe("accepted");
    expect(verdict(table(1, 2, 1))).toBe("invalid_module");
  });

  test("is one, of functions", () => {
    expect(verdict(moduleOf(list(SECTION.table, [])))).toBe("accepted");
    expect(
      verdict(
        moduleOf(
          list(
            SECTION.table,
            repeat(2, [0]).map(() => [0x70, 0, 1]),
          ),
        ),
      ),
    ).toBe("module_feature");
    expect(verdict(moduleOf(list(SECTION.table, [[0x6f, 0, 1]])))).toBe("module_feature");
    expect(verdict(moduleOf(list(SECTION.table, [[I32, 0, 1]])))).toBe("malformed_module");
  });

  test("has limits of the plain kind", () => {
    expect(verdict(table(8, 1))).toBe("malformed_module");
    expect(verdict(table(4, 1))).toBe("module_feature");
  });
});

describe("a memory", () => {
  const memory = (...limits: number[]) => moduleOf(list(SECTION.memory, [limits]));

  test("has at most 256 pages to begin with, and a maximum of up to 65,536", () => {
    expect(verdict(memory(0, ...u32(256)))).toBe("accepted");
    expect(verdict(memory(0, ...u32(257)))).toBe("module_limit");
    expect(verdict(memory(1, 1, ...u32(65_536)))).toBe("accepted");
    expect(verdict(memory(1, 1, ...u32(65_537)))).toBe("invalid_module");
    expect(verdict(memory(0, ...u32(65_537)))).toBe("invalid_module");
    expect(verdict(memory(1, 2, 1))).toBe("invalid_module");
  });

  test("is one, not shared and not of 64 bits", () => {
    expect(
      verdict(
        moduleOf(
          list(SECTION.memory, [
            [0, 1],
            [0, 1],
          ]),
        ),
      ),
    ).toBe("module_feature");
    expect(verdict(memory(3, 1, 1))).toBe("module_feature");
    expect(verdict(memory(4, 1))).toBe("module_feature");
  });
});

describe("globals", () => {
  const globals = (...items: number[][]) => moduleOf(list(SECTION.global, items));
  const plain = [I32, 0, ...constant(1), END];

  test("are at most 512", () => {
    expect(verdict(globals(...repeat(512, [0]).map(() => plain)))).toBe("accepted");
    expect(verdict(globals(...repeat(513, [0]).map(() => plain)))).toBe("module_limit");
  });

  test("are immutable or mutable, of i32 or i64", () => {
    expect(verdict(globals([I64, 1, 0x42, 0, END]))).toBe("accepted");
    expect(verdict(globals([I32, 2, ...constant(1), END]))).toBe("malformed_module");
    expect(verdict(globals([F32, 0, 0x43, 0, 0, 0, 0, END]))).toBe("module_feature");
  });

  test("begin with a constant of their type", () => {
    expect(verdict(globals([I64, 0, ...constant(1), END]))).toBe("invalid_module");
  });
});

test("what a section announces and does not have makes nothing", () => {
  for (const id of [SECTION.type, SECTION.function, SECTION.global, SECTION.export, SECTION.element, SECTION.data]) {
    expect(verdict(moduleOf(section(id, u32(0xffff_ffff))))).toBe("module_limit");
    expect(verdict(moduleOf(section(id, [2])))).toBe("malformed_module");
  }
  expect(verdict(moduleOf([SECTION.type, ...sized([0, 0])]))).toBe("malformed_module");
});
