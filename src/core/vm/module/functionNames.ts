// The names of functions in the custom section `name` (WebAssembly Core Specification 2.0, section 7.4.1), for messages.
// Tools write it as they like, so what cannot be read ends the reading and is no fault.

import type { Bytes } from "../../primitives/index.ts";
import { FUNCTIONS_MAX } from "../limits.ts";
import { ByteReader } from "./byteReader.ts";
import { ModuleFault } from "./fault.ts";

const PREAMBLE_SIZE_BYTES = 8;
const CUSTOM_SECTION = 0;
const SECTION_NAME = "name";
const FUNCTION_NAMES = 1;

/** Names by function index; at most one for each function that a module may have. */
export function readFunctionNames(bytes: Bytes): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  leniently(() => {
    const reader = new ByteReader(bytes, PREAMBLE_SIZE_BYTES, bytes.length);
    while (!reader.isAtEnd()) {
      const id = reader.byte();
      const section = reader.part(reader.u32(), "a section");
      if (id === CUSTOM_SECTION) leniently(() => readCustomSection(section, names));
    }
  });
  return names;
}

function leniently(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ModuleFault)) throw error;
  }
}

function readCustomSection(section: ByteReader, names: Map<number, string>): void {
  if (section.name("a section's name") !== SECTION_NAME) return;
  while (!section.isAtEnd()) {
    const id = section.byte();
    const part = section.part(section.u32(), "a part of the names");
    if (id !== FUNCTION_NAMES) continue;
    const count = Math.min(part.u32(), FUNCTIONS_MAX);
    for (let read = 0; read < count; read++) names.set(part.u32(), part.name("a function's name"));
  }
}
