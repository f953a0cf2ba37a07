// The WasmRuntime port over the engine that Bun has, JavaScriptCore. Everything is synchronous, as the core is.

import type { CompiledWasm, WasmErrorKind, WasmFunction, WasmMemory, WasmRuntime } from "../../core/ports/index.ts";
import type { Bytes } from "../../core/primitives/index.ts";

const IMPORT_MODULE = "env";
const MEMORY_IMPORT = "memory";
// JavaScriptCore throws a RangeError for many things; it says this when the native stack has no room, and only then.
const STACK_EXHAUSTED_MESSAGE = /^Maximum call stack size exceeded/;

function errorKind(error: unknown): WasmErrorKind {
  if (error instanceof WebAssembly.RuntimeError) return "trap";
  if (error instanceof RangeError && STACK_EXHAUSTED_MESSAGE.test(error.message)) return "stackExhausted";
  return "other";
}

export const wasmRuntime: WasmRuntime = {
  compile: (bytes: Bytes) => new WebAssembly.Module(bytes) as unknown as CompiledWasm,
  createMemory: ({ pagesMin, pagesMax }): WasmMemory =>
    new WebAssembly.Memory({ initial: pagesMin, maximum: pagesMax }),
  instantiate: (module, { memory, functions }) => {
    const instance = new WebAssembly.Instance(module as unknown as WebAssembly.Module, {
      [IMPORT_MODULE]: { ...functions, [MEMORY_IMPORT]: memory as WebAssembly.Memory },
    });
    // A metered module exports functions alone.
    return instance.exports as Record<string, WasmFunction>;
  },
  errorKind,
};
