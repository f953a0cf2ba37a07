// Modules as a whole: preamble, sections in order and each once, size, and what hostile ones cost.

import { describe, expect, test } from "bun:test";
import { decodeAndValidate } from "../../../../../src/core/vm/index.ts";
import { MODULE_SIZE_BYTES_MAX } from "../../../../../src/core/vm/limits.ts";
import {
  body,
  constant,
  END,
  functionType,
  I32,
  list,
  moduleOf,
  oneFunction,
  refusalOf,
  repeat,
  SECTION,
  section,
  text,
  u32,
  verdict,
} from "../../../../support/moduleBytes.ts";

const CUSTOM = section(SECTION.custom, text("a"));

describe("the preamble", () => {
  test("is that of a core module of version 1", () => {
    expect(verdict(moduleOf())).toBe("accepted");
    expect(verdict(new Uint8Array(0))).toBe("malformed_module");
    expect(verdict(moduleOf().subarray(0, 7))).toBe("malformed_module");
    expect(verdict(Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0))).toBe("malformed_module");
    expect(refusalOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0))?.message).toContain("not a component");
    expect(refusalOf(Buffer.from("(module)"))?.message).toContain("binary form");
  });
});

describe("sections", () => {
  const empty = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11].map((id) => section(id, [0]));

  test("stand in their order", () => {
    expect(verdict(moduleOf(...empty))).toBe("accepted");
    for (let index = 1; index < empty.length; index++) {
      const swapped = empty.with(index - 1, empty[index] as number[]).with(index, empty[index - 1] as number[]);
      expect(verdict(moduleOf(...swapped))).toBe("malformed_module");
    }
  });

  test("stand once", () => {
    for (let index = 0; index < empty.length; index++) {
      expect(verdict(moduleOf(...empty.toSpliced(index, 0, empty[index] as number[])))).toBe("malformed_module");
    }
  });

  test("have known ids, and the bytes that they announce", () => {
    expect(verdict(moduleOf([13, 1, 0]))).toBe("module_feature");
    expect(verdict(moduleOf([14, 1, 0]))).toBe("malformed_module");
    expect(verdict(moduleOf([1, 2, 0]))).toBe("malformed_module");
    expect(verdict(moduleOf([1, 2, 0, 0]))).toBe("malformed_module");
    expect(verdict(moduleOf([1]))).toBe("malformed_module");
    expect(verdict(moduleOf([1, 0]))).toBe("malformed_module");
  });

  test("that are custom stand anywhere, have a name, and are at most 64", () => {
    expect(verdict(moduleOf(CUSTOM, ...empty.flatMap((one) => [one, CUSTOM])))).toBe("accepted");
    expect(verdict(moduleOf(...repeat(64, [0]).map(() => CUSTOM)))).toBe("accepted");
    expect(verdict(moduleOf(...repeat(65, [0]).map(() => CUSTOM)))).toBe("module_limit");
    expect(verdict(moduleOf([0, 0]))).toBe("malformed_module");
    expect(verdict(moduleOf([0, 2, 1, 0xff]))).toBe("malformed_module");
  });
});

test("a module has at most 250,000 bytes", () => {
  const sizedTo = (size: number) => moduleOf(section(SECTION.custom, [0, ...repeat(size - 13, [0])]));
  expect(sizedTo(MODULE_SIZE_BYTES_MAX).length).toBe(250_000);
  expect(verdict(sizedTo(MODULE_SIZE_BYTES_MAX))).toBe("accepted");
  expect(verdict(sizedTo(MODULE_SIZE_BYTES_MAX + 1))).toBe("module_limit");
});

test("an accepted module is told in full, whatever view of memory it came in", () => {
  const module = oneFunction({ results: [I32], code: constant(1), between: [list(SECTION.memory, [[0, 2]])] });
  const wider = Buffer.concat([Buffer.of(1, 2, 3), module, Buffer.of(4)]);
  for (const view of [module, wider.subarray(3, 3 + module.length)]) {
    const result = decodeAndValidate(view);
    expect(result.ok && { ...result.value, bytes: [...result.value.bytes] }).toEqual({
      bytes: [...module],
      types: [{ parameters: [], results: ["i32"] }],
      imports: [],
      functions: [
        {
          typeIndex: 0,
          codeStart: module.length - 3,
          codeEnd: module.length,
          locals: [],
          operandHeightMax: 1,
          controlBlocks: 0,
        },
      ],
      table: undefined,
      memory: { minimum: 2, maximum: undefined },
      globals: [],
      exports: [],
      start: undefined,
      elements: [],
      data: [],
      functionNames: new Map(),
    });
  }
});

/** As many bodies as fit, each of `code`. */
function filled(code: readonly number[], locals: readonly (readonly [number, number])[] = []): Uint8Array {
  const one = body([...code, END], locals);
  const count = Math.min(4096, Math.floor((MODULE_SIZE_BYTES_MAX - 200) / (one.length + 1)));
  return moduleOf(
    list(SECTION.type, [functionType([], [])]),
    section(SECTION.function, [...u32(count), ...repeat(count, [0])]),
    section(SECTION.code, [...u32(count), ...repeat(count, one)]),
  );
}

describe("hostile modules cost little:", () => {
  const BODY = 60_000;
  const targets = [...constant(0), 0x0e, ...u32(1024), ...repeat(1025, [0])];
  const cases: Readonly<Record<string, Uint8Array>> = {
    "instructions that do nothing": filled(repeat(BODY, [0x01])),
    "operands up and down": filled(repeat(BODY / 3, [...constant(1), 0x1a])),
    "blocks beside each other": filled(repeat(BODY / 3, [0x02, 0x40, END])),
    "blocks in each other": filled([...repeat(BODY / 3, [0x02, 0x40]), ...repeat(BODY / 3, [END])]),
    "locals in every function": filled([], [[256, I32]]),
    "groups of no locals": filled(
      [],
      repeat(BODY / 2, [0]).map(() => [0, I32] as const),
    ),
    "targets of branches": filled(repeat(50, targets)),
    "constants of 64 bits": filled(repeat(5000, [0x42, ...repeat(9, [0xff]), 0x7f, 0x1a])),
    "functions of one element segment": moduleOf(
      list(SECTION.type, [functionType([], [])]),
      list(SECTION.function, [[0]]),
      list(SECTION.table, [[0x70, 0, 1]]),
      list(SECTION.element, [[0, ...constant(0), END, ...u32(240_000), ...repeat(240_000, [0])]]),
      list(SECTION.code, [body([END])]),
    ),
    "a long name": moduleOf(section(SECTION.custom, text("\ud83d\ude00".repeat(60_000)))),
    "names of functions": moduleOf(
      section(SECTION.custom, [
        ...text("name"),
        1,
        ...u32(240_004),
        ...u32(80_000),
        ...repeat(80_000, [0, 1, 0x61]),
        0,
      ]),
    ),
  };

  // The best of three, since other work on the machine slows one down.
  for (const [name, module] of Object.entries(cases)) {
    test(name, () => {
      expect(module.length).toBeGreaterThan(name === "locals in every function" ? 10_000 : 170_000);
      expect(module.length).toBeLessThanOrEqual(MODULE_SIZE_BYTES_MAX);
      const takenMs = [1, 2, 3].map(() => {
        const startMs = performance.now();
        decodeAndValidate(module);
        return performance.now() - startMs;
      });
      expect(Math.min(...takenMs)).toBeLessThan(200);
    });
  }
});
