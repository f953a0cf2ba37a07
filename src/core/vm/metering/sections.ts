// Writes the sections of a metered module, but for its code (WebAssembly Core Specification 2.0, section 5.5): the
// contract's own entries in their order, then those of metering.

import { MEMORY_IMPORT } from "../hostInterface.ts";
import { MEMORY_PAGES_MAX } from "../limits.ts";
import { OPCODE } from "../module/instructions.ts";
import type { ConstantExpression, ContractModule, FunctionType } from "../module/types.ts";
import { FUNCREF_BYTE, FUNCTION_TYPE_BYTE, VALUE_TYPE_BYTES, writeConstant } from "./encoding.ts";
import { HELPER_TYPES, HELPERS } from "./helpers.ts";
import type { MeteringLayout } from "./layout.ts";
import { functionExport, METERED_EXPORTS } from "./names.ts";
import { WasmWriter } from "./wasmWriter.ts";

const SECTION = { type: 1, import: 2, function: 3, table: 4, global: 6, export: 7, element: 9, data: 11 };
const KIND = { function: 0, memory: 2 };
const WITHOUT_MAXIMUM = 0;
const HAS_MAXIMUM = 1;
const MUTABLE = 1;
const IMPORT_MODULE = "env";

type ItemWriter = (out: WasmWriter) => void;

function writeSection(out: WasmWriter, id: number, items: readonly ItemWriter[]): void {
  if (items.length === 0) return;
  const content = new WasmWriter().u32(items.length);
  for (const write of items) write(content);
  out.byte(id).sized(content);
}

function writeType(out: WasmWriter, { parameters, results }: FunctionType): void {
  out.byte(FUNCTION_TYPE_BYTE);
  for (const types of [parameters, results]) {
    out.u32(types.length);
    for (const type of types) out.byte(VALUE_TYPE_BYTES[type]);
  }
}

function writeInitial(out: WasmWriter, constant: ConstantExpression): void {
  writeConstant(out, constant);
  out.byte(OPCODE.end);
}

function types(module: ContractModule): readonly ItemWriter[] {
  return [...module.types, ...HELPER_TYPES].map((type) => (out: WasmWriter) => writeType(out, type));
}

function imports(module: ContractModule): readonly ItemWriter[] {
  return [
    ...module.imports.map(({ name, typeIndex }) => (out: WasmWriter) => {
      out.name(IMPORT_MODULE).name(name).byte(KIND.function).u32(typeIndex);
    }),
    (out) => {
      out.name(IMPORT_MODULE).name(MEMORY_IMPORT).byte(KIND.memory);
      out.byte(HAS_MAXIMUM).u32(module.memory.minimum).u32(MEMORY_PAGES_MAX);
    },
  ];
}

function functions(module: ContractModule, layout: MeteringLayout): readonly ItemWriter[] {
  const indices = [
    ...module.functions.map(({ typeIndex }) => typeIndex),
    ...HELPERS.map(({ type }) => layout.firstType + HELPER_TYPES.indexOf(type)),
  ];
  return indices.map((index) => (out: WasmWriter) => out.u32(index));
}

/** Without a maximum: nothing makes a table grow, and engines bound what a module may declare. */
function tables(module: ContractModule): readonly ItemWriter[] {
  const { table } = module;
  if (table === undefined) return [];
  return [(out) => out.byte(FUNCREF_BYTE).byte(WITHOUT_MAXIMUM).u32(table.minimum)];
}

/** The metering's own: gas, stack, pagesMax, fault. */
function ownGlobals(): readonly ItemWriter[] {
  const zero: ConstantExpression = { kind: "i32", value: 0 };
  return [{ kind: "i64", value: 0n } as const, zero, zero, zero].map((initial) => (out: WasmWriter) => {
    out.byte(VALUE_TYPE_BYTES[initial.kind]).byte(MUTABLE);
    writeInitial(out, initial);
  });
}

function globals(module: ContractModule): readonly ItemWriter[] {
  return [
    ...module.globals.map(({ type, isMutable, initial }) => (out: WasmWriter) => {
      out.byte(VALUE_TYPE_BYTES[type]).byte(isMutable ? MUTABLE : 0);
      writeInitial(out, initial);
    }),
    ...ownGlobals(),
  ];
}

function exports(module: ContractModule, layout: MeteringLayout): readonly ItemWriter[] {
  const indices = new Set(module.exports.filter(({ kind }) => kind === "function").map(({ index }) => index));
  const named: [string, number][] = [...indices].sort((a, b) => a - b).map((index) => [functionExport(index), index]);
  if (module.start !== undefined) named.push([METERED_EXPORTS.start, module.start]);
  HELPERS.forEach(({ exportName }, place) => {
    if (exportName !== undefined) named.push([exportName, layout.firstFunction + place]);
  });
  return named.map(
    ([name, index]) =>
      (out: WasmWriter) =>
        out.name(name).byte(KIND.function).u32(index),
  );
}

function elements(module: ContractModule): readonly ItemWriter[] {
  return module.elements.map(({ offset, functionIndices }) => (out: WasmWriter) => {
    out.u32(0);
    writeInitial(out, { kind: "i32", value: offset });
    out.u32(functionIndices.length);
    for (const index of functionIndices) out.u32(index);
  });
}

function data(module: ContractModule): readonly ItemWriter[] {
  return module.data.map(({ offset, bytes }) => (out: WasmWriter) => {
    out.u32(0);
    writeInitial(out, { kind: "i32", value: offset });
    out.u32(bytes.length).bytes(bytes);
  });
}

/** All that stands before the code. */
export function writeSectionsBeforeCode(out: WasmWriter, module: ContractModule, layout: MeteringLayout): void {
  writeSection(out, SECTION.type, types(module));
  writeSection(out, SECTION.import, imports(module));
  writeSection(out, SECTION.function, functions(module, layout));
  writeSection(out, SECTION.table, tables(module));
  writeSection(out, SECTION.global, globals(module));
  writeSection(out, SECTION.export, exports(module, layout));
  writeSection(out, SECTION.element, elements(module));
}

export function writeDataSection(out: WasmWriter, module: ContractModule): void {
  writeSection(out, SECTION.data, data(module));
}
