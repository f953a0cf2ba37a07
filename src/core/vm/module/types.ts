// A decoded module. Indices are those of the WebAssembly specification: imported functions come first.

import type { Bytes } from "../../primitives/index.ts";

export type ValueType = "i32" | "i64";

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface ImportedFunction {
  /** Of module `env`. */
  readonly name: string;
  readonly typeIndex: number;
}

export type ConstantExpression =
  | { readonly kind: "i32"; readonly value: number }
  | { readonly kind: "i64"; readonly value: bigint };

export interface GlobalDefinition {
  readonly type: ValueType;
  readonly isMutable: boolean;
  readonly initial: ConstantExpression;
}

export interface FunctionBody {
  readonly typeIndex: number;
  /** Where the body's code begins and ends in the module: after its local declarations, up to behind its last `end`. */
  readonly codeStart: number;
  readonly codeEnd: number;
  /** The declared locals in their order, without the parameters. */
  readonly locals: readonly ValueType[];
  /** The greatest height of the operand stack, in values; found by validation. */
  readonly operandHeightMax: number;
  /** `block`, `loop` and `if` in the body; found by validation. */
  readonly controlBlocks: number;
}

export type ExportKind = "function" | "table" | "memory" | "global";

export interface ModuleExport {
  readonly name: string;
  readonly kind: ExportKind;
  readonly index: number;
}

export interface ElementSegment {
  readonly offset: number;
  readonly functionIndices: readonly number[];
}

export interface DataSegment {
  readonly offset: number;
  readonly bytes: Bytes;
}

/** A module that obeys every rule of docs/spec/modules.md. */
export interface ContractModule {
  /** As deployed. */
  readonly bytes: Bytes;
  readonly types: readonly FunctionType[];
  readonly imports: readonly ImportedFunction[];
  /** The functions that the module defines itself; the first one has the index `imports.length`. */
  readonly functions: readonly FunctionBody[];
  /** Entries of the table; undefined without one. */
  readonly table: { readonly minimum: number; readonly maximum: number | undefined } | undefined;
  /** Pages; the memory is imported. A module without a memory has a minimum of 0. */
  readonly memory: { readonly minimum: number; readonly maximum: number | undefined };
  readonly globals: readonly GlobalDefinition[];
  readonly exports: readonly ModuleExport[];
  /** Index of the function that runs when the module is instantiated. */
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  /** Names of functions from the custom section `name`, by index, for messages only. */
  readonly functionNames: ReadonlyMap<number, string>;
}
