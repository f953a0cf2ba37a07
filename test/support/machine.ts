// The virtual machine that tests run: the real one, over the engine that runs the tests.

import { VirtualMachine } from "../../src/core/vm/index.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";

export function createTestMachine(): VirtualMachine {
  return new VirtualMachine({ runtime: wasmRuntime });
}
