// An instance of a module, with a memory of its own. It serves one call after the other: entering it makes it what it was
// when it was new (docs/spec/metering.md, The same instance again).

import type { WasmFunction, WasmImports, WasmMemory, WasmRuntime } from "../../ports/index.ts";
import { assert, type Bytes, defined } from "../../primitives/index.ts";
import { PAGE_SIZE_BYTES } from "../limits.ts";
import { COUNTER, METERED_EXPORTS } from "../metering/names.ts";
import type { ExportedFunction, LoadedModule } from "./modules.ts";

const TWO_TO_32 = 2 ** 32;

export class Instance {
  readonly module: LoadedModule;
  readonly memory: WasmMemory;
  private readonly exports: Readonly<Record<string, WasmFunction>>;
  private readonly reset: WasmFunction;
  private readonly setUp: WasmFunction;
  private readonly take: WasmFunction;
  private readonly read: WasmFunction;
  private view: Bytes;

  /** @throws like a call when a segment does not fit */
  constructor(module: LoadedModule, parts: { runtime: WasmRuntime; memory: WasmMemory; hostFunctions: WasmImports }) {
    const { runtime, memory, hostFunctions } = parts;
    this.module = module;
    this.memory = memory;
    this.view = new Uint8Array(memory.buffer);
    this.exports = runtime.instantiate(module.compiled, { memory, functions: hostFunctions });
    this.reset = this.exported(METERED_EXPORTS.reset);
    this.setUp = this.exported(METERED_EXPORTS.enter);
    this.take = this.exported(METERED_EXPORTS.charge);
    this.read = this.exported(METERED_EXPORTS.read);
  }

  private exported(name: string): WasmFunction {
    return defined(this.exports[name], "a metered module exports what the host calls");
  }

  /** All of the memory; other bytes after it has grown, so they are never kept over a call into the contract. */
  bytes(): Bytes {
    const { buffer } = this.memory;
    if (this.view.buffer !== buffer) this.view = new Uint8Array(buffer);
    return this.view;
  }

  /** Pages that the memory has now. */
  pages(): number {
    return this.bytes().length / PAGE_SIZE_BYTES;
  }

  /** Whether it can't serve another call: a memory does not shrink. */
  hasGrown(): boolean {
    return this.pages() !== this.module.pagesMin;
  }

  /** Undoes in the memory what a call has done. What it has done to globals, entering undoes. */
  resetMemory(): void {
    const memory = this.bytes().fill(0);
    for (const { offset, bytes } of this.module.initialBytes) memory.set(bytes, offset);
  }

  /**
   * Sets the counters, and all globals to what they are at first: also in a new instance, so that all take one way.
   * Nothing is called before it.
   */
  enter(options: { gas: number; stackSlots: number; pagesMax: number }): void {
    const { gas, stackSlots, pagesMax } = options;
    this.reset();
    this.setUp(gas | 0, Math.floor(gas / TWO_TO_32), stackSlots, pagesMax);
  }

  /** What was the start function, if there was one. */
  start(): void {
    this.exports[METERED_EXPORTS.start]?.();
  }

  functionOf({ exportName }: ExportedFunction): WasmFunction {
    return this.exported(exportName);
  }

  /** Takes gas; false, and nothing taken, when there is not so much. */
  charge(gas: number): boolean {
    return this.take(gas | 0, Math.floor(gas / TWO_TO_32)) !== 0;
  }

  /** Below zero once there was not enough. */
  gas(): number {
    return this.counter(COUNTER.gasHigh) * TWO_TO_32 + (this.counter(COUNTER.gasLow) >>> 0);
  }

  /** Below zero once there were not enough. */
  stackSlots(): number {
    return this.counter(COUNTER.stack);
  }

  isFaulty(): boolean {
    return this.counter(COUNTER.fault) !== 0;
  }

  private counter(which: number): number {
    const value = this.read(which);
    assert(typeof value === "number", "a counter is an i32");
    return value;
  }
}
