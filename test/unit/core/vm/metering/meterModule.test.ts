// What a metered module is made of, and when there is none.

import { describe, expect, test } from "bun:test";
import { sha256 } from "../../../../../src/core/crypto/index.ts";
import { bytesToHex } from "../../../../../src/core/primitives/index.ts";
import { METERED_SIZE_BYTES_MAX } from "../../../../../src/core/vm/limits.ts";
import { writeBody } from "../../../../../src/core/vm/metering/body.ts";
import { layoutOf } from "../../../../../src/core/vm/metering/layout.ts";
import { meterModule } from "../../../../../src/core/vm/metering/meterModule.ts";
import { WasmWriter } from "../../../../../src/core/vm/metering/wasmWriter.ts";
import { decoded, MeteredModule, metered } from "../../../../support/meteredModule.ts";
import { type Assembly, assemble } from "../../../../support/wasmAssembler.ts";

function engineModule(bytes: Uint8Array): WebAssembly.Module {
  return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
}

function meteredOf(assembly: Assembly): WebAssembly.Module {
  return engineModule(metered(decoded(assemble(assembly))));
}

const HELPERS = ["__charge", "__enter", "__read", "__reset"] as const;

describe("what a metered module shows", () => {
  test("exported functions under their index, once each, and what the host calls", () => {
    const module = meteredOf({
      imports: [{ name: "input_size", result: "i32" }],
      functions: [
        { code: "", exportName: "b" },
        { code: "", exportName: "a" },
      ],
      start: 2,
    });
    const exports = WebAssembly.Module.exports(module);
    expect(exports.map(({ name }) => name).sort()).toEqual([...HELPERS, "__start", "f1", "f2"].sort());
    expect(exports.every(({ kind }) => kind === "function")).toBe(true);
  });

  test("a memory is imported, with the declared minimum, whether the module has one or not", () => {
    const imports = (assembly: Assembly) => WebAssembly.Module.imports(meteredOf(assembly));
    const memory = { module: "env", name: "memory", kind: "memory" };
    expect(imports({ functions: [] })).toEqual([memory as never]);
    expect(imports({ functions: [], memory: { minimum: 3 } })).toEqual([memory as never]);
    const own = [{ name: "input_size", result: "i32" as const }];
    expect(imports({ imports: own, functions: [], memory: { minimum: 3, isImported: true } })).toEqual([
      { module: "env", name: "input_size", kind: "function" } as never,
      memory as never,
    ]);
  });

  test("names and other custom sections are left out", () => {
    const bytes = assemble({ functions: [] });
    const custom = new Uint8Array([...bytes, 0, 5, 4, 0x6e, 0x61, 0x6d, 0x65]);
    expect(metered(decoded(custom))).toEqual(metered(decoded(bytes)));
  });

  test("the start function waits until the host calls it", () => {
    const bytes = assemble({
      globals: [{ type: "i32", initial: 1 }],
      functions: [{ code: "i32.const 2 global.set 0" }, { result: "i32", code: "global.get 0", exportName: "run" }],
      start: 0,
    });
    const instance = new MeteredModule(bytes);
    expect(instance.call("run").value).toBe(1);
    expect(instance.start()).toEqual({ kind: "value", value: undefined, gasUsed: 15 + 1 + 1 });
    expect(instance.call("run").value).toBe(2);
  });

  test("globals, table, segments and types are as they were", () => {
    const bytes = assemble({
      types: [{ result: "i64" }],
      memory: { minimum: 1 },
      table: { minimum: 3, maximum: 5 },
      globals: [
        { type: "i64", initial: -(2 ** 40), isConstant: true },
        { type: "i32", initial: -(2 ** 31) },
      ],
      elements: [
        { offset: 0, functions: [0] },
        { offset: 2, functions: [1] },
      ],
      data: [{ offset: 70, bytes: new Uint8Array([1, 2, 3]) }],
      functions: [
        { result: "i64", code: "global.get 0" },
        { result: "i64", code: "global.get 1 i64.extend_i32_s" },
        { parameters: "i32", result: "i64", code: "local.get 0 call_indirect 0", exportName: "run" },
      ],
    });
    const instance = new MeteredModule(bytes);
    expect(instance.call("run", [0]).value).toBe(-(2n ** 40n));
    expect(instance.call("run", [2]).value).toBe(-(2n ** 31n));
    expect(instance.call("run", [1]).kind).toBe("trap");
    expect([...new Uint8Array(instance.memory.buffer).subarray(69, 74)]).toEqual([0, 1, 2, 3, 0]);
  });

  test("what stands in long forms of numbers is run as it is meant", () => {
    const short = assemble({ functions: [{ result: "i32", code: "i32.const 5", exportName: "run" }] });
    // i32.const 5 in three bytes.
    const at = short.length - 3;
    expect([...short.subarray(at)]).toEqual([0x41, 5, 0x0b]);
    const long = new Uint8Array([...short.subarray(0, at - 4), 8, 1, 6, 0, 0x41, 0x85, 0x80, 0, 0x0b]);
    expect(new MeteredModule(long).call("run")).toEqual(new MeteredModule(short).call("run"));
  });
});

describe("size", () => {
  /** Some 4 bytes become some 20. */
  function branching(branches: number): Uint8Array {
    const code = "local.get 0 br_if 0 ".repeat(branches);
    return assemble({ functions: Array.from({ length: 4 }, () => ({ parameters: "i32", code })) });
  }

  test("a module that becomes too large is refused, with what to do", () => {
    expect(meterModule(decoded(branching(11_000))).ok).toBe(true);
    const result = meterModule(decoded(branching(15_000)));
    expect(result.ok ? undefined : result.refusal).toEqual({
      code: "module_limit",
      message: `the module has more than ${METERED_SIZE_BYTES_MAX} bytes once it is metered; branch less, or split it`,
      details: { sizeBytesMax: METERED_SIZE_BYTES_MAX },
    });
  });

  test("the last byte that is allowed is", () => {
    const ofData = (size: number) =>
      assemble({ memory: { minimum: 16 }, functions: [], data: [{ offset: 0, bytes: new Uint8Array(size) }] });
    const module = decoded(ofData(10_000));
    const beside = metered(module).length - 10_000;
    const enlarge = (size: number) => ({ ...module, data: [{ offset: 0, bytes: new Uint8Array(size) }] });
    // The sizes of the segment and of its section take a byte more each.
    const sizeMax = METERED_SIZE_BYTES_MAX - beside - 2;
    expect(metered(enlarge(sizeMax)).length).toBe(METERED_SIZE_BYTES_MAX);
    expect(meterModule(enlarge(sizeMax + 1)).ok).toBe(false);
  });
});

describe("filling up", () => {
  /** Of the functions of the contract, before the last `end`. */
  function bodySizes(functions: Assembly["functions"]): readonly number[] {
    const i32 = { type: "i32", initial: 0 } as const;
    const module = decoded(assemble({ memory: { minimum: 1 }, globals: [i32], functions }));
    return module.functions.map((body) => {
      const out = new WasmWriter();
      writeBody(out, module, body, layoutOf(module));
      return out.size - 1;
    });
  }
  const branches = (count: number) => ({ parameters: "i32", code: "local.get 0 br_if 0 nop ".repeat(count) });
  const stores = "local.get 0 if local.get 0 i32.const 5 i32.store end ";
  const loads = "local.get 0 i32.load drop ";

  test("a function that sets a global has at least 512 bytes", () => {
    const set = { result: "i32", code: "i32.const 1 global.set 0 i32.const 7", exportName: "run" } as const;
    expect(bodySizes([set, { code: "global.get 0 drop" }])).toEqual([512, expect.any(Number)]);
    expect(bodySizes([{ ...set, code: `${"nop ".repeat(600)} ${set.code}` }])[0]).toBeGreaterThan(600);
    const module = assemble({ globals: [{ type: "i32", initial: 0 }], functions: [set] });
    expect(new MeteredModule(module).call("run")).toEqual({ kind: "value", value: 7, gasUsed: 15 + 1 + 1 + 1 });
  });

  test("a large function, or one of many loads after many stores, has at least 100,008", () => {
    const [small, large] = bodySizes([branches(900), branches(1000)]);
    expect(small).toBeLessThan(20_481);
    expect(large).toBe(100_008);
    const of = (arms: number, reads: number) => ({
      parameters: "i32",
      code: stores.repeat(arms) + loads.repeat(reads),
    });
    const sizes = bodySizes([of(100, 1000), of(100, 1001)]);
    expect(sizes[0]).toBeLessThan(20_481);
    expect(sizes[1]).toBe(100_008);
    const instance = new MeteredModule(assemble({ functions: [{ ...branches(1000), exportName: "run" }] }));
    expect(instance.call("run", [0])).toEqual({ kind: "value", value: undefined, gasUsed: 15 + 1000 * 6 });
  });
});

test("equal modules give equal bytes, and metering changes nothing of what it is given", () => {
  const bytes = assemble({
    memory: { minimum: 1 },
    functions: [{ parameters: "i32", code: "local.get 0 br_if 0 nop" }],
  });
  const before = bytesToHex(sha256(bytes));
  expect(metered(decoded(bytes))).toEqual(metered(decoded(bytes.slice())));
  expect(bytesToHex(sha256(bytes))).toBe(before);
});
