// What each instruction costs in gas (docs/spec/metering.md, Costs). One gas is about a nanosecond of the engine's
// interpreter, in which code begins to run, its metering included: bench/metering.ts shows how near. Consensus: a changed
// number is a new version of metering.

import { defined } from "../../primitives/index.ts";
import { INSTRUCTIONS, type Instruction, OPCODE } from "../module/instructions.ts";

/** Of an instruction that is not named below: it computes something from its operands. */
const COMPUTE_GAS = 2;
const DIVIDE_GAS = 4;
const CONVERT_GAS = 1;
const LOAD_GAS = 3;

/** What instructions cost where they stand; `loop` in each round. */
const NAMED_GAS: ReadonlyMap<number, number> = new Map([
  [OPCODE.unreachable, 1],
  [OPCODE.nop, 1],
  [OPCODE.block, 0],
  [OPCODE.loop, 10],
  [OPCODE.if, 2],
  [OPCODE.else, 0],
  [OPCODE.end, 0],
  [OPCODE.br, 2],
  [OPCODE.brIf, 4],
  [OPCODE.brTable, 10],
  [OPCODE.return, 2],
  [OPCODE.call, 15],
  [OPCODE.callIndirect, 20],
  [OPCODE.drop, 1],
  [OPCODE.localGet, 1],
  [OPCODE.localSet, 2],
  [OPCODE.localTee, 2],
  [OPCODE.globalGet, 1],
  [OPCODE.globalSet, 1],
  [OPCODE.memorySize, 1],
  [OPCODE.memoryGrow, 40],
  [OPCODE.memoryCopy, 40],
  [OPCODE.memoryFill, 40],
  [OPCODE.i32Const, 1],
  [OPCODE.i64Const, 1],
]);

/** How instructions are named that divide, change a value's width, or load. */
const DIVISION = /\.(?:div|rem)_[su]$/;
const CONVERSION = /wrap|extend/;
const LOAD = /\.load/;

/** Of entering a function, by a call or from outside, and of leaving it. */
export const ENTRY_GAS = 15;
/** Of entering a function, for each local that it declares. */
export const LOCAL_GAS = 1;
/** Of entering one of the arms of an `if`. */
export const ARM_GAS = 8;
/** Of the first growth of a call: its memory can't serve another one. */
export const FIRST_GROWTH_GAS = 250_000n;
/** Of each page that the memory has once it has grown. */
export const PAGE_GAS = 25_000n;
/** How many bytes memory.copy and memory.fill handle for one gas, as powers of two. */
export const COPY_SHIFT = 5n;
export const FILL_SHIFT = 6n;

/** Slots of 16 bytes that a frame takes beside its locals and operands. */
export const FRAME_SLOTS = 48;

function gasOf({ opcode, name }: Instruction): number {
  const named = NAMED_GAS.get(opcode);
  if (named !== undefined) return named;
  if (CONVERSION.test(name)) return CONVERT_GAS;
  if (LOAD.test(name)) return LOAD_GAS;
  return DIVISION.test(name) ? DIVIDE_GAS : COMPUTE_GAS;
}

const GAS_BY_OPCODE: ReadonlyMap<number, number> = new Map(INSTRUCTIONS.map((entry) => [entry.opcode, gasOf(entry)]));

/** The gas of one instruction; what it costs by its operands is charged by the helper functions. */
export function instructionGas(opcode: number): number {
  return defined(GAS_BY_OPCODE.get(opcode), "a validated body has only instructions of the table");
}
