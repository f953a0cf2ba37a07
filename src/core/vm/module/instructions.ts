// The instructions that a contract may use: integers, sign extension, one memory, one table (WebAssembly Core
// Specification 2.0, section 5.4). All others are refused by their absence here.

import type { ValueType } from "./types.ts";

/** What follows an opcode. `memory1` to `memory8` are an alignment up to that many bytes and an offset. */
export type Immediate =
  | "none"
  | "blockType"
  | "label"
  | "labels"
  | "function"
  | "typeAndTable"
  | "valueTypes"
  | "local"
  | "global"
  | "memory1"
  | "memory2"
  | "memory4"
  | "memory8"
  | "memoryIndex"
  | "memoryPair"
  | "i32"
  | "i64";

export interface Instruction {
  /** The byte; for those behind the prefix 0xfc, 0xfc00 and the number that follows it. */
  readonly opcode: number;
  readonly name: string;
  readonly immediate: Immediate;
  /** What it takes from the operand stack, the topmost last. Control and parametric instructions take more by context. */
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

function instruction(opcode: number, name: string, immediate: Immediate, parameters = "", results = ""): Instruction {
  const types = (text: string) => (text === "" ? [] : text.split(" ")) as ValueType[];
  return { opcode, name, immediate, parameters: types(parameters), results: types(results) };
}

/** The prefix of a few instructions, which a number in LEB128 follows. */
export const PREFIX = 0xfc;

// Named for the code that treats them by themselves.
export const OPCODE = {
  unreachable: 0x0,
  nop: 0x1,
  block: 0x2,
  loop: 0x3,
  if: 0x4,
  else: 0x5,
  end: 0xb,
  br: 0xc,
  brIf: 0xd,
  brTable: 0xe,
  return: 0xf,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  memoryCopy: 0xfc0a,
  memoryFill: 0xfc0b,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eqz: 0x45,
  i64LtS: 0x53,
  i32LtS: 0x48,
  i64Sub: 0x7d,
  i64Add: 0x7c,
  i32Sub: 0x6b,
  i32Add: 0x6a,
} as const;

export const INSTRUCTIONS: readonly Instruction[] = [
  instruction(0x0, "unreachable", "none"),
  instruction(0x1, "nop", "none"),
  instruction(0x2, "block", "blockType"),
  instruction(0x3, "loop", "blockType"),
  instruction(0x4, "if", "blockType", "i32"),
  instruction(0x5, "else", "none"),
  instruction(0xb, "end", "none"),
  instruction(0xc, "br", "label"),
  instruction(0xd, "br_if", "label", "i32"),
  instruction(0xe, "br_table", "labels", "i32"),
  instruction(0xf, "return", "none"),
  instruction(0x10, "call", "function"),
  instruction(0x11, "call_indirect", "typeAndTable", "i32"),
  instruction(0x1a, "drop", "none"),
  instruction(0x1b, "select", "none", "i32"),
  instruction(0x1c, "select_typed", "valueTypes", "i32"),
  instruction(0x20, "local.get", "local"),
  instruction(0x21, "local.set", "local"),
  instruction(0x22, "local.tee", "local"),
  instruction(0x23, "global.get", "global"),
  instruction(0x24, "global.set", "global"),
  instruction(0x28, "i32.load", "memory4", "i32", "i32"),
  instruction(0x29, "i64.load", "memory8", "i32", "i64"),
  instruction(0x2c, "i32.load8_s", "memory1", "i32", "i32"),
  instruction(0x2d, "i32.load8_u", "memory1", "i32", "i32"),
  instruction(0x2e, "i32.load16_s", "memory2", "i32", "i32"),
  instruction(0x2f, "i32.load16_u", "memory2", "i32", "i32"),
  instruction(0x30, "i64.load8_s", "memory1", "i32", "i64"),
  instruction(0x31, "i64.load8_u", "memory1", "i32", "i64"),
  instruction(0x32, "i64.load16_s", "memory2", "i32", "i64"),
  instruction(0x33, "i64.load16_u", "memory2", "i32", "i64"),
  instruction(0x34, "i64.load32_s", "memory4", "i32", "i64"),
  instruction(0x35, "i64.load32_u", "memory4", "i32", "i64"),
  instruction(0x36, "i32.store", "memory4", "i32 i32"),
  instruction(0x37, "i64.store", "memory8", "i32 i64"),
  instruction(0x3a, "i32.store8", "memory1", "i32 i32"),
  instruction(0x3b, "i32.store16", "memory2", "i32 i32"),
  instruction(0x3c, "i64.store8", "memory1", "i32 i64"),
  instruction(0x3d, "i64.store16", "memory2", "i32 i64"),
  instruction(0x3e, "i64.store32", "memory4", "i32 i64"),
  instruction(0x3f, "memory.size", "memoryIndex", "", "i32"),
  instruction(0x40, "memory.grow", "memoryIndex", "i32", "i32"),
  instruction(0x41, "i32.const", "i32", "", "i32"),
  instruction(0x42, "i64.const", "i64", "", "i64"),
  instruction(0x45, "i32.eqz", "none", "i32", "i32"),
  instruction(0x46, "i32.eq", "none", "i32 i32", "i32"),
  instruction(0x47, "i32.ne", "none", "i32 i32", "i32"),
  instruction(0x48, "i32.lt_s", "none", "i32 i32", "i32"),
  instruction(0x49, "i32.lt_u", "none", "i32 i32", "i32"),
  instruction(0x4a, "i32.gt_s", "none", "i32 i32", "i32"),
  instruction(0x4b, "i32.gt_u", "none", "i32 i32", "i32"),
  instruction(0x4c, "i32.le_s", "none", "i32 i32", "i32"),
  instruction(0x4d, "i32.le_u", "none", "i32 i32", "i32"),
  instruction(0x4e, "i32.ge_s", "none", "i32 i32", "i32"),
  instruction(0x4f, "i32.ge_u", "none", "i32 i32", "i32"),
  instruction(0x67, "i32.clz", "none", "i32", "i32"),
  instruction(0x68, "i32.ctz", "none", "i32", "i32"),
  instruction(0x69, "i32.popcnt", "none", "i32", "i32"),
  instruction(0x6a, "i32.add", "none", "i32 i32", "i32"),
  instruction(0x6b, "i32.sub", "none", "i32 i32", "i32"),
  instruction(0x6c, "i32.mul", "none", "i32 i32", "i32"),
  instruction(0x6d, "i32.div_s", "none", "i32 i32", "i32"),
  instruction(0x6e, "i32.div_u", "none", "i32 i32", "i32"),
  instruction(0x6f, "i32.rem_s", "none", "i32 i32", "i32"),
  instruction(0x70, "i32.rem_u", "none", "i32 i32", "i32"),
  instruction(0x71, "i32.and", "none", "i32 i32", "i32"),
  instruction(0x72, "i32.or", "none", "i32 i32", "i32"),
  instruction(0x73, "i32.xor", "none", "i32 i32", "i32"),
  instruction(0x74, "i32.shl", "none", "i32 i32", "i32"),
  instruction(0x75, "i32.shr_s", "none", "i32 i32", "i32"),
  instruction(0x76, "i32.shr_u", "none", "i32 i32", "i32"),
  instruction(0x77, "i32.rotl", "none", "i32 i32", "i32"),
  instruction(0x78, "i32.rotr", "none", "i32 i32", "i32"),
  instruction(0x50, "i64.eqz", "none", "i64", "i32"),
  instruction(0x51, "i64.eq", "none", "i64 i64", "i32"),
  instruction(0x52, "i64.ne", "none", "i64 i64", "i32"),
  instruction(0x53, "i64.lt_s", "none", "i64 i64", "i32"),
  instruction(0x54, "i64.lt_u", "none", "i64 i64", "i32"),
  instruction(0x55, "i64.gt_s", "none", "i64 i64", "i32"),
  instruction(0x56, "i64.gt_u", "none", "i64 i64", "i32"),
  instruction(0x57, "i64.le_s", "none", "i64 i64", "i32"),
  instruction(0x58, "i64.le_u", "none", "i64 i64", "i32"),
  instruction(0x59, "i64.ge_s", "none", "i64 i64", "i32"),
  instruction(0x5a, "i64.ge_u", "none", "i64 i64", "i32"),
  instruction(0x79, "i64.clz", "none", "i64", "i64"),
  instruction(0x7a, "i64.ctz", "none", "i64", "i64"),
  instruction(0x7b, "i64.popcnt", "none", "i64", "i64"),
  instruction(0x7c, "i64.add", "none", "i64 i64", "i64"),
  instruction(0x7d, "i64.sub", "none", "i64 i64", "i64"),
  instruction(0x7e, "i64.mul", "none", "i64 i64", "i64"),
  instruction(0x7f, "i64.div_s", "none", "i64 i64", "i64"),
  instruction(0x80, "i64.div_u", "none", "i64 i64", "i64"),
  instruction(0x81, "i64.rem_s", "none", "i64 i64", "i64"),
  instruction(0x82, "i64.rem_u", "none", "i64 i64", "i64"),
  instruction(0x83, "i64.and", "none", "i64 i64", "i64"),
  instruction(0x84, "i64.or", "none", "i64 i64", "i64"),
  instruction(0x85, "i64.xor", "none", "i64 i64", "i64"),
  instruction(0x86, "i64.shl", "none", "i64 i64", "i64"),
  instruction(0x87, "i64.shr_s", "none", "i64 i64", "i64"),
  instruction(0x88, "i64.shr_u", "none", "i64 i64", "i64"),
  instruction(0x89, "i64.rotl", "none", "i64 i64", "i64"),
  instruction(0x8a, "i64.rotr", "none", "i64 i64", "i64"),
  instruction(0xa7, "i32.wrap_i64", "none", "i64", "i32"),
  instruction(0xac, "i64.extend_i32_s", "none", "i32", "i64"),
  instruction(0xad, "i64.extend_i32_u", "none", "i32", "i64"),
  instruction(0xc0, "i32.extend8_s", "none", "i32", "i32"),
  instruction(0xc1, "i32.extend16_s", "none", "i32", "i32"),
  instruction(0xc2, "i64.extend8_s", "none", "i64", "i64"),
  instruction(0xc3, "i64.extend16_s", "none", "i64", "i64"),
  instruction(0xc4, "i64.extend32_s", "none", "i64", "i64"),
  instruction(0xfc0a, "memory.copy", "memoryPair", "i32 i32 i32"),
  instruction(0xfc0b, "memory.fill", "memoryIndex", "i32 i32 i32"),
];

const BY_OPCODE: ReadonlyMap<number, Instruction> = new Map(INSTRUCTIONS.map((entry) => [entry.opcode, entry]));

/** The instruction with this opcode (0xfc00 and a number for those behind the prefix); undefined when it is none of ours. */
export function instructionOf(opcode: number): Instruction | undefined {
  return BY_OPCODE.get(opcode);
}
