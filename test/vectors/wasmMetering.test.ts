// The WebAssembly test suite, metered beside its original: every module of it that a contract could be is run both ways,
// and both do the same. Nearly always that is what the suite says too; some modules have lost floating point or tables on
// which their results depend. Gas plays no part: there is plenty.

import { afterAll, describe, expect, test } from "bun:test";
import { decodeAndValidate } from "../../src/core/vm/index.ts";
import { MEMORY_PAGES_MAX } from "../../src/core/vm/limits.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";
import { decoded, MeteredModule, metered } from "../support/meteredModule.ts";
import { readSuiteModules, readSuiteRuns, SUITE_IMPORTS, type SuiteCall, type SuiteRun } from "../support/wasmSuite.ts";

/** Some files make thousands of calls. */
const TIMEOUT_MS = 60_000;

type Values = readonly (number | bigint)[];
type Run = (name: string, args: Values) => string;

/** No contract's memory has more than 256 pages; these ask for more. */
const BEYOND_THE_CAP: Readonly<Record<string, readonly string[]>> = {
  "call.wast": ["line 359: as-memory.grow-value was number 1, is number -1"],
  "memory_grow.wast": ["line 45: grow was number 3, is number -1", "line 48: grow was number 803, is number 3"],
};

/** Too many for one test to compare one by one: they are counted, and said at the end. */
const counts = {
  modules: 0,
  calls: 0,
  values: 0,
  traps: 0,
  exhaustions: 0,
  instantiations: 0,
  asTheSuiteSays: 0,
  metered: 0,
};

const PRINTS = { print: () => undefined, print_i32: () => undefined, print_i64: () => undefined };

/** From the suite's unsigned numbers to those of JavaScript, which are signed. */
function numberOf(text: string): number | bigint {
  const [type, digits = "0"] = text.split(" ");
  return type === "i64" ? BigInt.asIntN(64, BigInt(digits)) : Number(digits) | 0;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : `${typeof value} ${value}`;
}

function expected({ gives, traps, exhausts }: SuiteCall): string | undefined {
  if (traps !== undefined) return "trap";
  if (exhausts === true) return "stackExhausted";
  if (gives === undefined) return undefined;
  const [value] = gives;
  return shown(value === undefined ? undefined : numberOf(value));
}

function kindOf(call: () => string): string {
  try {
    return call();
  } catch (error) {
    const kind = wasmRuntime.errorKind(error);
    if (kind === "other") throw error;
    return kind;
  }
}

function originalOf(bytes: Uint8Array): Run {
  // As large as the module says, which the suite's own memory is not always.
  const { minimum, maximum } = decoded(bytes, SUITE_IMPORTS).memory;
  const memory = new WebAssembly.Memory({ initial: minimum, maximum: maximum ?? MEMORY_PAGES_MAX });
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module, { spectest: { ...PRINTS, memory } });
  return (name, args) => kindOf(() => shown((exports[name] as (...values: Values) => unknown)(...args)));
}

function meteredOf(bytes: Uint8Array): Run {
  const instance = new MeteredModule(bytes, { importTable: SUITE_IMPORTS, functions: PRINTS });
  const pagesMax = Math.min(instance.module.memory.maximum ?? MEMORY_PAGES_MAX, MEMORY_PAGES_MAX);
  const outcome = instance.start({ pagesMax });
  if (outcome !== undefined && outcome.kind !== "value") throw new WebAssembly.RuntimeError(outcome.kind);
  return (name, args) =>
    kindOf(() => {
      const { kind, value } = instance.call(name, args, { pagesMax });
      return kind === "value" ? shown(value) : kind;
    });
}

function instantiationOf(make: () => Run): string {
  return kindOf(() => {
    make();
    return "made";
  });
}

/** What is wrong with the calls of one module. */
function differences({ wasm, traps, commands, line }: SuiteRun): readonly string[] {
  const bytes = Uint8Array.fromBase64(wasm);
  counts.modules++;
  if (traps !== undefined) {
    counts.instantiations++;
    const ends = [originalOf, meteredOf].map((make) => instantiationOf(() => make(bytes)));
    return ends.every((end) => end === "trap") ? [] : [`line ${line}: instantiation ends with ${ends}`];
  }
  const original = originalOf(bytes);
  const metered = meteredOf(bytes);
  return commands.flatMap((command) => {
    const args = command.args.map(numberOf);
    const was = original(command.call, args);
    const is = metered(command.call, args);
    counts.calls++;
    if (is === "trap") counts.traps++;
    else if (is === "stackExhausted") counts.exhaustions++;
    else counts.values++;
    if (is === (expected(command) ?? is)) counts.asTheSuiteSays++;
    return is === was ? [] : [`line ${command.line}: ${command.call} was ${was}, is ${is}`];
  });
}

describe("metered as the original", () => {
  for (const { source, modules } of readSuiteRuns()) {
    test(
      source,
      () => {
        expect(modules.flatMap(differences)).toEqual([...(BEYOND_THE_CAP[source] ?? [])]);
      },
      TIMEOUT_MS,
    );
  }
});

test("every module that the validator accepts is one for the engine when it is metered", () => {
  for (const { modules } of readSuiteModules()) {
    for (const { wasm } of modules) {
      const result = decodeAndValidate(Uint8Array.fromBase64(wasm), SUITE_IMPORTS);
      if (!result.ok) continue;
      wasmRuntime.compile(metered(result.value));
      counts.metered++;
    }
  }
});

test("none of the suite is missing", () => {
  const ends = { values: 6947, traps: 777, exhaustions: 3 };
  expect(counts).toEqual({
    modules: 184,
    calls: 7727,
    ...ends,
    instantiations: 22,
    asTheSuiteSays: 7690,
    metered: 289,
  });
});

afterAll(() => {
  for (const [what, count] of Object.entries(counts)) console.log(`WebAssembly test suite, metered: ${what}: ${count}`);
});
