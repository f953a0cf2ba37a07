// Imports: host functions with exactly their types, and one memory.

import { describe, expect, test } from "bun:test";
import { HOST_FUNCTIONS } from "../../../../../src/core/vm/hostInterface.ts";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import {
  body,
  END,
  functionType,
  I32,
  I64,
  list,
  moduleOf,
  refusalOf,
  repeat,
  SECTION,
  text,
  u32,
  verdict,
} from "../../../../support/moduleBytes.ts";

function imported(module: string, field: string, ...kind: number[]): number[] {
  return [...text(module), ...text(field), ...kind];
}

function importing(...items: number[][]): Uint8Array {
  const types = list(SECTION.type, [functionType([I32, I32], []), functionType([I32, I64], [])]);
  return moduleOf(types, list(SECTION.import, items));
}

describe("a host function", () => {
  test("is imported with its own type: all of them", () => {
    for (const [name, shape] of Object.entries(HOST_FUNCTIONS)) {
      const module = (parameters: number) =>
        moduleOf(
          list(SECTION.type, [functionType(repeat(parameters, [I32]), shape.hasResult ? [I32] : [])]),
          list(SECTION.import, [imported("env", name, 0, 0)]),
        );
      expect(verdict(module(shape.parameters))).toBe("accepted");
      expect(verdict(module(shape.parameters + 1))).toBe("module_import");
    }
  });

  test("of another type is refused, with the right one in the message", () => {
    const refusal = refusalOf(importing(imported("env", "log", 0, 1)));
    expect(refusal).toEqual({
      code: "module_import",
      message:
        'the host function "log" of module "env" is imported as (i32, i64) -> (), at byte 24; declare it as (i32, i32) -> ()',
      details: { offset: 24 },
    });
  });

  test("of another name or module is refused", () => {
    for (const [module, name] of [
      ["env", "logs"],
      ["env", "toString"],
      ["env", "__proto__"],
      ["env", "\ufefflog"],
      ["\ufeffenv", "log"],
      ["wasi_snapshot_preview1", "log"],
      ["", ""],
    ] as const) {
      expect(verdict(importing(imported(module, name, 0, 0)))).toBe("module_import");
    }
  });

  test("has a type that exists", () => {
    expect(verdict(importing(imported("env", "log", 0, 2)))).toBe("invalid_module");
  });

  test("may be imported again, and counts as a function", () => {
    const log = imported("env", "log", 0, 0);
    const result = decodeAndValidate(importing(log, log));
    expect(result.ok && result.value.imports).toEqual([
      { name: "log", typeIndex: 0 },
      { name: "log", typeIndex: 0 },
    ]);
    const logs = (count: number) => importing(...repeat(count, [0]).map(() => log));
    expect(verdict(logs(4096))).toBe("accepted");
    expect(verdict(logs(4097))).toBe("module_limit");
    expect(verdict(logs(4098))).toBe("module_limit");
    const more = (count: number) =>
      moduleOf(
        list(SECTION.type, [functionType([I32, I32], [])]),
        list(SECTION.import, [log]),
        list(
          SECTION.function,
          repeat(count, [0]).map(() => [0]),
        ),
        list(
          SECTION.code,
          repeat(count, [0]).map(() => body([END])),
        ),
      );
    expect(verdict(more(4095))).toBe("accepted");
    expect(verdict(more(4096))).toBe("module_limit");
  });
});

describe("the memory", () => {
  test("is env.memory, once", () => {
    const memory = imported("env", "memory", 2, 1, 2, 3);
    const result = decodeAndValidate(importing(memory));
    expect(result.ok && result.value.memory).toEqual({ minimum: 2, maximum: 3 });
    expect(verdict(importing(memory, memory))).toBe("module_feature");
    expect(verdict(importing(imported("env", "mem", 2, 0, 1)))).toBe("module_import");
    expect(verdict(importing(imported("js", "memory", 2, 0, 1)))).toBe("module_import");
  });

  test("is imported or defined", () => {
    const both = moduleOf(list(SECTION.import, [imported("env", "memory", 2, 0, 1)]), list(SECTION.memory, [[0, 1]]));
    expect(verdict(both)).toBe("module_feature");
  });

  test("has at most 256 pages to begin with", () => {
    expect(verdict(importing(imported("env", "memory", 2, 0, ...u32(256))))).toBe("accepted");
    expect(verdict(importing(imported("env", "memory", 2, 0, ...u32(257))))).toBe("module_limit");
  });
});

test("tables, globals and tags are not imported, and other kinds do not exist", () => {
  expect(verdict(importing(imported("env", "log", 1, 0x70, 0, 1)))).toBe("module_import");
  expect(verdict(importing(imported("env", "log", 3, I32, 0)))).toBe("module_import");
  expect(verdict(importing(imported("env", "log", 4, 0, 0)))).toBe("module_import");
  expect(verdict(importing(imported("env", "log", 5, 0)))).toBe("malformed_module");
});

test("names are UTF-8", () => {
  expect(verdict(importing([1, 0xff, ...text("log"), 0, 0]))).toBe("malformed_module");
  expect(verdict(importing([...text("env"), 2, 0xc0, 0x80, 0, 0]))).toBe("malformed_module");
});
