// The modules of contracts/examples as they are checked in.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "../../src/core/primitives/index.ts";

const EXAMPLES = join(import.meta.dir, "../../contracts/examples");

/** `name` without the ending: "token/token". */
export function exampleModule(name: string): Bytes {
  return new Uint8Array(readFileSync(join(EXAMPLES, `${name}.wasm`)));
}
