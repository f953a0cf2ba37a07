// Runs a module as the virtual machine will: decoded, metered, with gas and stack set before each call. Tests and
// benchmarks share it. The original beside it is run as it is, without any metering.

import type { CompiledWasm, WasmFunction, WasmImports, WasmMemory, WasmValue } from "../../src/core/ports/index.ts";
import type { Height } from "../../src/core/primitives/index.ts";
import { COUNTER, functionExport, METERED_EXPORTS, meteringAt } from "../../src/core/vm/index.ts";
import { MEMORY_PAGES_MAX, STACK_SLOTS_MAX } from "../../src/core/vm/limits.ts";
import { decodeAndValidate } from "../../src/core/vm/module/decodeModule.ts";
import type { ImportTable } from "../../src/core/vm/module/importTable.ts";
import type { ContractModule } from "../../src/core/vm/module/types.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";
import { borrowMemory, returnMemory } from "./memoryPool.ts";

export interface CallOutcome {
  /** A trap is the contract's own; gas and stack are what metering ends. */
  readonly kind: "value" | "trap" | "outOfGas" | "stackExhausted";
  readonly value?: WasmValue | undefined;
  readonly gasUsed: number;
}

export interface CallLimits {
  readonly gas?: number;
  readonly slots?: number;
  readonly pagesMax?: number;
}

export const GAS_PLENTY = 2 ** 50;
const TWO_TO_32 = 2 ** 32;

/** @throws when the module is refused */
export function decoded(bytes: Uint8Array, importTable?: ImportTable): ContractModule {
  const result = decodeAndValidate(bytes, importTable);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

/** @throws when the metered module is too large */
export function metered(module: ContractModule): Uint8Array {
  const result = meteringAt(0 as Height).meterModule(module);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

function halves(gas: number): [low: number, high: number] {
  return [(gas % TWO_TO_32) | 0, Math.floor(gas / TWO_TO_32)];
}

export class MeteredModule {
  readonly module: ContractModule;
  private readonly compiled: CompiledWasm;
  private readonly functions: WasmImports;
  private instance: { readonly memory: WasmMemory; readonly exports: Readonly<Record<string, WasmFunction>> };

  constructor(bytes: Uint8Array, options: { importTable?: ImportTable; functions?: WasmImports } = {}) {
    this.module = decoded(bytes, options.importTable);
    this.compiled = wasmRuntime.compile(metered(this.module));
    this.functions = options.functions ?? {};
    this.instance = this.instantiate();
  }

  private get pages(): { pagesMin: number; pagesMax: number } {
    return { pagesMin: this.module.memory.minimum, pagesMax: MEMORY_PAGES_MAX };
  }

  private instantiate(): { memory: WasmMemory; exports: Readonly<Record<string, WasmFunction>> } {
    const memory = borrowMemory(this.pages);
    return { memory, exports: wasmRuntime.instantiate(this.compiled, { memory, functions: this.functions }) };
  }

  /** Goes on with a new instance and a new memory. */
  renew(): void {
    returnMemory(this.memory, this.pages);
    this.instance = this.instantiate();
  }

  get memory(): WasmMemory {
    return this.instance.memory;
  }

  private export(name: string): WasmFunction {
    const found = this.instance.exports[name];
    if (found === undefined) throw new Error(`the metered module exports no ${name}`);
    return found;
  }

  private read(counter: number): number {
    return Number(this.export(METERED_EXPORTS.read)(counter));
  }

  /** May be below zero. */
  get gas(): number {
    return this.read(COUNTER.gasHigh) * TWO_TO_32 + (this.read(COUNTER.gasLow) >>> 0);
  }

  get slots(): number {
    return this.read(COUNTER.stack);
  }

  get fault(): number {
    return this.read(COUNTER.fault);
  }

  /** Whether there was so much gas, which is taken then. */
  charge(gas: number): boolean {
    return this.export(METERED_EXPORTS.charge)(...halves(gas)) === 1;
  }

  /** Sets the contract's globals to what they are at first. */
  reset(): void {
    this.export(METERED_EXPORTS.reset)();
  }

  /** Sets the counters, and leaves the contract's globals as they are. */
  enter({ gas = GAS_PLENTY, slots = STACK_SLOTS_MAX, pagesMax = MEMORY_PAGES_MAX }: CallLimits = {}): void {
    this.export(METERED_EXPORTS.enter)(...halves(gas), slots, pagesMax);
  }

  /** The export of the metered module that stands for an exported function of the contract. */
  functionOf(name: string): WasmFunction {
    const found = this.module.exports.find((entry) => entry.kind === "function" && entry.name === name);
    if (found === undefined) throw new Error(`the contract exports no function ${name}`);
    return this.export(functionExport(found.index));
  }

  /** Runs what was the start function, if there is one. */
  start(limits?: CallLimits): CallOutcome | undefined {
    return this.module.start === undefined ? undefined : this.run(this.export(METERED_EXPORTS.start), [], limits);
  }

  call(name: string, args: readonly WasmValue[] = [], limits?: CallLimits): CallOutcome {
    return this.run(this.functionOf(name), args, limits);
  }

  private run(target: WasmFunction, args: readonly WasmValue[], limits: CallLimits = {}): CallOutcome {
    this.enter(limits);
    const gas = limits.gas ?? GAS_PLENTY;
    try {
      const value = target(...args);
      return { kind: "value", value, gasUsed: gas - this.gas };
    } catch (error) {
      if (wasmRuntime.errorKind(error) !== "trap") throw error;
      const kind = this.gas < 0 ? "outOfGas" : this.slots < 0 ? "stackExhausted" : "trap";
      return { kind, gasUsed: gas - this.gas };
    }
  }
}
