// The contract of the WasmRuntime port, of which the engine that Bun has is the one adapter. What a module throws is told
// apart for real: each kind of trap, a native stack that is full, and values that host functions throw.

import { describe, expect, test } from "bun:test";
import type { WasmFunction, WasmImports, WasmMemory } from "../../src/core/ports/index.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";
import { type Assembly, assemble } from "../support/wasmAssembler.ts";

const PAGES = { pagesMin: 1, pagesMax: 4 };

function exportsOf(
  assembly: Assembly,
  options: { functions?: WasmImports; memory?: WasmMemory } = {},
): Readonly<Record<string, WasmFunction>> {
  const memory = options.memory ?? wasmRuntime.createMemory(PAGES);
  return wasmRuntime.instantiate(wasmRuntime.compile(assemble(assembly)), {
    memory,
    functions: options.functions ?? {},
  });
}

function functionOf(assembly: Assembly, functions: WasmImports = {}): WasmFunction {
  return exportsOf(assembly, { functions }).run as WasmFunction;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function kindOf(call: () => unknown): string {
  return wasmRuntime.errorKind(thrownBy(call));
}

const MEMORY = { minimum: 1, maximum: 4, isImported: true } as const;

describe("values", () => {
  test("an i32 is a number, an i64 a bigint, and no result is undefined", () => {
    const identity = (type: "i32" | "i64") =>
      functionOf({ functions: [{ parameters: type, result: type, code: "local.get 0", exportName: "run" }] });
    expect(identity("i32")(-5)).toBe(-5);
    expect(identity("i64")(-(2n ** 63n))).toBe(-(2n ** 63n));
    expect(functionOf({ functions: [{ code: "", exportName: "run" }] })()).toBeUndefined();
  });

  test("a module exports its functions by name and calls what it imports", () => {
    const seen: number[] = [];
    const exports = exportsOf(
      {
        imports: [{ name: "note", parameters: "i32", result: "i32" }],
        functions: [
          { result: "i32", code: "i32.const -1 call 0", exportName: "one" },
          { code: "", exportName: "two" },
        ],
      },
      {
        functions: {
          note: (value = 0) => {
            seen.push(value);
            return 7;
          },
        },
      },
    );
    expect(Object.keys(exports).sort()).toEqual(["one", "two"]);
    expect(exports.one?.()).toBe(7);
    expect(seen).toEqual([-1]);
  });

  test("two instances of a module share its memory when it is given, and no globals", () => {
    const memory = wasmRuntime.createMemory(PAGES);
    const compiled = wasmRuntime.compile(
      assemble({
        memory: MEMORY,
        globals: [{ type: "i32", initial: 0 }],
        functions: [
          {
            result: "i32",
            code: "global.get 0 i32.const 1 i32.add global.set 0 i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store global.get 0",
            exportName: "run",
          },
        ],
      }),
    );
    const runs = [1, 2].map(() => wasmRuntime.instantiate(compiled, { memory, functions: {} }).run as WasmFunction);
    expect(runs.map((run) => run())).toEqual([1, 1]);
    expect(new DataView(memory.buffer).getInt32(0, true)).toBe(2);
  });
});

describe("memory", () => {
  test("begins with zeros and shows another buffer once it has grown", () => {
    const memory = wasmRuntime.createMemory(PAGES);
    const before = memory.buffer;
    expect(new Uint8Array(before).every((byte) => byte === 0)).toBe(true);
    const grow = exportsOf(
      { memory: MEMORY, functions: [{ result: "i32", code: "i32.const 2 memory.grow", exportName: "run" }] },
      { memory },
    ).run as WasmFunction;
    expect(grow()).toBe(1);
    expect(memory.buffer).not.toBe(before);
    expect([before.byteLength, memory.buffer.byteLength]).toEqual([0, 3 * 65_536]);
    expect(grow()).toBe(-1);
  });

  test("that no machine has is thrown, and is no trap", () => {
    expect(kindOf(() => wasmRuntime.createMemory({ pagesMin: 65_537, pagesMax: 65_537 }))).toBe("other");
  });
});

describe("errors", () => {
  const traps: Readonly<Record<string, string>> = {
    unreachable: "unreachable",
    "division by zero": "i32.const 1 local.get 0 i32.div_s drop",
    "division that overflows": "i32.const -2147483648 i32.const -1 i32.div_s drop",
    "remainder by zero": "i64.const 1 local.get 0 i64.extend_i32_s i64.rem_u drop",
    "load out of bounds": "i32.const 65533 i32.load drop",
    "store out of bounds by its offset": "i32.const -1 i32.const 1 i32.store offset=4294967295",
    "fill out of bounds": "i32.const 1 i32.const 0 i32.const 65536 memory.fill",
    "copy out of bounds": "i32.const 1 i32.const 0 i32.const 65536 memory.copy",
    "call of an entry without a function": "i32.const 1 call_indirect 0",
    "call of a function of another type": "i32.const 0 call_indirect 0",
    "call beyond the table": "i32.const 2 call_indirect 0",
  };

  for (const [name, code] of Object.entries(traps)) {
    test(`${name} is a trap, cold and compiled`, () => {
      const run = functionOf({
        types: [{}],
        memory: MEMORY,
        table: { minimum: 2 },
        elements: [{ offset: 0, functions: [0] }],
        functions: [{ parameters: "i32", code, exportName: "run" }],
      });
      for (let round = 0; round < 2000; round++) {
        if (kindOf(() => run(0)) !== "trap") throw new Error(`round ${round} was no trap`);
      }
    });
  }

  test("a segment that does not fit is a trap of the instantiation", () => {
    const bytes = new Uint8Array([1]);
    const data = { memory: MEMORY, functions: [], data: [{ offset: 65_536, bytes }] };
    expect(kindOf(() => exportsOf(data))).toBe("trap");
    const elements = { table: { minimum: 1 }, functions: [{ code: "" }], elements: [{ offset: 1, functions: [0] }] };
    expect(kindOf(() => exportsOf(elements))).toBe("trap");
  });

  const endless: Assembly = { functions: [{ code: "call 0", exportName: "run" }] };
  const ownStack = { locals: "i64 ".repeat(100), code: "call 0", exportName: "run" };

  test("recursion that fills the native stack is told from a trap, cold and compiled", () => {
    for (const assembly of [endless, { functions: [ownStack] }]) {
      const run = functionOf(assembly);
      const kinds = Array.from({ length: 30 }, () => kindOf(run));
      expect(new Set(kinds)).toEqual(new Set(["stackExhausted"]));
    }
  });

  test("so is recursion through the host, and a host function that recurs itself", () => {
    const imported: Assembly = { imports: [{ name: "again" }], functions: [{ code: "call 0", exportName: "run" }] };
    let run: WasmFunction;
    const again = () => {
      run();
      return undefined;
    };
    run = functionOf(imported, { again });
    expect(kindOf(run)).toBe("stackExhausted");
    const deep = (depth: number): number => 1 + deep(depth + 1);
    const overflow = () => {
      deep(0);
      return undefined;
    };
    expect(kindOf(functionOf(imported, { again: overflow }))).toBe("stackExhausted");
  });

  test("so it is in a Worker", async () => {
    const worker = new Worker(new URL("../support/recursionThread.ts", import.meta.url));
    const answered = new Promise<MessageEvent>((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    });
    worker.postMessage(assemble(endless));
    expect((await answered).data).toBe("stackExhausted");
    worker.terminate();
  });

  test("what a host function throws passes through, and is neither", () => {
    const imported: Assembly = { imports: [{ name: "end" }], functions: [{ code: "call 0", exportName: "run" }] };
    class Own {}
    for (const value of [new Own(), new Error("own"), new RangeError("Out of bounds access"), "text", undefined]) {
      const run = functionOf(imported, {
        end: () => {
          throw value;
        },
      });
      const error = thrownBy(run);
      expect(error).toBe(value);
      expect(wasmRuntime.errorKind(error)).toBe("other");
    }
    // A view of memory out of bounds is a RangeError too, and no fault of the stack.
    const read = functionOf(imported, { end: () => new DataView(new ArrayBuffer(1)).getInt32(0) });
    expect(kindOf(read)).toBe("other");
  });

  test("bytes that are no module, and imports that are not given, are neither", () => {
    expect(kindOf(() => wasmRuntime.compile(new Uint8Array([1, 2, 3])))).toBe("other");
    expect(kindOf(() => functionOf({ imports: [{ name: "absent" }], functions: [] }))).toBe("other");
    const small = wasmRuntime.createMemory({ pagesMin: 0, pagesMax: 4 });
    expect(kindOf(() => exportsOf({ memory: MEMORY, functions: [] }, { memory: small }))).toBe("other");
  });
});
