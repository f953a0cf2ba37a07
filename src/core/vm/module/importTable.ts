// What a module may import. For contracts these are the host functions and the memory; tests of the decoder widen it.

import { HOST_FUNCTIONS, MEMORY_IMPORT } from "../hostInterface.ts";
import type { FunctionType, ValueType } from "./types.ts";

export interface ImportTable {
  /** The name of the one module that is imported from. */
  readonly module: string;
  readonly functions: ReadonlyMap<string, FunctionType>;
  readonly memory: string;
}

export const HOST_IMPORTS: ImportTable = {
  module: "env",
  functions: new Map(
    Object.entries(HOST_FUNCTIONS).map(([name, shape]): [string, FunctionType] => [
      name,
      { parameters: new Array<ValueType>(shape.parameters).fill("i32"), results: shape.hasResult ? ["i32"] : [] },
    ]),
  ),
  memory: MEMORY_IMPORT,
};
