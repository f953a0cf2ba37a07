// Writes modules byte by byte, right or wrong as a test needs them.

import type { Refusal } from "../../src/core/primitives/index.ts";
import { decodeAndValidate, type ImportTable, type ModuleCode } from "../../src/core/vm/index.ts";

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const END = 0x0b;

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

type Part = number | readonly number[];

/** A list of bytes; lists in it are put in line. */
export function bytes(...parts: readonly Part[]): number[] {
  return parts.flat();
}

/** Unsigned LEB128, as short as it can be. */
export function u32(value: number): number[] {
  const encoded: number[] = [];
  let left = value;
  while (left >= 0x80) {
    encoded.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  return [...encoded, left];
}

/** i32.const with a number below 2^31. */
export function constant(value: number): number[] {
  const encoded: number[] = [];
  let left = value;
  for (; left >= 0x40; left >>= 7) encoded.push((left & 0x7f) | 0x80);
  return [0x41, ...encoded, left];
}

export function sized(content: readonly number[]): number[] {
  return u32(content.length).concat(content);
}

export function text(value: string): number[] {
  return sized([...Buffer.from(value)]);
}

export function section(id: number, content: readonly number[]): number[] {
  return [id].concat(sized(content));
}

/** A section of a list: the count of items and the items. */
export function list(id: number, items: readonly (readonly number[])[]): number[] {
  return section(id, u32(items.length).concat(items.flat()));
}

export function repeat(count: number, item: readonly number[]): number[] {
  return new Array<readonly number[]>(count).fill(item).flat();
}

export function moduleOf(...sections: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].concat(...sections));
}

export function functionType(parameters: readonly number[], results: readonly number[]): number[] {
  return [0x60, ...sized(parameters), ...sized(results)];
}

/** Groups of locals, each a count and a type. */
export function body(code: readonly number[], locals: readonly (readonly [number, number])[] = []): number[] {
  const groups = locals.flatMap(([count, type]) => [...u32(count), type]);
  return sized(u32(locals.length).concat(groups, code));
}

export interface OneFunction {
  readonly parameters?: readonly number[];
  readonly results?: readonly number[];
  readonly locals?: readonly (readonly [number, number])[];
  /** Sections that stand between the one of functions and the code. */
  readonly between?: readonly (readonly number[])[];
  /** Without the last end. */
  readonly code: readonly number[];
}

/** A module with one function, of type 0. */
export function oneFunction(options: OneFunction): Uint8Array {
  const { parameters = [], results = [], locals = [], between = [], code } = options;
  return moduleOf(
    list(SECTION.type, [functionType(parameters, results)]),
    list(SECTION.function, [[0]]),
    ...between,
    list(SECTION.code, [body([...code, END], locals)]),
  );
}

/** The refusal of a module; undefined when it is accepted, here and by the engine. */
export function refusalOf(module: Uint8Array, importTable?: ImportTable): Refusal<ModuleCode> | undefined {
  const result = decodeAndValidate(module, importTable);
  if (!result.ok) return result.refusal;
  if (!WebAssembly.validate(Buffer.from(module))) throw new Error("the engine refuses what was accepted");
  return undefined;
}

/** The code of the refusal of a module; "accepted" when there is none. */
export function verdict(module: Uint8Array, importTable?: ImportTable): ModuleCode | "accepted" {
  return refusalOf(module, importTable)?.code ?? "accepted";
}
