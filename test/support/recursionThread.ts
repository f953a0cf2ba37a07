// A Worker that is sent a module, calls its `run` and answers with the kind of what that throws.

import { wasmRuntime } from "../../src/io/wasm/index.ts";

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
  const memory = wasmRuntime.createMemory({ pagesMin: 0, pagesMax: 1 });
  const exports = wasmRuntime.instantiate(wasmRuntime.compile(data), { memory, functions: {} });
  try {
    exports.run?.();
    self.postMessage("nothing was thrown");
  } catch (error) {
    self.postMessage(wasmRuntime.errorKind(error));
  }
};
