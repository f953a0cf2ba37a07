// The element, data count and data sections (WebAssembly Core Specification 2.0, sections 5.5.12 to 5.5.15): active segments
// at constant offsets.

import { DATA_SEGMENTS_MAX, ELEMENT_SEGMENTS_MAX } from "../limits.ts";
import type { ByteReader } from "./byteReader.ts";
import { readConstant } from "./constants.ts";
import type { ModuleDraft } from "./draft.ts";
import { checkLimit, invalid, malformed, unsupported } from "./fault.ts";
import type { DataSegment, ElementSegment } from "./types.ts";

const ELEMENT_FLAGS_MAX = 7;
/** Passive or declarative. */
const ELEMENT_NOT_ACTIVE = 1;
const ELEMENT_HAS_TABLE = 2;
const ELEMENT_HAS_EXPRESSIONS = 4;
const ELEMENT_KIND_FUNCTIONS = 0;

const DATA_FLAGS_MAX = 2;
const DATA_PASSIVE = 1;
const DATA_HAS_MEMORY = 2;

const ACTIVE_HINT = "build without passive segments";

export function readElements(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  checkLimit({ value: count, max: ELEMENT_SEGMENTS_MAX }, offset, {
    what: "the module has too many element segments",
    hint: "join them",
  });
  const segments: ElementSegment[] = [];
  for (let read = 0; read < count; read++) segments.push(readElementSegment(reader, draft));
  draft.elements = segments;
}

function readElementSegment(reader: ByteReader, draft: ModuleDraft): ElementSegment {
  const start = reader.offset;
  const flags = reader.u32();
  if (flags > ELEMENT_FLAGS_MAX) throw malformed(start, `an element segment has the flags ${flags}, at most 7 exist`);
  if ((flags & ELEMENT_NOT_ACTIVE) !== 0) {
    throw unsupported(start, "a passive or declarative element segment is not for contracts", ACTIVE_HINT);
  }
  if ((flags & ELEMENT_HAS_EXPRESSIONS) !== 0) {
    throw unsupported(start, "an element segment has expressions", "list functions by their indices");
  }
  const table = (flags & ELEMENT_HAS_TABLE) !== 0 ? reader.u32() : 0;
  if (table !== 0 || draft.table === undefined) {
    throw invalid(start, `an element segment fills table ${table}, which the module does not have`);
  }
  const { value: offset } = readConstant(reader, "i32");
  if ((flags & ELEMENT_HAS_TABLE) !== 0) {
    const kindOffset = reader.offset;
    const kind = reader.byte();
    if (kind !== ELEMENT_KIND_FUNCTIONS) throw malformed(kindOffset, `an element segment has the kind ${kind}, not 0`);
  }
  return { offset: offset >>> 0, functionIndices: readFunctionIndices(reader, draft) };
}

function readFunctionIndices(reader: ByteReader, draft: ModuleDraft): number[] {
  const count = reader.u32();
  const indices: number[] = [];
  for (let read = 0; read < count; read++) {
    const offset = reader.offset;
    const index = reader.u32();
    if (index >= draft.functionTypes.length) {
      const has = draft.functionTypes.length;
      throw invalid(offset, `an element segment holds function ${index}, but the module has ${has}`);
    }
    indices.push(index);
  }
  return indices;
}

export function readDataCount(reader: ByteReader, draft: ModuleDraft): void {
  draft.dataCount = reader.u32();
}

export function readData(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  if (draft.dataCount !== undefined && draft.dataCount !== count) {
    throw malformed(offset, `the module has ${count} data segments, but its data count is ${draft.dataCount}`);
  }
  checkLimit({ value: count, max: DATA_SEGMENTS_MAX }, offset, {
    what: "the module has too many data segments",
    hint: "join them",
  });
  const segments: DataSegment[] = [];
  for (let read = 0; read < count; read++) segments.push(readDataSegment(reader, draft));
  draft.data = segments;
}

function readDataSegment(reader: ByteReader, draft: ModuleDraft): DataSegment {
  const start = reader.offset;
  const flags = reader.u32();
  if (flags > DATA_FLAGS_MAX) throw malformed(start, `a data segment has the flags ${flags}, at most 2 exist`);
  if (flags === DATA_PASSIVE) throw unsupported(start, "a passive data segment is not for contracts", ACTIVE_HINT);
  const memory = flags === DATA_HAS_MEMORY ? reader.u32() : 0;
  if (memory !== 0 || draft.memory === undefined) {
    throw invalid(start, `a data segment fills memory ${memory}, which the module does not have`);
  }
  const { value: offset } = readConstant(reader, "i32");
  return { offset: offset >>> 0, bytes: reader.take(reader.u32(), "a data segment") };
}
