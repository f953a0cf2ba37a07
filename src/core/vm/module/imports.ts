// The import section (WebAssembly Core Specification 2.0, section 5.5.5): only what the import table holds, with exactly
// its type.

import { FUNCTIONS_MAX } from "../limits.ts";
import type { ByteReader } from "./byteReader.ts";
import { readMemoryType, readTypeIndex } from "./declarations.ts";
import type { ModuleDraft } from "./draft.ts";
import { badImport, checkLimit, malformed, quoted, unsupported } from "./fault.ts";
import type { FunctionType, ImportedFunction } from "./types.ts";

const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

interface Name {
  readonly module: string;
  readonly field: string;
  readonly offset: number;
}

export function readImports(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  // The memory may stand among them.
  checkLimit({ value: count, max: FUNCTIONS_MAX + 1 }, offset, {
    what: "the module has too many imports",
    hint: "import each host function once",
  });
  const functions: ImportedFunction[] = [];
  for (let read = 0; read < count; read++) {
    const start = reader.offset;
    const name = { module: reader.name("a module's name"), field: reader.name("an import's name"), offset: start };
    const kindOffset = reader.offset;
    const kind = reader.byte();
    if (kind === KIND.function) functions.push(readFunctionImport(reader, draft, name));
    else if (kind === KIND.memory) readMemoryImport(reader, draft, name);
    else throw otherImport(kind, kindOffset, name);
  }
  checkLimit({ value: functions.length, max: FUNCTIONS_MAX }, offset, {
    what: "the module has too many functions",
    hint: "import each host function once",
  });
  draft.imports = functions;
}

function shown(name: Name): string {
  return `${quoted(name.field)} of module ${quoted(name.module)}`;
}

function otherImport(kind: number, kindOffset: number, name: Name): Error {
  if (kind > KIND.tag) return malformed(kindOffset, `an import has the kind ${kind}, which does not exist`);
  const kinds = ["function", "table", "memory", "global", "tag"];
  return badImport(
    name.offset,
    `the ${kinds[kind]} ${shown(name)} is imported`,
    "import host functions and the memory only, and define all else in the module",
  );
}

function readFunctionImport(reader: ByteReader, draft: ModuleDraft, name: Name): ImportedFunction {
  const { importTable } = draft;
  const typeIndex = readTypeIndex(reader, draft);
  const expected = name.module === importTable.module ? importTable.functions.get(name.field) : undefined;
  if (expected === undefined) {
    const hint = `import functions of module ${quoted(importTable.module)} by the names of the host interface, or remove this one`;
    throw badImport(name.offset, `there is no host function ${shown(name)}`, hint);
  }
  const found = draft.types[typeIndex] as FunctionType;
  if (signature(found) !== signature(expected)) {
    throw badImport(
      name.offset,
      `the host function ${shown(name)} is imported as ${signature(found)}`,
      `declare it as ${signature(expected)}`,
    );
  }
  draft.functionTypes.push(typeIndex);
  return { name: name.field, typeIndex };
}

function signature(type: FunctionType): string {
  return `(${type.parameters.join(", ")}) -> (${type.results.join(", ")})`;
}

function readMemoryImport(reader: ByteReader, draft: ModuleDraft, name: Name): void {
  const { importTable } = draft;
  const memory = readMemoryType(reader);
  if (name.module !== importTable.module || name.field !== importTable.memory) {
    const wanted = `${quoted(importTable.memory)} of module ${quoted(importTable.module)}`;
    throw badImport(name.offset, `the memory ${shown(name)} is imported`, `import it as ${wanted}, or define it`);
  }
  if (draft.memory !== undefined) {
    throw unsupported(name.offset, "the module has more than one memory", "import one memory");
  }
  draft.memory = memory;
}
