// Metering of contracts: the nanoseconds of a gas for each kind of instruction, how much slower six programs become, what
// it takes to make a module ready, and how long the engine compiles code that is hard on it.

import { MEMORY_PAGES_MAX } from "../src/core/vm/limits.ts";
import { wasmRuntime } from "../src/io/wasm/index.ts";
import { borrowMemory, returnMemory } from "../test/support/memoryPool.ts";
import { decoded, metered } from "../test/support/meteredModule.ts";
import { measureShape, SHAPE_NAMES } from "../test/support/optimizerShapes.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";
import { KERNEL_NAMES, kernelBytes, type MeasuredKernel, measureKernel } from "./support/meteredKernels.ts";
import { type MeasuredOperation, measureOperations } from "./support/meteredOperations.ts";

/** As a node runs the engine; and for the reference without any compiler. */
const NODE = { BUN_JSC_useWasmFastMemory: "0" };
const INTERPRETER = { ...NODE, BUN_JSC_useBBQJIT: "0", BUN_JSC_useOMGJIT: "0" };
/** Code lies otherwise in each process, which moves a ratio by some tenths. */
const PROCESSES = 5;
const OVERHEAD_AIM = 1.2;
const WITHIN = 2;
const COMPILE_AIM_MS = 200;
const COMPILE_TIMEOUT_MS = 60_000;
const ROUNDS = 200;

type Kernels = Readonly<Record<string, MeasuredKernel>>;

/** Runs a part of this program in a process of its own. */
function inProcess<Result>(part: "operations" | "kernels", environment: Readonly<Record<string, string>>): Result {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, import.meta.path, part], {
    env: { ...process.env, ...environment },
  });
  if (exitCode !== 0) throw new Error(`measuring ${part} failed: ${stderr}`);
  return JSON.parse(stdout.toString()) as Result;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] as number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function operationFigures(): readonly Figure[] {
  progress("instructions, interpreted and compiled");
  const cold = inProcess<readonly MeasuredOperation[]>("operations", INTERPRETER);
  const hot = inProcess<readonly MeasuredOperation[]>("operations", NODE);
  const rows = cold.map(({ name, gas, ns }, index): Figure => {
    const compiledNs = hot[index]?.ns ?? 0;
    const measured = `${readable(ns)} ns; compiled ${readable(compiledNs)} ns`;
    return { what: name, measured, beside: `${readable(gas)} gas`, ratio: ns / gas };
  });
  const within = rows.filter(({ ratio }) => ratio <= WITHIN && ratio >= 1 / WITHIN).length;
  const all: Figure = {
    what: "kinds of instructions within a factor of two",
    measured: `${within}`,
    beside: `of ${rows.length}`,
    ratio: within / rows.length,
    aim: { atLeast: 1 },
  };
  return [...rows, all];
}

function kernelFigures(): readonly Figure[] {
  const runs = Array.from({ length: PROCESSES }, (_, index) => {
    progress(`kernels, process ${index + 1} of ${PROCESSES}`);
    return inProcess<Kernels>("kernels", NODE);
  });
  const rows = KERNEL_NAMES.map((name): Figure => {
    const all = runs.map((run) => run[name] as MeasuredKernel);
    const ratio = median(all.map(({ plainNs, meteredNs }) => meteredNs / plainNs));
    const meteredNs = median(all.map((kernel) => kernel.meteredNs));
    const gas = all[0]?.gas ?? 0;
    const measured = `${readable(meteredNs / 1000)} us, ${(meteredNs / gas).toFixed(3)} ns a gas`;
    return { what: `${name}, metered`, measured, beside: `unmetered, ${readable(gas)} gas`, ratio };
  });
  const ratio = mean(rows.map((row) => row.ratio));
  return [
    ...rows,
    { what: "six kernels, mean", measured: "", beside: "unmetered", ratio, aim: { atMost: OVERHEAD_AIM } },
  ];
}

/** The best of many, in microseconds. */
function bestUs(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now();
    run();
    best = Math.min(best, (performance.now() - startMs) * 1000);
  }
  return best;
}

function readinessFigures(): readonly Figure[] {
  progress("making modules ready");
  const bytes = kernelBytes("map");
  const sizeKb = bytes.length / 1024;
  const module = decoded(bytes);
  const output = metered(module);
  const compiled = wasmRuntime.compile(output);
  const pages = { pagesMin: module.memory.minimum, pagesMax: MEMORY_PAGES_MAX };
  const instantiate = () => {
    const memory = borrowMemory(pages);
    wasmRuntime.instantiate(compiled, { memory, functions: {} });
    returnMemory(memory, pages);
  };
  const perKb = (what: string, run: () => unknown): Figure => {
    const us = bestUs(run) / sizeKb;
    return { what, measured: `${readable(us)} us a KB`, beside: `of ${sizeKb.toFixed(1)} KB deployed`, ratio: us };
  };
  const us = bestUs(instantiate);
  const size = output.length / bytes.length;
  return [
    { what: "size, metered", measured: `${output.length} bytes`, beside: `${bytes.length} bytes`, ratio: size },
    perKb("decode and validate", () => decoded(bytes)),
    perKb("meter", () => metered(module)),
    perKb("compile for the engine", () => wasmRuntime.compile(output)),
    { what: "instantiate with a pooled memory", measured: `${readable(us)} us`, beside: "", ratio: us },
  ];
}

function compileFigures(): readonly Figure[] {
  return SHAPE_NAMES.map((name): Figure => {
    progress(`compiling ${name}`);
    const { longestMs, grownBytes } = measureShape(name, COMPILE_TIMEOUT_MS);
    const measured = `${readable(longestMs)} ms, ${readable(grownBytes / 1e6)} MB`;
    const ratio = longestMs / COMPILE_AIM_MS;
    return { what: `optimizing ${name}`, measured, beside: `${COMPILE_AIM_MS} ms`, ratio, aim: { atMost: 1 } };
  });
}

const part = process.argv[2];
if (part === "operations") {
  console.log(JSON.stringify(measureOperations()));
} else if (part === "kernels") {
  console.log(JSON.stringify(Object.fromEntries(KERNEL_NAMES.map((name) => [name, measureKernel(name)]))));
} else {
  publish({
    title: "Metering of contracts",
    figures: [...operationFigures(), ...kernelFigures(), ...readinessFigures(), ...compileFigures()],
    notes: [
      "An instruction's ratio is the nanoseconds of a gas in the engine's interpreter, which is the reference: see docs/spec/metering.md.",
      "Compiled code takes 10 to 50 times less, and the compiler leaves out what nothing uses; a load that misses all caches takes more.",
      `Kernels are the median of ${PROCESSES} processes, each the best of many rounds.`,
    ],
  });
}
