// The type checker: operands, blocks, branches, unreachable code, what instructions name.

import { describe, expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import {
  body,
  constant,
  END,
  functionType,
  I32,
  I64,
  list,
  moduleOf,
  type OneFunction,
  oneFunction,
  refusalOf,
  repeat,
  SECTION,
  u32,
  verdict,
} from "../../../../support/moduleBytes.ts";

const [UNREACHABLE, BLOCK, LOOP, IF, ELSE, BR, BR_IF, BR_TABLE, RETURN] = [
  0x00, 0x02, 0x03, 0x04, 0x05, 0x0c, 0x0d, 0x0e, 0x0f,
];
const [CALL, CALL_INDIRECT, DROP, SELECT, SELECT_TYPED] = [0x10, 0x11, 0x1a, 0x1b, 0x1c];
const [LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET] = [0x20, 0x21, 0x22, 0x23, 0x24];
const [ADD, WRAP, LOAD, STORE] = [0x6a, 0xa7, 0x28, 0x36];
const EMPTY = 0x40;
const ONE = constant(1);
const ONE64 = [0x42, 1];
const MEMORY = list(SECTION.memory, [[0, 1]]);

function code(...parts: readonly (number | readonly number[])[]): ReturnType<typeof verdict> {
  return verdict(oneFunction({ code: parts.flat() }));
}

function codeIn(options: Omit<OneFunction, "code">, ...parts: readonly (number | readonly number[])[]) {
  return verdict(oneFunction({ ...options, code: parts.flat() }));
}

describe("operands", () => {
  test("have the types that are taken", () => {
    expect(code(ONE, ONE, ADD, DROP)).toBe("accepted");
    expect(code(ONE, ONE64, ADD, DROP)).toBe("invalid_module");
    expect(code(ONE, ADD, DROP)).toBe("invalid_module");
    expect(code(DROP)).toBe("invalid_module");
    expect(code(ONE64, WRAP, DROP)).toBe("accepted");
  });

  test("are none at the end but the results", () => {
    expect(code(ONE)).toBe("invalid_module");
    expect(codeIn({ results: [I32] }, ONE)).toBe("accepted");
    expect(codeIn({ results: [I32] })).toBe("invalid_module");
    expect(codeIn({ results: [I32] }, ONE64)).toBe("invalid_module");
    expect(codeIn({ results: [I32] }, ONE, ONE)).toBe("invalid_module");
  });

  test("are told in the refusal, with instruction and place", () => {
    expect(refusalOf(oneFunction({ code: [...ONE, ...ONE64, ADD, DROP] }))).toEqual({
      code: "invalid_module",
      message:
        "i32.add takes i32, but finds i64 on the operand stack, at byte 27 in function 0; " +
        "build the module again with a compiler whose output follows the WebAssembly specification",
      details: { offset: 27, functionIndex: 0 },
    });
  });

  test("are at most 1,024", () => {
    const high = (count: number) => code(repeat(count, ONE), repeat(count, [DROP]));
    expect(high(1024)).toBe("accepted");
    expect(high(1025)).toBe("module_limit");
    expect(code(UNREACHABLE, repeat(1025, ONE), repeat(1025, [DROP]))).toBe("module_limit");
  });

  test("are counted at their highest", () => {
    const result = decodeAndValidate(oneFunction({ code: [...ONE, ...ONE, ...ONE, DROP, DROP, DROP, ...ONE, DROP] }));
    expect(result.ok && result.value.functions[0]?.operandHeightMax).toBe(3);
  });
});

describe("blocks", () => {
  test("leave their results alone on the stack", () => {
    expect(code(BLOCK, I32, ONE, END, DROP)).toBe("accepted");
    expect(code(BLOCK, EMPTY, ONE, END)).toBe("invalid_module");
    expect(code(BLOCK, I32, ONE64, END, DROP)).toBe("invalid_module");
    expect(code(ONE, BLOCK, EMPTY, DROP, END)).toBe("invalid_module");
  });

  test("of a type index have its result and no parameters", () => {
    const typed = (type: number[], inner: number[]) =>
      verdict(
        moduleOf(
          list(SECTION.type, [functionType([], []), type]),
          list(SECTION.function, [[0]]),
          list(SECTION.code, [body([...inner, END])]),
        ),
      );
    expect(typed(functionType([], [I64]), [BLOCK, 1, ...ONE64, END, DROP])).toBe("accepted");
    expect(typed(functionType([], []), [LOOP, 1, END])).toBe("accepted");
    expect(typed(functionType([I32], []), [...ONE, BLOCK, 1, DROP, END])).toBe("module_feature");
    expect(typed(functionType([], []), [BLOCK, 2, END])).toBe("invalid_module");
  });

  test("of if take a condition, and an else when they give a result", () => {
    expect(code(ONE, IF, EMPTY, END)).toBe("accepted");
    expect(code(ONE64, IF, EMPTY, END)).toBe("invalid_module");
    expect(code(ONE, IF, I32, ONE, ELSE, ONE, END, DROP)).toBe("accepted");
    expect(code(ONE, IF, I32, ONE, END, DROP)).toBe("invalid_module");
    expect(code(ONE, IF, I32, ONE, ELSE, ONE64, END, DROP)).toBe("invalid_module");
    expect(code(ONE, IF, EMPTY, ELSE, ELSE, END)).toBe("malformed_module");
    expect(code(BLOCK, EMPTY, ELSE, END)).toBe("malformed_module");
    expect(code(ELSE)).toBe("malformed_module");
  });

  test("are nested at most 256 deep", () => {
    const deep = (count: number) => code(repeat(count, [BLOCK, EMPTY]), repeat(count, [END]));
    expect(deep(256)).toBe("accepted");
    expect(deep(257)).toBe("module_limit");
  });

  test("are counted, without else", () => {
    const blocks = [LOOP, EMPTY, BLOCK, EMPTY, END, END, ...ONE, IF, EMPTY, ELSE, END];
    const result = decodeAndValidate(oneFunction({ code: blocks }));
    expect(result.ok && result.value.functions[0]?.controlBlocks).toBe(3);
  });

  test("and the code end where the body does", () => {
    expect(code(BLOCK, EMPTY)).toBe("malformed_module");
    expect(code(END)).toBe("malformed_module");
    expect(code(END, END)).toBe("malformed_module");
  });
});

describe("branches", () => {
  test("take the results of a block along, and nothing to a loop", () => {
    expect(code(BLOCK, I32, ONE, BR, 0, END, DROP)).toBe("accepted");
    expect(code(BLOCK, I32, ONE64, BR, 0, END, DROP)).toBe("invalid_module");
    expect(code(LOOP, I32, BR, 0, END, DROP)).toBe("accepted");
    expect(code(BLOCK, I32, ONE, ONE, BR_IF, 0, END, DROP)).toBe("accepted");
    expect(code(BLOCK, I32, ONE, BR_IF, 0, END, DROP)).toBe("invalid_module");
    expect(codeIn({ results: [I32] }, ONE, RETURN)).toBe("accepted");
    expect(codeIn({ results: [I32] }, RETURN)).toBe("invalid_module");
    expect(codeIn({ results: [I32] }, ONE, BR, 0)).toBe("accepted");
  });

  test("stay in the function", () => {
    expect(code(BLOCK, EMPTY, BR, 1, END)).toBe("accepted");
    expect(code(BLOCK, EMPTY, BR, 2, END)).toBe("invalid_module");
    expect(code(BLOCK, EMPTY, ONE, BR_IF, 2, END)).toBe("invalid_module");
    expect(code(ONE, BR_TABLE, 1, 1, 0)).toBe("invalid_module");
    expect(code(ONE, BR_TABLE, 1, 0, 1)).toBe("invalid_module");
    expect(code(BR, u32(0xffff_ffff))).toBe("invalid_module");
  });

  test("of a table take the same types along", () => {
    const table = (outer: number, inner: number, value: readonly number[]) =>
      code(
        BLOCK,
        outer,
        BLOCK,
        inner,
        value,
        ONE,
        BR_TABLE,
        1,
        0,
        1,
        END,
        outer === I32 ? [DROP, ...ONE] : [],
        END,
        outer === EMPTY ? [] : DROP,
      );
    expect(table(I32, I32, ONE)).toBe("accepted");
    expect(table(I32, I64, ONE)).toBe("invalid_module");
    expect(table(I32, EMPTY, ONE)).toBe("invalid_module");
  });

  test("of a table behind unreachable code agree in number alone", () => {
    const either = [
      BLOCK,
      I64,
      BLOCK,
      I32,
      UNREACHABLE,
      ...ONE,
      BR_TABLE,
      1,
      0,
      1,
      END,
      DROP,
      ...ONE64,
      END,
      DROP,
    ].flat();
    expect(code(either)).toBe("accepted");
  });

  test("of tables have at most 16,384 targets in the module", () => {
    const tables = (count: number, last: number) => {
      const one = (targets: number) => [...ONE, BR_TABLE, ...u32(targets), ...repeat(targets + 1, [0])];
      const bodies = repeat(count, [0]).map((_, index) => body([...one(index === count - 1 ? last : 1024), END]));
      return verdict(
        moduleOf(
          list(SECTION.type, [functionType([], [])]),
          list(
            SECTION.function,
            repeat(count, [0]).map(() => [0]),
          ),
          list(SECTION.code, bodies),
        ),
      );
    };
    expect(tables(16, 1024)).toBe("accepted");
    expect(tables(17, 0)).toBe("accepted");
    expect(tables(17, 1)).toBe("module_limit");
    expect(tables(1, 1025)).toBe("module_limit");
  });
});

describe("unreachable code", () => {
  test("finds any operands, but right ones where there are some", () => {
    expect(code(UNREACHABLE, ADD, DROP)).toBe("accepted");
    expect(code(UNREACHABLE, ONE64, ADD, DROP)).toBe("invalid_module");
    expect(code(BLOCK, EMPTY, BR, 0, ONE64, ONE, ADD, DROP, END)).toBe("invalid_module");
    expect(codeIn({ results: [I64] }, UNREACHABLE)).toBe("accepted");
    expect(codeIn({ results: [I64] }, RETURN, ONE)).toBe("invalid_module");
    expect(code(UNREACHABLE, ONE)).toBe("invalid_module");
  });

  test("ends with its block", () => {
    expect(code(BLOCK, EMPTY, UNREACHABLE, END, DROP)).toBe("invalid_module");
    expect(code(BLOCK, I32, UNREACHABLE, END, WRAP, DROP)).toBe("invalid_module");
  });

  test("selects among unknown and known types", () => {
    expect(code(UNREACHABLE, SELECT, DROP)).toBe("accepted");
    expect(code(UNREACHABLE, SELECT, WRAP, DROP)).toBe("accepted");
    expect(code(UNREACHABLE, ONE, ONE, SELECT, WRAP, DROP)).toBe("invalid_module");
    expect(code(UNREACHABLE, ONE64, ONE, SELECT, WRAP, DROP)).toBe("accepted");
  });
});

describe("select", () => {
  test("has two values of one type and a condition", () => {
    expect(code(ONE64, ONE64, ONE, SELECT, WRAP, DROP)).toBe("accepted");
    expect(code(ONE, ONE64, ONE, SELECT, DROP)).toBe("invalid_module");
    expect(code(ONE, ONE, ONE64, SELECT, DROP)).toBe("invalid_module");
  });

  test("may name its type", () => {
    expect(code(ONE64, ONE64, ONE, SELECT_TYPED, 1, I64, WRAP, DROP)).toBe("accepted");
    expect(code(ONE, ONE, ONE, SELECT_TYPED, 1, I64, DROP)).toBe("invalid_module");
    expect(code(ONE, ONE, ONE, SELECT_TYPED, 1, 0x7d, DROP)).toBe("module_feature");
    expect(code(ONE, ONE, ONE, SELECT_TYPED, 2, I32, I32, DROP)).toBe("invalid_module");
  });
});

describe("variables", () => {
  const options: Omit<OneFunction, "code"> = { parameters: [I32], locals: [[1, I64]] };
  const globals = [
    list(SECTION.global, [
      [I32, 0, ...ONE, END],
      [I64, 1, ...ONE64, END],
    ]),
  ];

  test("are parameters, then locals, and exist", () => {
    expect(codeIn(options, LOCAL_GET, 0, LOCAL_TEE, 0, LOCAL_SET, 0)).toBe("accepted");
    expect(codeIn(options, LOCAL_GET, 1, LOCAL_SET, 1)).toBe("accepted");
    expect(codeIn(options, LOCAL_GET, 0, LOCAL_SET, 1)).toBe("invalid_module");
    expect(codeIn(options, ONE64, LOCAL_TEE, 0, DROP)).toBe("invalid_module");
    for (const opcode of [LOCAL_GET, LOCAL_SET, LOCAL_TEE]) {
      expect(codeIn(options, UNREACHABLE, opcode, 2)).toBe("invalid_module");
    }
  });

  test("that are global exist, and are written when they are mutable", () => {
    expect(codeIn({ between: globals }, GLOBAL_GET, 0, DROP, ONE64, GLOBAL_SET, 1)).toBe("accepted");
    expect(codeIn({ between: globals }, ONE, GLOBAL_SET, 0)).toBe("invalid_module");
    expect(codeIn({ between: globals }, ONE, GLOBAL_SET, 1)).toBe("invalid_module");
    expect(codeIn({ between: globals }, GLOBAL_GET, 2, DROP)).toBe("invalid_module");
    expect(codeIn({ between: globals }, ONE64, GLOBAL_SET, 2)).toBe("invalid_module");
  });
});

describe("calls", () => {
  test("take the callee's parameters and give its result", () => {
    const options = { parameters: [I64], results: [I32] };
    expect(codeIn(options, ONE64, CALL, 0)).toBe("accepted");
    expect(codeIn(options, ONE, CALL, 0)).toBe("invalid_module");
    expect(codeIn(options, ONE64, CALL, 0, DROP)).toBe("invalid_module");
  });

  test("stay within the functions, even by one", () => {
    expect(refusalOf(oneFunction({ code: [CALL, 1] }))).toMatchObject({
      code: "invalid_module",
      message: expect.stringContaining("call names function 1, but the module has 1"),
    });
    expect(code(CALL, u32(0xffff_ffff))).toBe("invalid_module");
  });

  test("through the table need it and a type", () => {
    const between = [list(SECTION.table, [[0x70, 0, 1]])];
    expect(codeIn({ between }, ONE, CALL_INDIRECT, 0, 0)).toBe("accepted");
    expect(codeIn({ between }, ONE, CALL_INDIRECT, 0, 0x80, 0x00)).toBe("accepted");
    expect(codeIn({ between }, ONE64, CALL_INDIRECT, 0, 0)).toBe("invalid_module");
    expect(codeIn({ between }, ONE, CALL_INDIRECT, 1, 0)).toBe("invalid_module");
    expect(codeIn({ between }, ONE, CALL_INDIRECT, 0, 1)).toBe("invalid_module");
    expect(code(ONE, CALL_INDIRECT, 0, 0)).toBe("invalid_module");
  });
});

describe("memory", () => {
  const between = [MEMORY];

  test("is there when it is used", () => {
    const uses = [
      [...ONE, LOAD, 0, 0, DROP],
      [...ONE, ...ONE, STORE, 0, 0],
      [0x3f, 0, DROP],
      [...ONE, 0x40, 0, DROP],
      [...ONE, ...ONE, ...ONE, 0xfc, 10, 0, 0],
      [...ONE, ...ONE, ...ONE, 0xfc, 11, 0],
    ];
    for (const use of uses) {
      expect(codeIn({ between }, use)).toBe("accepted");
      expect(code(use)).toBe("invalid_module");
    }
  });

  test("is accessed with an alignment of at most the access", () => {
    const accesses = [
      [0x2c, 0],
      [0x2e, 1],
      [0x28, 2],
      [0x29, 3],
    ] as const;
    for (const [load, alignment] of accesses) {
      expect(codeIn({ between }, ONE, load, alignment, u32(0xffff_ffff), DROP)).toBe("accepted");
      expect(codeIn({ between }, ONE, load, alignment + 1, 0, DROP)).toBe("invalid_module");
      expect(codeIn({ between }, ONE, load, u32(0x40), 0, DROP)).toBe("invalid_module");
    }
  });
});
