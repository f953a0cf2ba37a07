// Makes the module that the engine runs from the one that was deployed (docs/spec/metering.md). The output is consensus:
// equal modules give equal bytes everywhere and always, and another output is a new version.

import { accept, type Bytes, type Result, refuse } from "../../primitives/index.ts";
import { MEMORY_IMPORT } from "../hostInterface.ts";
import { MEMORY_PAGES_MAX, METERED_SIZE_BYTES_MAX } from "../limits.ts";
import { OPCODE } from "../module/instructions.ts";
import type { ConstantExpression, ContractModule, FunctionType } from "../module/types.ts";
import { writeBody } from "./body.ts";
import { HELPER_TYPES, HELPERS } from "./helpers.ts";
import { layoutOf, type MeteringLayout } from "./layout.ts";
import { VALUE_TYPE_BYTES } from "./valueTypes.ts";
import { WasmWriter } from "./wasmWriter.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, import: 2, function: 3, table: 4, global: 6, export: 7, element: 9, code: 10, data: 11 };
const KIND = { function: 0, memory: 2 };
const FUNCTION_TYPE = 0x60;
const FUNCREF = 0x70;
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
  out.byte(FUNCTION_TYPE);
  for (const types of [parameters, results]) {
    out.u32(types.length);
    for (const type of types) out.byte(VALUE_TYPE_BYTES[type]);
  }
}

function writeConstant(out: WasmWriter, constant: ConstantExpression): void {
  if (constant.kind === "i32") out.byte(OPCODE.i32Const).i32(constant.value);
  else out.byte(OPCODE.i64Const).i64(constant.value);
  out.byte(OPCODE.end);
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

function tables(module: ContractModule): readonly ItemWriter[] {
  const { table } = module;
  if (table === undefined) return [];
  return [
    (out) => {
      out.byte(FUNCREF);
      if (table.maximum === undefined) out.byte(0).u32(table.minimum);
      else out.byte(HAS_MAXIMUM).u32(table.minimum).u32(table.maximum);
    },
  ];
}

/** The metering's own: gas, stack, pagesMax, fault. */
function ownGlobals(): readonly ItemWriter[] {
  const zero: ConstantExpression = { kind: "i32", value: 0 };
  return [{ kind: "i64", value: 0n } as const, zero, zero, zero].map((initial) => (out: WasmWriter) => {
    out.byte(VALUE_TYPE_BYTES[initial.kind]).byte(MUTABLE);
    writeConstant(out, initial);
  });
}

function globals(module: ContractModule): readonly ItemWriter[] {
  return [
    ...module.globals.map(({ type, isMutable, initial }) => (out: WasmWriter) => {
      out.byte(VALUE_TYPE_BYTES[type]).byte(isMutable ? MUTABLE : 0);
      writeConstant(out, initial);
    }),
    ...ownGlobals(),
  ];
}

/** Under which name the metered module exports a function of the contract. */
export function exportNameOf(functionIndex: number): string {
  return `f${functionIndex}`;
}

/** Under which name the metered module exports what was the start function. */
export const START_EXPORT = "__start";

function exports(module: ContractModule, layout: MeteringLayout): readonly ItemWriter[] {
  const indices = new Set(module.exports.filter(({ kind }) => kind === "function").map(({ index }) => index));
  const named: [string, number][] = [...indices].sort((a, b) => a - b).map((index) => [exportNameOf(index), index]);
  if (module.start !== undefined) named.push([START_EXPORT, module.start]);
  HELPERS.forEach(({ exportName }, place) => {
    if (exportName !== undefined) named.push([exportName, layout.firstFunction + place]);
  });
  return named.map(([name, index]) => (out: WasmWriter) => out.name(name).byte(KIND.function).u32(index));
}

function elements(module: ContractModule): readonly ItemWriter[] {
  return module.elements.map(({ offset, functionIndices }) => (out: WasmWriter) => {
    out.u32(0);
    writeConstant(out, { kind: "i32", value: offset });
    out.u32(functionIndices.length);
    for (const index of functionIndices) out.u32(index);
  });
}

function data(module: ContractModule): readonly ItemWriter[] {
  return module.data.map(({ offset, bytes }) => (out: WasmWriter) => {
    out.u32(0);
    writeConstant(out, { kind: "i32", value: offset });
    out.u32(bytes.length).bytes(bytes);
  });
}

/** Undefined as soon as the code is larger than a metered module may be. */
function codeSection(module: ContractModule, layout: MeteringLayout): WasmWriter | undefined {
  const content = new WasmWriter(module.bytes.length * 2).u32(module.functions.length + HELPERS.length);
  const entry = new WasmWriter();
  for (const body of module.functions) {
    entry.clear();
    writeBody(entry, module, body, layout);
    content.sized(entry);
    if (content.size > METERED_SIZE_BYTES_MAX) return undefined;
  }
  for (const { write } of HELPERS) {
    entry.clear();
    entry.u32(0);
    write(entry, { layout, declaredPagesMax: module.memory.maximum ?? MEMORY_PAGES_MAX });
    content.sized(entry.byte(OPCODE.end));
  }
  return content;
}

/** Refuses what becomes too large: a body of 64 KiB of branches grows sixfold. */
export function meterModule(module: ContractModule): Result<Bytes, "module_limit"> {
  const layout = layoutOf(module);
  const code = codeSection(module, layout);
  if (code === undefined) return tooLarge();
  const out = new WasmWriter(code.size + module.bytes.length).bytes(HEADER);
  writeSection(out, SECTION.type, [...module.types, ...HELPER_TYPES].map((type) => (o) => writeType(o, type)));
  writeSection(out, SECTION.import, imports(module));
  writeSection(out, SECTION.function, functions(module, layout));
  writeSection(out, SECTION.table, tables(module));
  writeSection(out, SECTION.global, globals(module));
  writeSection(out, SECTION.export, exports(module, layout));
  writeSection(out, SECTION.element, elements(module));
  out.byte(SECTION.code).sized(code);
  writeSection(out, SECTION.data, data(module));
  return out.size > METERED_SIZE_BYTES_MAX ? tooLarge() : accept(out.finish());
}

function tooLarge(): Result<Bytes, "module_limit"> {
  return refuse(
    "module_limit",
    `the module is larger than ${METERED_SIZE_BYTES_MAX} bytes once it is metered; branch less, or split it`,
    { sizeBytesMax: METERED_SIZE_BYTES_MAX },
  );
}
