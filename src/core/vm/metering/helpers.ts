// The functions that metering appends to a module: how the host enters an instance, charges for it and reads its counters,
// and how the contract's code grows, copies and fills memory (docs/spec/metering.md, Helper functions).

import { OPCODE } from "../module/instructions.ts";
import type { FunctionType, GlobalDefinition } from "../module/types.ts";
import type { MemoryHelper } from "./bodyPlan.ts";
import { checkGas } from "./code.ts";
import { COPY_SHIFT, FILL_SHIFT, FIRST_GROWTH_GAS, PAGE_GAS } from "./costs.ts";
import { EMPTY_BLOCK_BYTE, writeConstant } from "./encoding.ts";
import type { MeteringLayout } from "./layout.ts";
import { COUNTER, METERED_EXPORTS } from "./names.ts";
import type { WasmWriter } from "./wasmWriter.ts";

const I64_EXTEND_I32_U = 0xad;
const I32_WRAP_I64 = 0xa7;
const I64_SHL = 0x86;
const I64_SHR_U = 0x88;
const I64_OR = 0x84;
const I64_MUL = 0x7e;
const I64_GT_U = 0x56;
const I32_EQ = 0x46;
const I32_LT_U = 0x49;
const I32_OR = 0x72;
const WORD_BITS = 32n;

export interface Helper {
  readonly type: FunctionType;
  /** How the host finds it. */
  readonly exportName?: string;
  /** What the contract's code calls it in place of. */
  readonly replaces?: MemoryHelper;
  /** Its code without the last `end`; it has no locals. */
  readonly write: (out: WasmWriter, context: HelperContext) => void;
}

export interface HelperContext {
  readonly layout: MeteringLayout;
  /** Pages that the contract itself allows its memory. */
  readonly declaredPagesMax: number;
  /** Pages that it begins with. */
  readonly pagesMin: number;
  /** The contract's own. */
  readonly globals: readonly GlobalDefinition[];
}

const RESET: FunctionType = { parameters: [], results: [] };
const ENTER: FunctionType = { parameters: ["i32", "i32", "i32", "i32"], results: [] };
const CHARGE: FunctionType = { parameters: ["i32", "i32"], results: ["i32"] };
/** `memory.grow` and the reading of a counter. */
const MAP: FunctionType = { parameters: ["i32"], results: ["i32"] };
const MOVE: FunctionType = { parameters: ["i32", "i32", "i32"], results: [] };

/** Their types, in the order in which they are appended. */
export const HELPER_TYPES: readonly FunctionType[] = [RESET, ENTER, CHARGE, MAP, MOVE];

function parameterLong(out: WasmWriter, index: number): WasmWriter {
  return out.byte(OPCODE.localGet).u32(index).byte(I64_EXTEND_I32_U);
}

/** Takes from the gas the i64 that `writeAmount` leaves on the operand stack. */
function chargeAmount(out: WasmWriter, layout: MeteringLayout, writeAmount: () => void): void {
  out.byte(OPCODE.globalGet).u32(layout.gas);
  writeAmount();
  out.byte(OPCODE.i64Sub).byte(OPCODE.globalSet).u32(layout.gas);
  checkGas(out, layout);
}

/** Leaves memory.size + delta > maximum; both may be large, so in i64. */
function writeIsBeyond(out: WasmWriter, writeMaximum: () => WasmWriter): void {
  out.byte(OPCODE.memorySize).byte(0).byte(I64_EXTEND_I32_U);
  parameterLong(out, 0).byte(OPCODE.i64Add);
  writeMaximum().byte(I64_EXTEND_I32_U).byte(I64_GT_U);
}

/** What is asked for beyond a maximum costs nothing more: it does nothing. */
function writeGrow(out: WasmWriter, { layout, declaredPagesMax, pagesMin }: HelperContext): void {
  writeIsBeyond(out, () => out.byte(OPCODE.globalGet).u32(layout.pagesMax));
  writeIsBeyond(out, () => out.byte(OPCODE.i32Const).i32(declaredPagesMax));
  out.byte(I32_OR).byte(OPCODE.if).byte(EMPTY_BLOCK_BYTE);
  out.byte(OPCODE.i32Const).i32(-1).byte(OPCODE.return).byte(OPCODE.end);
  chargeAmount(out, layout, () => {
    // All pages are paid for: the engine may move them to where there is more room.
    out.byte(OPCODE.memorySize).byte(0).byte(I64_EXTEND_I32_U);
    parameterLong(out, 0).byte(OPCODE.i64Add).byte(OPCODE.i64Const).i64(PAGE_GAS).byte(I64_MUL);
    out.byte(OPCODE.i64Const).i64(FIRST_GROWTH_GAS).byte(OPCODE.i64Const).i64(0n);
    out.byte(OPCODE.memorySize).byte(0).byte(OPCODE.i32Const).i32(pagesMin).byte(I32_EQ);
    out.byte(OPCODE.select).byte(OPCODE.i64Add);
    // Nothing for nothing.
    out.byte(OPCODE.i64Const).i64(0n).byte(OPCODE.localGet).u32(0).byte(OPCODE.select);
  });
  // The parameter has served, and takes the result.
  out.byte(OPCODE.localGet).u32(0).byte(OPCODE.memoryGrow).byte(0).byte(OPCODE.localTee).u32(0);
  out.byte(OPCODE.i32Const).i32(-1).byte(I32_EQ).byte(OPCODE.if).byte(EMPTY_BLOCK_BYTE);
  out.byte(OPCODE.i32Const).i32(1).byte(OPCODE.globalSet).u32(layout.fault);
  out.byte(OPCODE.unreachable).byte(OPCODE.end);
  out.byte(OPCODE.localGet).u32(0);
}

function writeMove(
  out: WasmWriter,
  layout: MeteringLayout,
  { shift, instruction }: { shift: bigint; instruction: readonly number[] },
): void {
  chargeAmount(out, layout, () => {
    parameterLong(out, 2).byte(OPCODE.i64Const).i64(shift).byte(I64_SHR_U);
  });
  for (let index = 0; index < 3; index++) out.byte(OPCODE.localGet).u32(index);
  out.bytes(instruction);
}

/** The i64 whose halves are the first two parameters, the lower one first. */
function writeAmount(out: WasmWriter): WasmWriter {
  parameterLong(out, 1).byte(OPCODE.i64Const).i64(WORD_BITS).byte(I64_SHL);
  return parameterLong(out, 0).byte(I64_OR);
}

/** What calls before have left in the contract's globals is as it was when the instance was made. */
function writeReset(out: WasmWriter, { globals }: HelperContext): void {
  for (const [index, { isMutable, initial }] of globals.entries()) {
    if (!isMutable) continue;
    writeConstant(out, initial);
    out.byte(OPCODE.globalSet).u32(index);
  }
}

function writeEnter(out: WasmWriter, { layout }: HelperContext): void {
  writeAmount(out).byte(OPCODE.globalSet).u32(layout.gas);
  out.byte(OPCODE.localGet).u32(2).byte(OPCODE.globalSet).u32(layout.stack);
  out.byte(OPCODE.localGet).u32(3).byte(OPCODE.globalSet).u32(layout.pagesMax);
  out.byte(OPCODE.i32Const).i32(0).byte(OPCODE.globalSet).u32(layout.fault);
}

function writeCharge(out: WasmWriter, { layout }: HelperContext): void {
  writeAmount(out.byte(OPCODE.globalGet).u32(layout.gas)).byte(OPCODE.i64LtS);
  out.byte(OPCODE.if).byte(EMPTY_BLOCK_BYTE).byte(OPCODE.i32Const).i32(0).byte(OPCODE.return).byte(OPCODE.end);
  writeAmount(out.byte(OPCODE.globalGet).u32(layout.gas)).byte(OPCODE.i64Sub).byte(OPCODE.globalSet).u32(layout.gas);
  out.byte(OPCODE.i32Const).i32(1);
}

/** Without a branch: both halves, both others, and which of them. */
function writeRead(out: WasmWriter, { layout }: HelperContext): void {
  const isCounter = (counter: number) => out.byte(OPCODE.localGet).u32(0).byte(OPCODE.i32Const).i32(counter);
  out.byte(OPCODE.globalGet).u32(layout.gas).byte(I32_WRAP_I64);
  out.byte(OPCODE.globalGet).u32(layout.gas).byte(OPCODE.i64Const).i64(WORD_BITS).byte(I64_SHR_U).byte(I32_WRAP_I64);
  isCounter(COUNTER.gasLow).byte(I32_EQ).byte(OPCODE.select);
  out.byte(OPCODE.globalGet).u32(layout.stack).byte(OPCODE.globalGet).u32(layout.fault);
  isCounter(COUNTER.stack).byte(I32_EQ).byte(OPCODE.select);
  isCounter(COUNTER.stack).byte(I32_LT_U).byte(OPCODE.select);
}

const COPY = { shift: COPY_SHIFT, instruction: [0xfc, 0x0a, 0, 0] };
const FILL = { shift: FILL_SHIFT, instruction: [0xfc, 0x0b, 0] };

/** In the order in which they are appended. */
export const HELPERS: readonly Helper[] = [
  { type: RESET, exportName: METERED_EXPORTS.reset, write: writeReset },
  { type: ENTER, exportName: METERED_EXPORTS.enter, write: writeEnter },
  { type: CHARGE, exportName: METERED_EXPORTS.charge, write: writeCharge },
  { type: MAP, exportName: METERED_EXPORTS.read, write: writeRead },
  { type: MAP, replaces: "grow", write: writeGrow },
  { type: MOVE, replaces: "copy", write: (out, { layout }) => writeMove(out, layout, COPY) },
  { type: MOVE, replaces: "fill", write: (out, { layout }) => writeMove(out, layout, FILL) },
];

/** Index of the function that is called in place of an instruction. */
export function helperIndex(layout: MeteringLayout, replaced: MemoryHelper): number {
  return layout.firstFunction + HELPERS.findIndex(({ replaces }) => replaces === replaced);
}
