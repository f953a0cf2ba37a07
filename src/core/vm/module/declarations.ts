// The sections that declare what a module consists of (WebAssembly Core Specification 2.0, sections 5.5.4 to 5.5.9): types,
// functions, table, memory, globals.

import {
  FUNCTIONS_MAX,
  GLOBALS_MAX,
  MEMORY_PAGES_MAX,
  PARAMETERS_MAX,
  RESULTS_MAX,
  TABLE_ENTRIES_MAX,
  TYPES_MAX,
} from "../limits.ts";
import type { ByteReader } from "./byteReader.ts";
import { readConstant } from "./constants.ts";
import type { Limits, ModuleDraft } from "./draft.ts";
import { checkLimit, invalid, malformed, unsupported } from "./fault.ts";
import type { FunctionType, GlobalDefinition, ValueType } from "./types.ts";
import { FUNCTION_REFERENCE, readValueType, typeFault } from "./valueTypes.ts";

const FUNCTION_TYPE = 0x60;
/** Of the specification: as many pages as 32 bits address. */
const PAGES_MAX = 65_536;

export function readTypes(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  checkLimit({ value: count, max: TYPES_MAX }, offset, {
    what: "the module has too many function types",
    hint: "use fewer different signatures",
  });
  const types: FunctionType[] = [];
  for (let read = 0; read < count; read++) types.push(readFunctionType(reader));
  draft.types = types;
}

function readFunctionType(reader: ByteReader): FunctionType {
  const offset = reader.offset;
  const form = reader.byte();
  if (form >= 0x4e && form <= 0x5f) {
    throw unsupported(offset, "a type is none of a function", "build without garbage-collected types");
  }
  if (form !== FUNCTION_TYPE) throw malformed(offset, `a function type begins with 0x${form.toString(16)}, not 0x60`);
  const parameters = readTypeList(reader, PARAMETERS_MAX, {
    what: "a function type has too many parameters",
    hint: "pass them in memory",
  });
  const results = readTypeList(reader, RESULTS_MAX, {
    what: "a function type has too many results",
    hint: "build without multi-value, or give further results back in memory",
  });
  return { parameters, results };
}

function readTypeList(reader: ByteReader, max: number, text: { what: string; hint: string }): ValueType[] {
  const offset = reader.offset;
  const count = reader.u32();
  checkLimit({ value: count, max }, offset, text);
  const list: ValueType[] = [];
  for (let read = 0; read < count; read++) list.push(readValueType(reader));
  return list;
}

/** An index into the types, for a function. */
export function readTypeIndex(reader: ByteReader, draft: ModuleDraft): number {
  const offset = reader.offset;
  const index = reader.u32();
  if (index >= draft.types.length) {
    throw invalid(offset, `there is no type ${index}; the module has ${draft.types.length}`);
  }
  return index;
}

export function readFunctions(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  checkLimit({ value: count + draft.imports.length, max: FUNCTIONS_MAX }, offset, {
    what: "the module has too many functions",
    hint: "split the contract",
  });
  for (let read = 0; read < count; read++) draft.functionTypes.push(readTypeIndex(reader, draft));
}

/** @param max of the specification, for both numbers */
function readLimits(reader: ByteReader, max: number): Limits {
  const offset = reader.offset;
  const flags = reader.byte();
  if (flags > 0x07) throw malformed(offset, `limits begin with 0x${flags.toString(16)}, not 0 or 1`);
  if (flags > 0x01) throw unsupported(offset, "a shared or 64-bit memory is not for contracts", "build without both");
  const minimum = reader.u32();
  const maximum = flags === 1 ? reader.u32() : undefined;
  for (const figure of [minimum, maximum ?? minimum]) {
    if (figure > max) throw invalid(offset, `a size of ${figure} is above ${max}, the most that the format allows`);
  }
  if (maximum !== undefined && maximum < minimum) {
    throw invalid(offset, `a maximum of ${maximum} is below the minimum of ${minimum}`);
  }
  return { minimum, maximum };
}

export function readTables(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  if (count > 1) throw unsupported(offset, `the module has ${count} tables`, "keep one table of functions");
  if (count === 0) return;
  const typeOffset = reader.offset;
  const type = reader.byte();
  if (type !== FUNCTION_REFERENCE) {
    if (type === 0x6f) throw typeFault(type, typeOffset);
    throw malformed(typeOffset, `a table's elements have the type 0x${type.toString(16)}, which is none of references`);
  }
  const limitsOffset = reader.offset;
  draft.table = readLimits(reader, 0xffff_ffff);
  checkLimit({ value: draft.table.minimum, max: TABLE_ENTRIES_MAX }, limitsOffset, {
    what: "the table has too many entries",
    hint: "declare a smaller table",
  });
}

export function readMemories(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  if (count + (draft.memory === undefined ? 0 : 1) > 1) {
    throw unsupported(offset, "the module has more than one memory", "import or define one memory");
  }
  if (count === 1) draft.memory = readMemoryType(reader);
}

export function readMemoryType(reader: ByteReader): Limits {
  const offset = reader.offset;
  const memory = readLimits(reader, PAGES_MAX);
  checkLimit({ value: memory.minimum, max: MEMORY_PAGES_MAX }, offset, {
    what: "the memory has too many pages",
    hint: "declare a smaller memory",
  });
  return memory;
}

export function readGlobals(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  checkLimit({ value: count, max: GLOBALS_MAX }, offset, {
    what: "the module has too many globals",
    hint: "keep values in memory",
  });
  const globals: GlobalDefinition[] = [];
  for (let read = 0; read < count; read++) {
    const type = readValueType(reader);
    const mutabilityOffset = reader.offset;
    const mutability = reader.byte();
    if (mutability > 1) {
      throw malformed(mutabilityOffset, `the mutability of a global is ${mutability}, not 0 or 1`);
    }
    globals.push({ type, isMutable: mutability === 1, initial: readConstant(reader, type) });
  }
  draft.globals = globals;
}
