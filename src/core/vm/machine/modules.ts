// Modules that are ready to run: validated, metered, compiled, and kept by their code hash and version of metering as long
// as there is room. Whether one is kept never shows: not in a result, and not in gas.

import type { CompiledWasm, WasmRuntime } from "../../ports/index.ts";
import { accept, assert, type Bytes, type Hash, type Height, type Result } from "../../primitives/index.ts";
import { functionExport } from "../metering/names.ts";
import { type MeteringVersion, meteringAt } from "../metering/versions.ts";
import { decodeAndValidate } from "../module/decodeModule.ts";
import type { ModuleCode } from "../module/fault.ts";
import type { ContractModule, FunctionType } from "../module/types.ts";
import { type InitialBytes, joinSegments } from "./initialBytes.ts";

export interface ExportedFunction {
  /** In the metered module. */
  readonly exportName: string;
  readonly type: FunctionType;
}

export interface LoadedModule {
  readonly compiled: CompiledWasm;
  /** Bytes of the module as it was deployed. */
  readonly sizeBytes: number;
  readonly meteredSizeBytes: number;
  readonly pagesMin: number;
  /** Sum over the data segments. */
  readonly dataSizeBytes: number;
  /** What the data segments make of a memory of zeros. */
  readonly initialBytes: readonly InitialBytes[];
  /** By any name that a contract may choose, also `__proto__`. */
  readonly functions: ReadonlyMap<string, ExportedFunction>;
}

function typeOf(module: ContractModule, index: number): FunctionType {
  const { imports, functions, types } = module;
  const declared = index < imports.length ? imports[index] : functions[index - imports.length];
  const type = declared && types[declared.typeIndex];
  assert(type !== undefined, "a valid module exports functions that it has");
  return type;
}

function meter(code: Bytes, { meterModule }: MeteringVersion): Result<[ContractModule, Bytes], ModuleCode> {
  const decoded = decodeAndValidate(code);
  if (!decoded.ok) return decoded;
  const metered = meterModule(decoded.value);
  return metered.ok ? accept([decoded.value, metered.value]) : metered;
}

/** Why a module can't be deployed at this height; undefined when it can. */
export function checkModule(code: Bytes, height: Height) {
  const metered = meter(code, meteringAt(height));
  return metered.ok ? undefined : metered.refusal;
}

export class ModuleCache {
  private readonly runtime: WasmRuntime;
  private readonly sizeBytesMax: number;
  /** Oldest use first. */
  private readonly kept = new Map<string, LoadedModule>();
  private sizeBytes = 0;

  /** @param options.sizeBytesMax of metered modules; the engine takes some times as much for them */
  constructor(options: { runtime: WasmRuntime; sizeBytesMax: number }) {
    this.runtime = options.runtime;
    this.sizeBytesMax = options.sizeBytesMax;
  }

  /** A module that is kept, by the hash of its code. */
  find(codeHash: Hash, height: Height): LoadedModule | undefined {
    const name = nameOf(codeHash, meteringAt(height));
    const found = this.kept.get(name);
    if (found === undefined) return undefined;
    this.kept.delete(name);
    this.kept.set(name, found);
    return found;
  }

  load(options: { codeHash: Hash; code: Bytes; height: Height }): Result<LoadedModule, ModuleCode> {
    const { codeHash, code, height } = options;
    const found = this.find(codeHash, height);
    if (found !== undefined) return accept(found);
    const version = meteringAt(height);
    const metered = meter(code, version);
    if (!metered.ok) return metered;
    const [module, bytes] = metered.value;
    const functions = module.exports.filter(({ kind }) => kind === "function");
    const loaded: LoadedModule = {
      compiled: this.runtime.compile(bytes),
      sizeBytes: code.length,
      meteredSizeBytes: bytes.length,
      pagesMin: module.memory.minimum,
      dataSizeBytes: module.data.reduce((sum, segment) => sum + segment.bytes.length, 0),
      initialBytes: joinSegments(module.data),
      functions: new Map(
        functions.map(({ name, index }) => [name, { exportName: functionExport(index), type: typeOf(module, index) }]),
      ),
    };
    this.keep(nameOf(codeHash, version), loaded);
    return accept(loaded);
  }

  private keep(name: string, module: LoadedModule): void {
    this.kept.set(name, module);
    this.sizeBytes += module.meteredSizeBytes;
    for (const [oldest, { meteredSizeBytes }] of this.kept) {
      if (this.sizeBytes <= this.sizeBytesMax) return;
      this.kept.delete(oldest);
      this.sizeBytes -= meteredSizeBytes;
    }
  }
}

function nameOf(codeHash: Hash, { version }: MeteringVersion): string {
  return `${version}:${codeHash}`;
}
