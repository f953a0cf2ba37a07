// Instructions that exist in WebAssembly or one of its proposals, but that contracts may not use: their names and what to
// do without them. A code that is in no list is malformed.

export interface RefusedInstruction {
  readonly name: string;
  readonly hint: string;
}

const FLOATS = "use integers, for example fixed-point numbers; floating point differs between machines";
const EXCEPTIONS = "build without exception handling";
const TAIL_CALLS = "build without tail calls and typed function references";
const REFERENCES = "build without reference types";
const BULK = "build without passive segments and table operations; memory.copy and memory.fill are allowed";

/** Names of consecutive codes. */
function range(first: number, hint: string, names: string): [number, RefusedInstruction][] {
  return names.split(" ").map((name, index) => [first + index, { name, hint }]);
}

function floatNames(names: string): string {
  return ["f32", "f64"].flatMap((type) => names.split(" ").map((name) => `${type}.${name}`)).join(" ");
}

const REFUSED: ReadonlyMap<number, RefusedInstruction> = new Map<number, RefusedInstruction>([
  ...range(0x06, EXCEPTIONS, "try catch throw rethrow throw_ref"),
  ...range(0x12, TAIL_CALLS, "return_call return_call_indirect call_ref return_call_ref"),
  ...range(0x18, EXCEPTIONS, "delegate catch_all"),
  ...range(0x1f, EXCEPTIONS, "try_table"),
  ...range(0x25, REFERENCES, "table.get table.set"),
  ...range(0x2a, FLOATS, "f32.load f64.load"),
  ...range(0x38, FLOATS, "f32.store f64.store"),
  ...range(0x43, FLOATS, "f32.const f64.const"),
  ...range(0x5b, FLOATS, floatNames("eq ne lt gt le ge")),
  ...range(0x8b, FLOATS, floatNames("abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign")),
  ...range(0xa8, FLOATS, "i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u"),
  ...range(0xae, FLOATS, "i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u"),
  ...range(0xb2, FLOATS, "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64"),
  ...range(0xb7, FLOATS, "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32"),
  ...range(0xbc, FLOATS, "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"),
  ...range(0xd0, REFERENCES, "ref.null ref.is_null ref.func ref.eq ref.as_non_null br_on_null br_on_non_null"),
  ...range(0xfc00, FLOATS, "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"),
  ...range(0xfc04, FLOATS, "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u"),
  ...range(0xfc08, BULK, "memory.init data.drop"),
  ...range(0xfc0c, BULK, "table.init elem.drop table.copy table.grow table.size table.fill"),
  // Prefixes, whatever number follows.
  [0xfb, { name: "an instruction of garbage collection", hint: "build without garbage-collected types" }],
  [0xfd, { name: "a SIMD instruction", hint: "build without SIMD" }],
  [0xfe, { name: "an atomic instruction", hint: "build without threads and atomics" }],
]);

/** Undefined when no instruction has this opcode (numbered as in `instructionOf`), or contracts may use it. */
export function refusedInstruction(opcode: number): RefusedInstruction | undefined {
  return REFUSED.get(opcode);
}
