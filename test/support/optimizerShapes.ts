// Modules that make an optimizing compiler work hard for their size. Run as a program it runs one of them, named by its
// argument, until the engine has compiled it on the same thread, and prints the longest of the runs and how far memory
// grew: the environment has to say BUN_JSC_useConcurrentJIT=0.

import { MeteredModule } from "./meteredModule.ts";
import { assemble } from "./wasmAssembler.ts";

export interface ShapeReport {
  readonly longestMs: number;
  readonly grownBytes: number;
}

/** More calls than the engine lets pass before it optimizes a function. */
const RUNS = 5000;
const NESTED = 250;

function repeat(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join(" ");
}

function set(global: number): string {
  return `global.get ${global} i32.const 1 i32.add global.set ${global}`;
}

/** Code over a parameter that is 0, a local i64, and two globals; function 1 sets one, function 2 is empty. */
const SHAPES = {
  ifs: repeat(700, () => "local.get 0 if nop end"),
  largeIfs: repeat(4000, () => "local.get 0 if nop end"),
  ifsWithGlobals: `i32.const 0 global.set 0 ${repeat(500, (index) => `local.get 0 if ${set(index % 2)} end`)} global.get 0 drop`,
  returns: repeat(430, () => `local.get 0 if ${set(0)} return end`),
  loops: repeat(600, () => "loop local.get 0 br_if 0 end"),
  loopsWithGlobals: repeat(400, (index) => `loop ${set(index % 2)} local.get 0 br_if 0 end`),
  nestedBlocks: `${repeat(NESTED, () => "block")} ${repeat(620, (index) => `local.get 0 br_if ${index % NESTED} nop`)} ${repeat(NESTED, () => "end nop")}`,
  nestedLoops: `${repeat(NESTED, () => "loop")} ${repeat(320, (index) => `${set(0)} local.get 0 br_if ${index % NESTED}`)} ${repeat(NESTED, () => "end nop")}`,
  calls: repeat(500, () => "local.get 0 if call 1 end global.get 0 drop"),
  indirectCalls: repeat(600, () => "local.get 0 if i32.const 0 call_indirect 0 end"),
  memory: `${repeat(130, () => "local.get 0 if local.get 0 i64.const 5 i64.store end")} ${repeat(700, () => "local.get 0 i64.load local.set 1")}`,
  largeMemory: `${repeat(400, () => "local.get 0 if local.get 0 i64.const 5 i64.store end")} ${repeat(2000, () => "local.get 0 i64.load local.set 1")}`,
  tables: `${repeat(NESTED, () => "block")} local.get 0 br_table ${repeat(1000, (index) => `${index % NESTED}`)} ${repeat(NESTED, () => `end ${set(1)}`)}`,
} as const;

export type ShapeName = keyof typeof SHAPES;

export const SHAPE_NAMES = Object.keys(SHAPES) as readonly ShapeName[];

function shapeModule(name: ShapeName): Uint8Array {
  return assemble({
    types: [{}],
    memory: { minimum: 1 },
    table: { minimum: 1 },
    elements: [{ offset: 0, functions: [2] }],
    globals: [
      { type: "i32", initial: 0 },
      { type: "i32", initial: 0 },
    ],
    functions: [
      { parameters: "i32", locals: "i64", code: SHAPES[name] },
      { code: set(0) },
      { code: "" },
      { code: "i32.const 0 call 0", exportName: "run" },
    ],
  });
}

function runShape(name: ShapeName): ShapeReport {
  const instance = new MeteredModule(shapeModule(name));
  let longestMs = 0;
  let residentBytes = process.memoryUsage.rss();
  const before = residentBytes;
  for (let run = 0; run < RUNS; run++) {
    const startMs = performance.now();
    if (instance.call("run").kind !== "value") throw new Error(`${name} has trapped`);
    const tookMs = performance.now() - startMs;
    if (tookMs <= longestMs) continue;
    longestMs = tookMs;
    residentBytes = Math.max(residentBytes, process.memoryUsage.rss());
  }
  return { longestMs, grownBytes: residentBytes - before };
}

/** In a process of its own, which compiles on the thread that runs the code. */
export function measureShape(name: ShapeName, timeoutMs: number): ShapeReport {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, import.meta.path, name], {
    env: { ...process.env, BUN_JSC_useConcurrentJIT: "0" },
    timeout: timeoutMs,
  });
  if (exitCode !== 0) throw new Error(`${name} took more than ${timeoutMs} ms or failed: ${stderr}`);
  return JSON.parse(stdout.toString()) as ShapeReport;
}

if (import.meta.main) console.log(JSON.stringify(runShape(process.argv[2] as ShapeName)));
