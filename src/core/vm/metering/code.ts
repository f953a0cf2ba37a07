// Sequences of instructions that metering adds.

import { OPCODE } from "../module/instructions.ts";
import type { MeteringLayout } from "./layout.ts";
import type { WasmWriter } from "./wasmWriter.ts";

/** The block type without parameters and results. */
export const EMPTY_BLOCK_TYPE = 0x40;
export const V = { mode: "if" };
/** Ends the call when the i32 on the operand stack is not zero. */
export function trapIf(out: WasmWriter): void {
  out.byte(OPCODE.if).byte(EMPTY_BLOCK_TYPE).byte(OPCODE.unreachable).byte(OPCODE.end);
}

/** Traps when less than no gas is left. */
export function checkGas(out: WasmWriter, layout: MeteringLayout): void {
  if (V.mode === "none") return;
  out.byte(OPCODE.globalGet).u32(layout.gas);
  if (V.mode === "mem") {
  out.byte(OPCODE.i64Const).i64(63n).byte(0x87).byte(0xa7).byte(0x2d).byte(0).byte(0).byte(0x1a);
  } else {
  out.byte(OPCODE.i64Const).i64(0n).byte(OPCODE.i64LtS);
  trapIf(out);
  }
}

/** Takes gas, a constant, and traps when there is not enough. */
export function chargeGas(out: WasmWriter, layout: MeteringLayout, gas: number): void {
  out.byte(OPCODE.globalGet).u32(layout.gas);
  out.byte(OPCODE.i64Const).i64(BigInt(gas)).byte(OPCODE.i64Sub);
  out.byte(OPCODE.globalSet).u32(layout.gas);
  checkGas(out, layout);
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
