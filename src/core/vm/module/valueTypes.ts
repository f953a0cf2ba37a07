// The bytes of types (WebAssembly Core Specification 2.0, section 5.3): the two that contracts may use, and the names of
// those that they may not.

import type { ByteReader } from "./byteReader.ts";
import { type ModuleFault, malformed, unsupported } from "./fault.ts";
import type { ValueType } from "./types.ts";

export const FUNCTION_REFERENCE = 0x70;
const I32 = 0x7f;
const I64 = 0x7e;

const REFUSED: ReadonlyMap<number, { readonly name: string; readonly hint: string }> = new Map([
  [0x7d, { name: "f32", hint: "use integers, for example fixed-point numbers" }],
  [0x7c, { name: "f64", hint: "use integers, for example fixed-point numbers" }],
  [0x7b, { name: "v128", hint: "build without SIMD" }],
  [0x70, { name: "funcref", hint: "build without reference types" }],
  [0x6f, { name: "externref", hint: "build without reference types" }],
]);

export function valueTypeOf(byte: number): ValueType | undefined {
  return byte === I32 ? "i32" : byte === I64 ? "i64" : undefined;
}

/** The fault of a type that is neither i32 nor i64. */
export function typeFault(byte: number, offset: number): ModuleFault {
  const refused = REFUSED.get(byte);
  return refused === undefined
    ? malformed(offset, `0x${byte.toString(16)} is not the byte of a value type`)
    : unsupported(offset, `the type ${refused.name} is not for contracts`, refused.hint);
}

export function readValueType(reader: ByteReader): ValueType {
  const offset = reader.offset;
  const byte = reader.byte();
  const type = valueTypeOf(byte);
  if (type === undefined) throw typeFault(byte, offset);
  return type;
}
