// The code section (WebAssembly Core Specification 2.0, section 5.5.13): the body of each function that the module defines.

import { BODY_SIZE_BYTES_MAX, BRANCH_TABLE_TARGETS_SUM_MAX, LOCALS_BY_BLOCKS_MAX, LOCALS_MAX } from "../limits.ts";
import { validateBody } from "./bodyValidator.ts";
import type { ByteReader } from "./byteReader.ts";
import type { ModuleDraft } from "./draft.ts";
import { checkLimit, malformed } from "./fault.ts";
import type { FunctionBody, FunctionType, ValueType } from "./types.ts";
import { readValueType } from "./valueTypes.ts";

/** Sums over the bodies so far. */
interface Sums {
  localsByBlocks: number;
  branchTargets: number;
}

export function readBodies(reader: ByteReader, draft: ModuleDraft): void {
  const offset = reader.offset;
  const count = reader.u32();
  const declared = draft.functionTypes.length - draft.imports.length;
  if (count !== declared) throw malformed(offset, `the module declares ${declared} functions, but has ${count} bodies`);
  const sums: Sums = { localsByBlocks: 0, branchTargets: 0 };
  for (let read = 0; read < count; read++) {
    draft.currentFunction = draft.imports.length + read;
    draft.functions.push(readBody(reader, draft, sums));
  }
  draft.currentFunction = undefined;
}

function readBody(reader: ByteReader, draft: ModuleDraft, sums: Sums): FunctionBody {
  const start = reader.offset;
  const size = reader.u32();
  checkLimit({ value: size, max: BODY_SIZE_BYTES_MAX }, start, {
    what: "the body has too many bytes",
    hint: "split the function",
  });
  const body = reader.part(size, "the body of a function");
  const typeIndex = draft.functionTypes[draft.functions.length + draft.imports.length] as number;
  const type = draft.types[typeIndex] as FunctionType;
  const locals = readLocals(body, type.parameters.length);
  const range = { codeStart: body.offset, codeEnd: body.end };
  const allLocals = [...type.parameters, ...locals];
  const figures = validateBody(draft, { ...range, type, locals: allLocals });
  sums.localsByBlocks += allLocals.length * (figures.controlBlocks + 1);
  sums.branchTargets += figures.branchTargets;
  checkSums(sums, start);
  const { operandHeightMax, controlBlocks } = figures;
  return { typeIndex, ...range, locals, operandHeightMax, controlBlocks };
}

function checkSums(sums: Sums, offset: number): void {
  checkLimit({ value: sums.localsByBlocks, max: LOCALS_BY_BLOCKS_MAX }, offset, {
    what: "the functions so far have too many locals times blocks",
    hint: "split functions that have many of both",
  });
  checkLimit({ value: sums.branchTargets, max: BRANCH_TABLE_TARGETS_SUM_MAX }, offset, {
    what: "the br_tables so far have too many targets",
    hint: "use fewer or smaller switches",
  });
}

function readLocals(body: ByteReader, parameters: number): ValueType[] {
  const groups = body.u32();
  const locals: ValueType[] = [];
  for (let read = 0; read < groups; read++) {
    const offset = body.offset;
    const count = body.u32();
    // Before anything is made by this count.
    checkLimit({ value: parameters + locals.length + count, max: LOCALS_MAX }, offset, {
      what: "the function has too many locals, its parameters included",
      hint: "split the function, or keep values in memory",
    });
    const type = readValueType(body);
    for (let added = 0; added < count; added++) locals.push(type);
  }
  return locals;
}
