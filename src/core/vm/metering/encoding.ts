// Bytes of the binary format that metering writes (WebAssembly Core Specification 2.0, section 5.3).

import { OPCODE } from "../module/instructions.ts";
import type { ConstantExpression, ValueType } from "../module/types.ts";
import type { WasmWriter } from "./wasmWriter.ts";

export const VALUE_TYPE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };
export const FUNCTION_TYPE_BYTE = 0x60;
export const FUNCREF_BYTE = 0x70;
/** The type of a block without parameters and results. */
export const EMPTY_BLOCK_BYTE = 0x40;

/** The instruction that leaves a constant on the operand stack. */
export function writeConstant(out: WasmWriter, constant: ConstantExpression): void {
  if (constant.kind === "i32") out.byte(OPCODE.i32Const).i32(constant.value);
  else out.byte(OPCODE.i64Const).i64(constant.value);
}
