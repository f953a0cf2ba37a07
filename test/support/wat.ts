// Assembles contracts that tests write as text, with the host's functions imported under their names.

import createWabt from "wabt";
import type { Bytes } from "../../src/core/primitives/index.ts";
import { HOST_FUNCTIONS, type HostFunctionName } from "../../src/core/vm/hostInterface.ts";

const wabt = await createWabt();

/** A module from its text. @throws Error with wabt's message when it can't be assembled */
export function assemble(text: string): Bytes {
  const parsed = wabt.parseWat("contract.wat", text);
  try {
    return new Uint8Array(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}

function importOf(name: HostFunctionName): string {
  const { parameters, hasResult } = HOST_FUNCTIONS[name];
  const parameterTypes = parameters === 0 ? "" : ` (param${" i32".repeat(parameters)})`;
  return `(import "env" "${name}" (func $${name}${parameterTypes}${hasResult ? " (result i32)" : ""}))`;
}

const IMPORTS = Object.keys(HOST_FUNCTIONS)
  .map((name) => importOf(name as HostFunctionName))
  .join("\n");

/** A contract from what stands in its module beside the imports: every host function is `$` and its name. */
export function contract(body: string): Bytes {
  return assemble(`(module ${IMPORTS}\n${body})`);
}
