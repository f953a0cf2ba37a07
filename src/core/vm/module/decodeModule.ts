// Decodes a contract's module and checks it in full (docs/spec/modules.md; WebAssembly Core Specification 2.0, chapters 3
// and 5): the sections in their order, each at most once, and every function's code.

import { accept, type Bytes, type Result, refuse } from "../../primitives/index.ts";
import { CUSTOM_SECTIONS_MAX, MODULE_SIZE_BYTES_MAX } from "../limits.ts";
import { readBodies } from "./bodies.ts";
import { ByteReader } from "./byteReader.ts";
import { readFunctions, readGlobals, readMemories, readTables, readTypes } from "./declarations.ts";
import { createDraft, type ModuleDraft } from "./draft.ts";
import { readExports, readStart } from "./exports.ts";
import { checkLimit, type Fault, type ModuleCode, ModuleFault, malformed, quoted, unsupported } from "./fault.ts";
import { readFunctionNames } from "./functionNames.ts";
import { readImports } from "./imports.ts";
import { HOST_IMPORTS, type ImportTable } from "./importTable.ts";
import { readData, readDataCount, readElements } from "./segments.ts";
import type { ContractModule } from "./types.ts";

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const VERSION = [0x01, 0x00, 0x00, 0x00];
const CUSTOM_SECTION = 0;
const TAG_SECTION = 13;

interface Section {
  readonly id: number;
  readonly name: string;
  readonly read: (reader: ByteReader, draft: ModuleDraft) => void;
}

/** In the order in which they stand in a module. */
const SECTIONS: readonly Section[] = [
  { id: 1, name: "type", read: readTypes },
  { id: 2, name: "import", read: readImports },
  { id: 3, name: "function", read: readFunctions },
  { id: 4, name: "table", read: readTables },
  { id: 5, name: "memory", read: readMemories },
  { id: 6, name: "global", read: readGlobals },
  { id: 7, name: "export", read: readExports },
  { id: 8, name: "start", read: readStart },
  { id: 9, name: "element", read: readElements },
  { id: 12, name: "data count", read: readDataCount },
  { id: 10, name: "code", read: readBodies },
  { id: 11, name: "data", read: readData },
];

/**
 * The module that `bytes` hold, when it obeys every rule of docs/spec/modules.md.
 * @param importTable what it may import; other than the host's in tests only
 */
export function decodeAndValidate(
  bytes: Bytes,
  importTable: ImportTable = HOST_IMPORTS,
): Result<ContractModule, ModuleCode> {
  const draft = createDraft(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), importTable);
  try {
    readModule(draft);
    return accept(finish(draft));
  } catch (error) {
    if (error instanceof ModuleFault) return refusal(error.fault, draft);
    throw error;
  }
}

function readModule(draft: ModuleDraft): void {
  checkLimit({ value: draft.bytes.length, max: MODULE_SIZE_BYTES_MAX }, 0, {
    what: "the module has too many bytes",
    hint: "build it for size and strip names and debug information",
  });
  const reader = new ByteReader(draft.bytes, 0, draft.bytes.length);
  readPreamble(reader);
  let customSections = 0;
  let next = 0;
  while (!reader.isAtEnd()) {
    const offset = reader.offset;
    const id = reader.byte();
    const index = SECTIONS.findIndex((section) => section.id === id);
    const name = SECTIONS[index]?.name ?? "custom";
    if (index < 0 && id !== CUSTOM_SECTION) throw unknownSection(id, offset);
    const content = reader.part(reader.u32(), `the ${name} section`);
    if (id === CUSTOM_SECTION) {
      content.name("a custom section's name");
      checkLimit({ value: ++customSections, max: CUSTOM_SECTIONS_MAX }, offset, {
        what: "the module has too many custom sections",
        hint: "strip them",
      });
      continue;
    }
    if (index < next) throw malformed(offset, `the ${name} section stands twice or behind a later one`);
    next = index + 1;
    SECTIONS[index]?.read(content, draft);
    content.expectEnd(`the ${name} section`);
  }
  checkCounts(draft);
}

function readPreamble(reader: ByteReader): void {
  for (const expected of MAGIC) {
    if (reader.byte() !== expected) {
      throw malformed(0, "the bytes do not begin with \\0asm", "give the bytes of a WebAssembly module in binary form");
    }
  }
  for (const expected of VERSION) {
    if (reader.byte() !== expected) {
      throw malformed(4, "the module's version is not 1", "build a core module of version 1, not a component");
    }
  }
}

function unknownSection(id: number, offset: number): ModuleFault {
  return id === TAG_SECTION
    ? unsupported(offset, "the module has a tag section", "build without exception handling")
    : malformed(offset, `there is no section with the id ${id}`);
}

/** What two sections say together, when one of them is not there. */
function checkCounts(draft: ModuleDraft): void {
  const { bytes, functionTypes, imports, functions, dataCount, data } = draft;
  const declared = functionTypes.length - imports.length;
  if (declared !== functions.length) {
    throw malformed(bytes.length, `the module declares ${declared} functions, but has no code section`);
  }
  if (dataCount !== undefined && dataCount !== data.length) {
    throw malformed(bytes.length, `the module's data count is ${dataCount}, but it has no data section`);
  }
}

function finish(draft: ModuleDraft): ContractModule {
  const { bytes, types, imports, functions, table, globals, exports, start, elements, data } = draft;
  return {
    bytes,
    types,
    imports,
    functions,
    table,
    memory: draft.memory ?? { minimum: 0, maximum: undefined },
    globals,
    exports,
    start,
    elements,
    data,
    functionNames: readFunctionNames(bytes),
  };
}

function refusal(fault: Fault, draft: ModuleDraft): Result<never, ModuleCode> {
  const { code, offset, what, hint } = fault;
  const index = draft.currentFunction;
  if (index === undefined) return refuse(code, `${what}, at byte ${offset}; ${hint}`, { offset });
  const name = readFunctionNames(draft.bytes).get(index) ?? exportedName(draft, index);
  const shown = name === undefined ? `${index}` : `${index} (${quoted(name)})`;
  const details = { offset, functionIndex: index, ...(name === undefined ? {} : { functionName: name }) };
  return refuse(code, `${what}, at byte ${offset} in function ${shown}; ${hint}`, details);
}

function exportedName(draft: ModuleDraft, index: number): string | undefined {
  return draft.exports.find((entry) => entry.kind === "function" && entry.index === index)?.name;
}
