// Constant expressions (WebAssembly Core Specification 2.0, section 3.3.9): initial values of globals and offsets of
// segments. No global is imported, so global.get is never one, and a constant is all that is left.

import type { ByteReader } from "./byteReader.ts";
import { invalid, unsupported } from "./fault.ts";
import { InstructionReader } from "./instructionReader.ts";
import { OPCODE } from "./instructions.ts";
import type { ConstantExpression, ValueType } from "./types.ts";

const HINT = "use one constant, i32.const or i64.const";
/** Of the proposal for extended constant expressions. */
const EXTENDED: ReadonlySet<string> = new Set(["i32.add", "i32.sub", "i32.mul", "i64.add", "i64.sub", "i64.mul"]);

/** Reads the expression up to behind its `end`; it has to give a value of `type`. */
export function readConstant(reader: ByteReader, type: "i32"): ConstantExpression & { kind: "i32" };
export function readConstant(reader: ByteReader, type: ValueType): ConstantExpression;
export function readConstant(reader: ByteReader, type: ValueType): ConstantExpression {
  const start = reader.offset;
  const code = new InstructionReader(reader.bytes, start, reader.end);
  let value: ConstantExpression | undefined;
  while (code.next()) {
    const { opcode, name } = code.instruction;
    if (opcode === OPCODE.end) {
      reader.offset = code.end;
      if (value?.kind === type) return value;
      throw invalid(start, `a constant expression gives ${value?.kind ?? "nothing"}, where ${type} is needed`);
    }
    if (EXTENDED.has(name))
      throw unsupported(code.start, `${name} in a constant expression is not for contracts`, HINT);
    if (opcode !== OPCODE.i32Const && opcode !== OPCODE.i64Const) {
      throw invalid(code.start, `${name} may not stand in a constant expression`, HINT);
    }
    if (value !== undefined) throw invalid(code.start, "a constant expression gives more than one value", HINT);
    value = opcode === OPCODE.i32Const ? { kind: "i32", value: code.i32 } : { kind: "i64", value: code.i64 };
  }
  reader.offset = reader.end;
  // Nothing follows, so this is the fault of a value that is cut.
  reader.byte();
  throw invalid(start, "a constant expression has no end");
}
