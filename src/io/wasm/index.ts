// The WebAssembly engine.

export { wasmRuntime } from "./jscRuntime.ts";
