// Sequences of instructions that metering adds.

import { OPCODE } from "../module/instructions.ts";
import { EMPTY_BLOCK_BYTE } from "./encoding.ts";
import type { MeteringLayout } from "./layout.ts";
import type { WasmWriter } from "./wasmWriter.ts";

/** Ends the call when the i32 on the operand stack is not zero. */
function trapIf(out: WasmWriter): void {
  out.byte(OPCODE.if).byte(EMPTY_BLOCK_BYTE).byte(OPCODE.unreachable).byte(OPCODE.end);
}

/** Traps when less than no gas is left. */
export function checkGas(out: WasmWriter, layout: MeteringLayout): void {
  out.byte(OPCODE.globalGet).u32(layout.gas);
  out.byte(OPCODE.i64Const).i64(0n).byte(OPCODE.i64LtS);
  trapIf(out);
}

/** Takes gas, a constant, and traps when there is not enough. */
export function chargeGas(out: WasmWriter, layout: MeteringLayout, gas: number): void {
  out.byte(OPCODE.globalGet).u32(layout.gas);
  // As a number: it has the same bytes, and there are many charges.
  out.byte(OPCODE.i64Const).i32(gas).byte(OPCODE.i64Sub);
  out.byte(OPCODE.globalSet).u32(layout.gas);
  checkGas(out, layout);
}

/** Reads a global and writes it back: behind this, one write says what it is, whichever way led here. */
export function settleGlobal(out: WasmWriter, index: number): void {
  out.byte(OPCODE.globalGet).u32(index).byte(OPCODE.globalSet).u32(index);
}

/** Takes slots of the stack, and traps when there are not enough. */
export function takeSlots(out: WasmWriter, layout: MeteringLayout, slots: number): void {
  out.byte(OPCODE.globalGet).u32(layout.stack);
  out.byte(OPCODE.i32Const).i32(slots).byte(OPCODE.i32Sub);
  out.byte(OPCODE.globalSet).u32(layout.stack);
  out.byte(OPCODE.globalGet).u32(layout.stack);
  out.byte(OPCODE.i32Const).i32(0).byte(OPCODE.i32LtS);
  trapIf(out);
}

export function giveBackSlots(out: WasmWriter, layout: MeteringLayout, slots: number): void {
  out.byte(OPCODE.globalGet).u32(layout.stack);
  out.byte(OPCODE.i32Const).i32(slots).byte(OPCODE.i32Add);
  out.byte(OPCODE.globalSet).u32(layout.stack);
}
