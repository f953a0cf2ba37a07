// The virtual machine that tests run: the real one, over the engine that runs the tests.

import type { WasmFunction } from "../../src/core/ports/index.ts";
import { VirtualMachine } from "../../src/core/vm/index.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";

/** A machine whose engine fails while `isFailing` says so, in a way that no contract can bring about. */
export function createFailingMachine(isFailing: () => boolean): VirtualMachine {
  const failing =
    (run: WasmFunction): WasmFunction =>
    (...values) => {
      if (isFailing()) throw new RangeError("the engine is out of order");
      return run(...values);
    };
  return new VirtualMachine({
    runtime: {
      ...wasmRuntime,
      instantiate: (...options) =>
        Object.fromEntries(
          Object.entries(wasmRuntime.instantiate(...options)).map(([name, run]) => [name, failing(run)]),
        ),
    },
  });
}

export function createTestMachine(): VirtualMachine {
  return new VirtualMachine({ runtime: wasmRuntime });
}
