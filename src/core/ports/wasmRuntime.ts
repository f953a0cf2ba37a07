// Port: the WebAssembly engine under the virtual machine. It compiles and runs modules that core/vm has validated and
// metered, so nothing here decides what is valid or what it costs.

import type { Bytes } from "../primitives/index.ts";

declare const compiled: unique symbol;

/** A module that the engine has compiled. */
export interface CompiledWasm {
  readonly [compiled]: true;
}

export interface WasmMemory {
  /** Another one after the memory has grown. */
  readonly buffer: ArrayBuffer;
}

export type WasmValue = number | bigint;
/** i32 is a number, i64 a bigint, no result undefined. */
export type WasmFunction = (...args: readonly WasmValue[]) => WasmValue | undefined;
/** What a module imports from `env` beside its memory. */
export type WasmImports = Readonly<Record<string, (...args: number[]) => number | undefined>>;

/** A trap is the module's; exhausted native stack and everything else are faults of this node. */
export type WasmErrorKind = "trap" | "stackExhausted" | "other";

export interface WasmRuntime {
  /** @throws whatever the engine throws for bytes that it refuses, which after validation is a fault of this node */
  compile(bytes: Bytes): CompiledWasm;
  /** All bytes are zero. @throws when the host has not got the memory, a fault of this node */
  createMemory(options: { pagesMin: number; pagesMax: number }): WasmMemory;
  /** The exported functions. @throws like a call, when a segment does not fit */
  instantiate(
    module: CompiledWasm,
    imports: { memory: WasmMemory; functions: WasmImports },
  ): Readonly<Record<string, WasmFunction>>;
  /** What a call or `instantiate` has thrown; values that imported functions throw pass through and are "other". */
  errorKind(error: unknown): WasmErrorKind;
}
