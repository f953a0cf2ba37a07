// Every instruction is read with its immediates; what contracts may not use is refused by its name.

import { describe, expect, test } from "bun:test";
import { ModuleFault } from "../../../../../src/core/vm/module/fault.ts";
import { InstructionReader } from "../../../../../src/core/vm/module/instructionReader.ts";
import { INSTRUCTIONS, PREFIX } from "../../../../../src/core/vm/module/instructions.ts";
import { refusedInstruction } from "../../../../../src/core/vm/module/refusedInstructions.ts";
import { repeat, u32 } from "../../../../support/moduleBytes.ts";

function first(...bytes: number[]): InstructionReader {
  const reader = new InstructionReader(Uint8Array.from(bytes), 0, bytes.length);
  expect(reader.next()).toBe(true);
  return reader;
}

function faultOf(...bytes: number[]) {
  try {
    new InstructionReader(Uint8Array.from(bytes), 0, bytes.length).next();
  } catch (error) {
    if (error instanceof ModuleFault) return error.fault;
  }
  return undefined;
}

describe("immediates", () => {
  test("of all instructions take the bytes that they have", () => {
    const sizes: Readonly<Record<string, number[]>> = {
      none: [],
      blockType: [0x40],
      labels: [1, 0, 0],
      typeAndTable: [0, 0],
      valueTypes: [1, 0x7f],
      memoryPair: [0, 0],
      memory1: [0, 0],
      memory2: [0, 0],
      memory4: [0, 0],
      memory8: [0, 0],
    };
    const code: number[] = [];
    const ends: number[] = [];
    for (const { opcode, immediate } of INSTRUCTIONS) {
      code.push(...(opcode > 0xff ? [PREFIX, opcode & 0xff] : [opcode]), ...(sizes[immediate] ?? [0]));
      ends.push(code.length);
    }
    const reader = new InstructionReader(Uint8Array.from(code), 0, code.length);
    let start = 0;
    for (const [index, instruction] of INSTRUCTIONS.entries()) {
      expect(reader.next()).toBe(true);
      expect(reader.instruction).toBe(instruction);
      expect([reader.start, reader.end]).toEqual([start, ends[index] as number]);
      start = reader.end;
    }
    expect(reader.next()).toBe(false);
  });

  test("are told in the fields", () => {
    expect(first(0x10, 0x85, 0x01).index).toBe(133);
    expect(first(0x11, 7, 0x80, 0x00)).toMatchObject({ index: 7, tableIndex: 0, end: 4 });
    expect(first(0x0e, 2, 5, 6, 7)).toMatchObject({ labels: [5, 6], index: 7 });
    expect(first(0x28, 2, 0x80, 0x02)).toMatchObject({ alignment: 2, memoryOffset: 256 });
    expect(first(0x41, 0x7f).i32).toBe(-1);
    expect(first(0x42, 0x7f).i64).toBe(-1n);
    expect(first(0x1c, 1, 0x7e).selectType).toBe("i64");
    expect(first(0x02, 0x40)).toMatchObject({ blockResult: undefined, blockTypeIndex: undefined });
    expect(first(0x03, 0x7e)).toMatchObject({ blockResult: "i64", blockTypeIndex: undefined });
    expect(first(0x04, 0x09)).toMatchObject({ blockResult: undefined, blockTypeIndex: 9 });
    expect(first(PREFIX, 0x8a, 0x00, 0, 0).instruction.name).toBe("memory.copy");
  });

  test("are malformed where the format fixes them", () => {
    expect(faultOf(0x3f, 1)).toMatchObject({ code: "malformed_module", offset: 1 });
    expect(faultOf(0x40, 0x80, 0x00)).toMatchObject({ code: "malformed_module" });
    expect(faultOf(PREFIX, 10, 0, 1)).toMatchObject({ code: "malformed_module", offset: 3 });
    expect(faultOf(0x02, 0xff, 0x7f)).toMatchObject({ code: "malformed_module", offset: 1 });
    expect(faultOf(0x1c, 0)).toMatchObject({ code: "invalid_module" });
    expect(faultOf(0x1c, 2, 0x7f, 0x7f)).toMatchObject({ code: "invalid_module" });
    expect(faultOf(0x41)).toMatchObject({ code: "malformed_module", offset: 1 });
  });

  test("of br_table are bounded", () => {
    expect(faultOf(0x0e, ...u32(1024), ...repeat(1025, [0]))).toBeUndefined();
    expect(faultOf(0x0e, ...u32(1025), ...repeat(1026, [0]))).toMatchObject({ code: "module_limit", offset: 0 });
    expect(faultOf(0x0e, ...u32(0xffff_ffff))).toMatchObject({ code: "module_limit" });
  });
});

describe("other opcodes", () => {
  test("are all refused, and known ones by name with what to do", () => {
    const known = new Set(INSTRUCTIONS.map(({ opcode }) => opcode));
    const opcodes = Array.from({ length: 256 }, (_, opcode) => opcode).filter((opcode) => opcode !== PREFIX);
    const prefixed = Array.from({ length: 256 }, (_, number) => (PREFIX << 8) | number);
    for (const opcode of [...opcodes, ...prefixed]) {
      const encoded = opcode > 0xff ? [PREFIX, ...u32(opcode & 0xff)] : [opcode];
      const fault = faultOf(...encoded, ...repeat(10, [0]));
      if (known.has(opcode)) {
        if (opcode !== 0x1c) expect(fault).toBeUndefined();
        continue;
      }
      const named = refusedInstruction(opcode);
      expect(fault?.code).toBe(named === undefined ? "malformed_module" : "module_feature");
      if (named !== undefined)
        expect(fault).toMatchObject({ what: `${named.name} is not for contracts`, hint: named.hint });
    }
  });

  test("have the names of the specification", () => {
    const name = (opcode: number) => refusedInstruction(opcode)?.name;
    expect(name(0x43)).toBe("f32.const");
    expect(name(0x66)).toBe("f64.ge");
    expect(name(0x98)).toBe("f32.copysign");
    expect(name(0x99)).toBe("f64.abs");
    expect(name(0xa6)).toBe("f64.copysign");
    expect(name(0xab)).toBe("i32.trunc_f64_u");
    expect(name(0xb6)).toBe("f32.demote_f64");
    expect(name(0xbf)).toBe("f64.reinterpret_i64");
    expect(name(0xfc07)).toBe("i64.trunc_sat_f64_u");
    expect(name(0xfc11)).toBe("table.fill");
    expect(name(0x06)).toBe("try");
    expect(name(0xd2)).toBe("ref.func");
    expect(name(0xfd)).toBe("a SIMD instruction");
  });

  test("a number behind the prefix never meets an opcode without it", () => {
    expect(faultOf(PREFIX, 0x80, 0x02)).toMatchObject({ code: "malformed_module" });
    expect(faultOf(PREFIX, ...u32(0x10a), 0, 0)).toMatchObject({ code: "malformed_module" });
  });
});
