// Bodies: their locals and sizes, each limit at its boundary and one past it.

import { describe, expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import {
  body,
  END,
  F32,
  functionType,
  I32,
  I64,
  list,
  moduleOf,
  oneFunction,
  refusalOf,
  repeat,
  SECTION,
  u32,
  verdict,
} from "../../../../support/moduleBytes.ts";

const NOP = 0x01;
const BLOCK = [0x02, 0x40, END];

describe("locals", () => {
  const locals = (count: number, parameters = 0) =>
    oneFunction({ parameters: repeat(parameters, [I32]), locals: [[count, I64]], code: [] });

  test("come in groups", () => {
    const result = decodeAndValidate(
      oneFunction({
        locals: [
          [1, I64],
          [0, I32],
          [2, I32],
        ],
        code: [NOP],
      }),
    );
    expect(result.ok && result.value.functions[0]).toEqual({
      typeIndex: 0,
      codeStart: 29,
      codeEnd: 31,
      locals: ["i64", "i32", "i32"],
      operandHeightMax: 0,
      controlBlocks: 0,
    });
    expect(verdict(oneFunction({ locals: [[1, F32]], code: [] }))).toBe("module_feature");
    expect(verdict(oneFunction({ locals: [[1, 0x40]], code: [] }))).toBe("malformed_module");
  });

  test("are at most 256 with the parameters", () => {
    expect(verdict(locals(256))).toBe("accepted");
    expect(verdict(locals(257))).toBe("module_limit");
    expect(verdict(locals(224, 32))).toBe("accepted");
    expect(verdict(locals(225, 32))).toBe("module_limit");
    expect(
      verdict(
        oneFunction({
          locals: [
            [200, I32],
            [57, I32],
          ],
          code: [],
        }),
      ),
    ).toBe("module_limit");
    expect(verdict(locals(0xffff_ffff))).toBe("module_limit");
  });

  test("times blocks are at most 2,000,000 in the module", () => {
    // 250 x (7,999 + 1) is the limit, in a function of 24 KB; the next one adds its locals.
    const full = body([...repeat(7999, BLOCK), END], [[250, I32]]);
    const module = (...more: number[][]) =>
      moduleOf(
        list(SECTION.type, [functionType([], [])]),
        list(
          SECTION.function,
          repeat(1 + more.length, [0]).map(() => [0]),
        ),
        list(SECTION.code, [full, ...more]),
      );
    expect(verdict(module())).toBe("accepted");
    expect(verdict(module(body([END])))).toBe("accepted");
    expect(verdict(module(body([END], [[1, I32]])))).toBe("module_limit");
  });
});

describe("a body", () => {
  const sizedTo = (size: number) => oneFunction({ code: repeat(size - 2, [NOP]) });

  test("has at most 65,536 bytes", () => {
    expect(verdict(sizedTo(65_536))).toBe("accepted");
    expect(verdict(sizedTo(65_537))).toBe("module_limit");
  });

  test("ends where its size says", () => {
    const types = [list(SECTION.type, [functionType([], [])]), list(SECTION.function, [[0]])];
    const withBody = (...bytes: number[]) => verdict(moduleOf(...types, list(SECTION.code, [bytes])));
    expect(withBody(2, 0, END)).toBe("accepted");
    expect(withBody(3, 0, END)).toBe("malformed_module");
    expect(withBody(1, 0)).toBe("malformed_module");
    expect(withBody(0)).toBe("malformed_module");
    expect(withBody(3, 0, END, NOP)).toBe("malformed_module");
    expect(withBody(...u32(65_536), 0, END)).toBe("malformed_module");
  });

  test("is named in a refusal by its index, imported functions counted", () => {
    const module = moduleOf(
      list(SECTION.type, [functionType([I32, I32], []), functionType([], [])]),
      list(SECTION.import, [[3, ...Buffer.from("env"), 3, ...Buffer.from("log"), 0, 0]]),
      list(SECTION.function, [[1], [1]]),
      list(SECTION.code, [body([END]), body([0x1a, END])]),
    );
    expect(refusalOf(module)?.details).toMatchObject({ functionIndex: 2 });
  });
});
