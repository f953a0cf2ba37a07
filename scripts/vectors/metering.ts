// Golden hashes of metered modules: one module for each construct that metering treats by itself. The metered bytes are
// consensus (docs/spec/metering.md).

import { sha256 } from "../../src/core/crypto/index.ts";
import { assert, bytesToHex, type Height } from "../../src/core/primitives/index.ts";
import { decodeAndValidate, METERING_VERSION, meteringAt } from "../../src/core/vm/index.ts";
import { type Assembly, assemble } from "../../test/support/wasmAssembler.ts";
import { generateModule } from "../../test/support/wasmGenerator.ts";

const CALLED = { parameters: "i32 i64", result: "i64", locals: "i32 i32 i64 i32", code: "local.get 1 call 1" } as const;

const MODULES: Readonly<Record<string, Assembly>> = {
  empty: { functions: [] },
  straightCode: {
    functions: [{ parameters: "i32", result: "i32", code: "local.get 0 i32.const 3 i32.mul", exportName: "run" }],
  },
  ifElse: {
    functions: [
      {
        parameters: "i32",
        result: "i32",
        code: "local.get 0 if i32 i32.const 1 else i32.const 2 end",
        exportName: "a",
      },
      { parameters: "i32", code: "local.get 0 if nop end nop", exportName: "b" },
    ],
  },
  loops: {
    functions: [
      { parameters: "i32", code: "loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end nop" },
      { parameters: "i32", code: "block loop local.get 0 br_if 1 loop nop br 1 end end end nop" },
    ],
  },
  branches: {
    functions: [
      { parameters: "i32", code: "block block block local.get 0 br_table 0 1 2 end nop br 1 end nop end nop" },
      {
        parameters: "i32",
        code: "block local.get 0 br_if 0 nop end block block local.get 0 br_if 1 nop end nop end nop",
      },
      { parameters: "i32", code: "block br 0 nop block nop br 2 end end nop unreachable i32.const 1 drop" },
    ],
  },
  returns: {
    functions: [
      { parameters: "i32", result: "i32", code: "block local.get 0 if i32.const 5 return end end i32.const 6" },
      { result: "i64", code: "i64.const 1 i64.const 2 return loop br 0 end" },
    ],
  },
  calls: { functions: [CALLED, { parameters: "i64", result: "i64", code: "local.get 0" }] },
  indirectCalls: {
    types: [{ parameters: "i32" }],
    table: { minimum: 4, maximum: 9 },
    elements: [{ offset: 1, functions: [0, 1] }],
    functions: [
      { parameters: "i32", code: "" },
      { parameters: "i32", code: "local.get 0 i32.const 1 call_indirect 0", exportName: "run" },
    ],
  },
  memory: {
    memory: { minimum: 1, maximum: 7 },
    data: [{ offset: 1024, bytes: new Uint8Array([1, 2, 3]) }],
    functions: [
      { parameters: "i32", result: "i32", code: "local.get 0 memory.grow memory.size i32.add", exportName: "grow" },
      { parameters: "i32 i32 i32", code: "local.get 0 local.get 1 local.get 2 memory.copy", exportName: "copy" },
      { parameters: "i32 i32 i32", code: "local.get 0 local.get 1 local.get 2 memory.fill", exportName: "fill" },
    ],
  },
  globals: {
    globals: [
      { type: "i32", initial: -5 },
      { type: "i64", initial: 2 ** 40, isConstant: true },
    ],
    functions: [{ result: "i64", code: "global.get 1 global.get 0 i64.extend_i32_s i64.add", exportName: "run" }],
  },
  importsAndStart: {
    imports: [
      { name: "input_size", result: "i32" },
      { name: "caller", parameters: "i32" },
    ],
    memory: { minimum: 2, isImported: true },
    functions: [{ code: "call 0 call 1" }, { code: "", exportName: "run" }],
    start: 2,
  },
};

/** Modules by chance, so that constructs stand within each other. */
const SEEDS = [1, 2, 3] as const;

function vector(name: string, module: Uint8Array) {
  const decoded = decodeAndValidate(module);
  assert(decoded.ok, `the module ${name} is valid`);
  const metered = meteringAt(0 as Height).meterModule(decoded.value);
  assert(metered.ok, `the module ${name} can be metered`);
  return {
    name,
    module: bytesToHex(module),
    sizeBytes: metered.value.length,
    sha256: bytesToHex(sha256(metered.value)),
  };
}

export function meteringVectors() {
  return {
    version: METERING_VERSION,
    modules: [
      ...Object.entries(MODULES).map(([name, assembly]) => vector(name, assemble(assembly))),
      ...SEEDS.map((seed) => vector(`seed ${seed}`, generateModule(seed, { traps: true }))),
    ],
  };
}
