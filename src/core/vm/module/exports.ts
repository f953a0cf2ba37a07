// The export and start sections (WebAssembly Core Specification 2.0, sections 5.5.10 and 5.5.11).

import { EXPORT_NAME_SIZE_BYTES_MAX, EXPORTS_MAX } from "../limits.ts";
import type { ByteReader } from "./byteReader.ts";
import type { ModuleDraft } from "./draft.ts";
import { checkLimit, invalid, malformed, quoted, unsupported } from "./fault.ts";
import type { ExportKind, FunctionType, ModuleExport } from "./types.ts";

const KINDS: readonly ExportKind[] = ["function", "table", "memory", "global"];
const TAG = 4;
/** Names of the node's own functions in a metered module begin so. */
const RESERVED_PREFIX = "__";

export function readExports(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  checkLimit({ value: count, max: EXPORTS_MAX }, offset, {
    what: "the module has too many exports",
    hint: "export only what callers need",
  });
  const names = new Set<string>();
  const exports: ModuleExport[] = [];
  for (let read = 0; read < count; read++) {
    const start = reader.offset;
    const entry = readExport(reader, draft);
    if (names.has(entry.name)) throw invalid(start, `the name ${quoted(entry.name)} is exported twice`);
    names.add(entry.name);
    exports.push(entry);
  }
  draft.exports = exports;
}

function readExport(reader: ByteReader, draft: ModuleDraft): ModuleExport {
  const nameOffset = reader.offset;
  const name = readExportName(reader);
  const kindOffset = reader.offset;
  const kindByte = reader.byte();
  const kind = KINDS[kindByte];
  if (kindByte === TAG) throw unsupported(kindOffset, "a tag is exported", "build without exception handling");
  if (kind === undefined) throw malformed(kindOffset, `an export has the kind ${kindByte}, which does not exist`);
  const indexOffset = reader.offset;
  const index = reader.u32();
  const count = countOf(draft, kind);
  if (index >= count) {
    throw invalid(indexOffset, `the export ${quoted(name)} is of ${kind} ${index}, but the module has ${count}`);
  }
  // Linkers export globals under such names by themselves, and a global has no part in the metered module's exports.
  if (name.startsWith(RESERVED_PREFIX) && kind !== "global") {
    throw unsupported(nameOffset, `the export ${quoted(name)} begins with "__"`, "give it another name");
  }
  return { name, kind, index };
}

function readExportName(reader: ByteReader): string {
  const start = reader.offset;
  const size = reader.u32();
  checkLimit({ value: size, max: EXPORT_NAME_SIZE_BYTES_MAX }, start, {
    what: "the name of an export has too many bytes",
    hint: "give it a shorter name",
  });
  reader.offset = start;
  return reader.name("an export's name");
}

function countOf(draft: ModuleDraft, kind: ExportKind): number {
  switch (kind) {
    case "function":
      return draft.functionTypes.length;
    case "table":
      return draft.table === undefined ? 0 : 1;
    case "memory":
      return draft.memory === undefined ? 0 : 1;
    case "global":
      return draft.globals.length;
  }
}

export function readStart(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const index = reader.u32();
  const typeIndex = draft.functionTypes[index];
  if (typeIndex === undefined) {
    throw invalid(offset, `the start function is ${index}, but the module has ${draft.functionTypes.length} functions`);
  }
  const { parameters, results } = draft.types[typeIndex] as FunctionType;
  if (parameters.length > 0 || results.length > 0) {
    throw invalid(offset, `the start function ${index} has parameters or a result; it may have neither`);
  }
  draft.start = index;
}
