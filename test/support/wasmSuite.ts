// The converted WebAssembly test suite (test/vectors/wasm): what its files hold, and what its modules may import.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FunctionType, ImportTable, ValueType } from "../../src/core/vm/index.ts";

/** A module for the validator. */
export interface SuiteModule {
  readonly line: number;
  readonly kind: "valid" | "invalid" | "malformed";
  /** What the suite says is wrong. */
  readonly text?: string;
  /** In base64. */
  readonly wasm: string;
}

/** A call of an exported function. Values are a type, a space and the unsigned decimal number. */
export interface SuiteCall {
  readonly line: number;
  readonly call: string;
  readonly args: readonly string[];
  /** What it returns; when neither this nor one of the next two is there, the result does not matter. */
  readonly gives?: readonly string[];
  readonly traps?: string;
  /** It recurs without end. */
  readonly exhausts?: true;
}

/** A module that a contract could be, with the calls of it in their order. */
export interface SuiteRun {
  readonly line: number;
  /** In base64. */
  readonly wasm: string;
  /** Instantiation traps; there are no calls then. */
  readonly traps?: string;
  readonly commands: readonly SuiteCall[];
}

interface SuiteFile<Module> {
  /** Of the suite. */
  readonly source: string;
  readonly modules: readonly Module[];
}

const FOLDER = join(import.meta.dir, "../vectors/wasm");

function type(parameters: readonly ValueType[]): FunctionType {
  return { parameters, results: [] };
}

/** Of the suite's module `spectest`, all that is over integers. */
export const SUITE_IMPORTS: ImportTable = {
  module: "spectest",
  functions: new Map([
    ["print", type([])],
    ["print_i32", type(["i32"])],
    ["print_i64", type(["i64"])],
  ]),
  memory: "memory",
};

function read<Module>(kind: string): readonly SuiteFile<Module>[] {
  const folder = join(FOLDER, kind);
  const names = readdirSync(folder).sort();
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as SuiteFile<Module>);
}

export function readSuiteModules(): readonly SuiteFile<SuiteModule>[] {
  return read("modules");
}

export function readSuiteRuns(): readonly SuiteFile<SuiteRun>[] {
  return read("execution");
}
