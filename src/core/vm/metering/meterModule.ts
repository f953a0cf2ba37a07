// Makes the module that the engine runs from the one that was deployed (docs/spec/metering.md). The output is consensus:
// equal modules give equal bytes everywhere and always, and another output is a new version.

import { accept, type Bytes, type Result, refuse } from "../../primitives/index.ts";
import { MEMORY_PAGES_MAX, METERED_SIZE_BYTES_MAX } from "../limits.ts";
import { OPCODE } from "../module/instructions.ts";
import type { ContractModule } from "../module/types.ts";
import { writeBody } from "./body.ts";
import { HELPERS } from "./helpers.ts";
import { layoutOf, type MeteringLayout } from "./layout.ts";
import { writeDataSection, writeSectionsBeforeCode } from "./sections.ts";
import { WasmWriter } from "./wasmWriter.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CODE_SECTION = 10;

/** Undefined as soon as the code is larger than a metered module may be. */
function codeSection(module: ContractModule, layout: MeteringLayout): WasmWriter | undefined {
  const content = new WasmWriter(module.bytes.length * 2).u32(module.functions.length + HELPERS.length);
  const entry = new WasmWriter();
  for (const body of module.functions) {
    entry.clear();
    writeBody(entry, module, body, layout);
    content.sized(entry);
    if (content.size > METERED_SIZE_BYTES_MAX) return undefined;
  }
  const { minimum, maximum } = module.memory;
  const { globals } = module;
  const context = { layout, globals, pagesMin: minimum, declaredPagesMax: maximum ?? MEMORY_PAGES_MAX };
  for (const { write } of HELPERS) {
    entry.clear();
    entry.u32(0);
    write(entry, context);
    content.sized(entry.byte(OPCODE.end));
  }
  return content;
}

function tooLarge(): Result<Bytes, "module_limit"> {
  return refuse(
    "module_limit",
    `the module has more than ${METERED_SIZE_BYTES_MAX} bytes once it is metered; branch less, or split it`,
    { sizeBytesMax: METERED_SIZE_BYTES_MAX },
  );
}

/** Refuses a module that becomes too large: code that is all branches grows sixfold. */
export function meterModule(module: ContractModule): Result<Bytes, "module_limit"> {
  const layout = layoutOf(module);
  const code = codeSection(module, layout);
  if (code === undefined) return tooLarge();
  const out = new WasmWriter(code.size + module.bytes.length).bytes(HEADER);
  writeSectionsBeforeCode(out, module, layout);
  out.byte(CODE_SECTION).sized(code);
  writeDataSection(out, module);
  return out.size > METERED_SIZE_BYTES_MAX ? tooLarge() : accept(out.finish());
}
