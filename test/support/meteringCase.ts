// One module three ways: as it is, metered by blocks, and metered naively. What must be equal is compared here, for the
// property tests and for the campaign of many modules.

import { createHash } from "node:crypto";
import type { WasmImports } from "../../src/core/ports/index.ts";
import { MEMORY_PAGES_MAX, STACK_SLOTS_MAX } from "../../src/core/vm/limits.ts";
import type { ContractModule } from "../../src/core/vm/module/types.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";
import { borrowMemory, returnMemory } from "./memoryPool.ts";
import { type CallOutcome, decoded, GAS_PLENTY, MeteredModule } from "./meteredModule.ts";
import { NaiveHost, naivelyMetered } from "./naiveMeter.ts";
import { generateModule } from "./wasmGenerator.ts";

const ARGUMENTS = [-7, 0x123456789abcdefn] as const;

/** What a run shows: its outcome and what it has left in memory. */
interface Shown {
  readonly outcome: string;
  readonly memory: string;
}

export interface MeteringCase {
  readonly kind: CallOutcome["kind"];
  readonly gasUsed: number;
  readonly shown: Shown;
}

class MeteringMismatch extends Error {
  override readonly name = "MeteringMismatch";
}

function check(condition: boolean, seed: number, what: string): void {
  if (!condition) throw new MeteringMismatch(`seed ${seed}: ${what}`);
}

function digest(buffer: ArrayBuffer): string {
  return createHash("sha256").update(new Uint8Array(buffer)).digest("hex");
}

/** The value of a call, or that it has trapped. */
function outcomeOf(call: () => unknown): string {
  try {
    return `value ${call()}`;
  } catch (error) {
    if (wasmRuntime.errorKind(error) !== "trap") throw error;
    return "trap";
  }
}

/** Of a module that imports its memory, and functions from `env`. */
function runWith(bytes: Uint8Array, module: ContractModule, functions: WasmImports): Shown {
  const { minimum, maximum } = module.memory;
  const pages = { pagesMin: minimum, pagesMax: maximum ?? MEMORY_PAGES_MAX };
  const memory = borrowMemory(pages);
  const exports = wasmRuntime.instantiate(wasmRuntime.compile(bytes), { memory, functions });
  const outcome = outcomeOf(() => exports.run?.(...ARGUMENTS));
  const shown = { outcome, memory: digest(memory.buffer) };
  returnMemory(memory, pages);
  return shown;
}

function runNaive(module: ContractModule): Shown & { readonly gas: number } {
  const host = new NaiveHost(module);
  const shown = runWith(naivelyMetered(module), module, host.functions);
  return { ...shown, gas: host.gas };
}

interface MeteredRun extends CallOutcome {
  readonly shown: Shown;
  readonly slots: number;
}

/** In a new instance. */
function runMetered(metered: MeteredModule, gas?: number): MeteredRun {
  metered.renew();
  const outcome = metered.call("run", ARGUMENTS, gas === undefined ? {} : { gas });
  const text = outcome.kind === "value" ? `value ${outcome.value}` : outcome.kind;
  return { ...outcome, shown: { outcome: text, memory: digest(metered.memory.buffer) }, slots: metered.slots };
}

function isSame(one: Shown, other: Shown): boolean {
  return one.outcome === other.outcome && one.memory === other.memory;
}

/** With all gas that a run has used, and with one less. */
function checkLimits(metered: MeteredModule, run: MeteredRun, seed: number): void {
  const enough = runMetered(metered, run.gasUsed);
  check(isSame(enough.shown, run.shown) && enough.gasUsed === run.gasUsed, seed, "the gas used is not enough");
  const short = runMetered(metered, run.gasUsed - 1);
  check(short.kind === "outOfGas", seed, `one gas less than used ends as ${short.kind}`);
}

/**
 * Checks all that must hold of the module of a seed.
 * @param options `repeats` more runs, in which the engine may compile, must show the same
 * @throws MeteringMismatch
 */
export function checkModule(seed: number, options: { traps: boolean; repeats: number }): MeteringCase {
  const bytes = generateModule(seed, options);
  const module = decoded(bytes);
  const metered = new MeteredModule(bytes);
  const run = runMetered(metered);
  const original = runWith(module.bytes, module, {});
  const naive = runNaive(module);
  check(isSame(run.shown, original), seed, `metered it is ${run.shown.outcome}, as it was ${original.outcome}`);
  check(isSame(naive, original), seed, `naively metered it is ${naive.outcome}, as it was ${original.outcome}`);
  if (run.kind === "value") {
    check(run.gasUsed === naive.gas, seed, `${run.gasUsed} gas by blocks, ${naive.gas} by instructions`);
    check(run.slots === STACK_SLOTS_MAX, seed, `${run.slots} slots of the stack are left at the end`);
    checkLimits(metered, run, seed);
  } else {
    // The whole block is charged in which the trap is.
    check(run.gasUsed >= naive.gas, seed, `a trap has used ${run.gasUsed} gas by blocks, ${naive.gas} by instructions`);
    check(run.gasUsed < GAS_PLENTY, seed, "a trap has used all gas");
  }
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    const again = runMetered(metered);
    const isEqual = isSame(again.shown, run.shown) && again.gasUsed === run.gasUsed && again.slots === run.slots;
    check(isEqual, seed, `run ${repeat + 2} differs from the first`);
  }
  return { kind: run.kind, gasUsed: run.gasUsed, shown: run.shown };
}

/** What the module of a seed does when it is metered, without any check. */
export function showModule(seed: number, options: { traps: boolean }): MeteringCase {
  const { kind, gasUsed, shown } = runMetered(new MeteredModule(generateModule(seed, options)));
  return { kind, gasUsed, shown };
}
