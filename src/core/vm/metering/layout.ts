// Where the metering's own globals, functions and types lie in a metered module: always behind those of the contract, so
// that no index of the contract changes (docs/spec/metering.md, Layout).

import type { ContractModule } from "../module/types.ts";

export interface MeteringLayout {
  /** Indices of globals. */
  readonly gas: number;
  readonly stack: number;
  readonly pagesMax: number;
  readonly fault: number;
  /** Index of the first type and of the first function. */
  readonly firstType: number;
  readonly firstFunction: number;
}

export function layoutOf(module: ContractModule): MeteringLayout {
  const firstGlobal = module.globals.length;
  return {
    gas: firstGlobal,
    stack: firstGlobal + 1,
    pagesMax: firstGlobal + 2,
    fault: firstGlobal + 3,
    firstType: module.types.length,
    firstFunction: module.imports.length + module.functions.length,
  };
}
