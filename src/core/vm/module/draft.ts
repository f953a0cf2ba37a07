// A module while its sections are read: what the sections so far have said. A later section, and a function's body, is
// checked against it.

import type { Bytes } from "../../primitives/index.ts";
import type { ImportTable } from "./importTable.ts";
import type {
  DataSegment,
  ElementSegment,
  FunctionBody,
  FunctionType,
  GlobalDefinition,
  ImportedFunction,
  ModuleExport,
} from "./types.ts";

/** Of a memory, in pages, or a table, in entries. */
export interface Limits {
  readonly minimum: number;
  readonly maximum: number | undefined;
}

export interface ModuleDraft {
  readonly bytes: Bytes;
  readonly importTable: ImportTable;
  types: readonly FunctionType[];
  imports: readonly ImportedFunction[];
  /** Indices of the types of all functions, imported ones first. */
  readonly functionTypes: number[];
  table: Limits | undefined;
  memory: Limits | undefined;
  globals: readonly GlobalDefinition[];
  exports: readonly ModuleExport[];
  start: number | undefined;
  elements: readonly ElementSegment[];
  dataCount: number | undefined;
  readonly functions: FunctionBody[];
  data: readonly DataSegment[];
  /** The function whose body is being read; undefined outside of bodies. */
  currentFunction: number | undefined;
}

export function createDraft(bytes: Bytes, importTable: ImportTable): ModuleDraft {
  return {
    bytes,
    importTable,
    types: [],
    imports: [],
    functionTypes: [],
    table: undefined,
    memory: undefined,
    globals: [],
    exports: [],
    start: undefined,
    elements: [],
    dataCount: undefined,
    functions: [],
    data: [],
    currentFunction: undefined,
  };
}
