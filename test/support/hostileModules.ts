// Modules that go to a limit and one step past it, and modules that ask much of whoever reads or compiles them. Those that
// are accepted export `run`, which takes nothing and gives nothing.

import type { Bytes } from "../../src/core/primitives/index.ts";
import type { ModuleCode } from "../../src/core/vm/index.ts";
import {
  body,
  constant,
  END,
  F32,
  functionType,
  I32,
  I64,
  list,
  moduleOf,
  repeat,
  SECTION,
  section,
  text,
  u32,
} from "./moduleBytes.ts";

export interface HostileModule {
  readonly name: string;
  readonly code: Bytes;
  /** Absent for a module that is accepted. */
  readonly refusal?: ModuleCode;
}

const LOOP = 0x03;
const NOP = 0x01;
const FUNCTION_EXPORT = 0;
const RUN = [...text("run"), FUNCTION_EXPORT];
const EMPTY = functionType([], []);
const NAME_BYTES = 256;

type Items = readonly (readonly number[])[];

interface Parts {
  readonly types?: Items;
  readonly table?: readonly number[];
  readonly memory?: readonly number[];
  readonly globals?: Items;
  /** Beside `run`. */
  readonly exports?: Items;
  readonly elements?: Items;
  /** Of function 0, which is `run`. */
  readonly code?: readonly number[];
  readonly locals?: readonly (readonly [number, number])[];
  /** Type indices and bodies of further functions. */
  readonly others?: readonly { readonly type: number; readonly body: readonly number[] }[];
  readonly data?: Items;
  readonly customs?: Items;
}

function build(parts: Parts): Bytes {
  const { types = [], globals = [], exports = [], elements = [], code = [], locals = [], others = [] } = parts;
  const { data = [], customs = [], table, memory } = parts;
  const optional = (id: number, items: Items) => (items.length === 0 ? [] : list(id, items));
  return moduleOf(
    list(SECTION.type, [EMPTY, ...types]),
    list(SECTION.function, [[0], ...others.map(({ type }) => u32(type))]),
    table === undefined ? [] : list(SECTION.table, [table]),
    memory === undefined ? [] : list(SECTION.memory, [memory]),
    optional(SECTION.global, globals),
    list(SECTION.export, [[...RUN, 0], ...exports]),
    optional(SECTION.element, elements),
    list(SECTION.code, [body([...code, END], locals), ...others.map((other) => other.body)]),
    optional(SECTION.data, data),
    ...customs.map((content) => section(SECTION.custom, content)),
  );
}

function many(count: number, item: readonly number[]): Items {
  return Array.from({ length: count }, () => item);
}

const SMALL = build({});
const LIMITS_SIZE_BYTES = 250_000;

/** Filled up by a custom section to so many bytes. */
function padded(sizeBytes: number): Bytes {
  const content = [...text("x"), ...repeat(sizeBytes - SMALL.length - 6, [0])];
  const code = build({ customs: [content] });
  if (code.length !== sizeBytes) throw new RangeError(`the module has ${code.length} bytes, not ${sizeBytes}`);
  return code;
}

function functions(count: number): Bytes {
  return build({ others: Array.from({ length: count - 1 }, () => ({ type: 0, body: body([END]) })) });
}

function named(name: string, index: number): number[] {
  return [...text(name), FUNCTION_EXPORT, ...u32(index)];
}

function exported(count: number): Bytes {
  return build({ exports: Array.from({ length: count - 1 }, (_, index) => named(`f${index}`, 0)) });
}

function branchTables(tables: number, targets: number, extra = 0): Bytes {
  const table = (count: number) => [0x02, 0x40, ...constant(0), 0x0e, ...u32(count), ...repeat(count, [0]), 0, END];
  return build({ code: [...repeat(tables, table(targets)), ...(extra > 0 ? table(extra) : [])] });
}

/** So many loops with as many locals as there may be, each of which hands a local on to another one. */
function localsByBlocks(locals: number, blocks: number): Bytes {
  const code = Array.from({ length: blocks - 1 }, (_, index) => [
    ...[LOOP, 0x40, 0x20, ...u32(index % locals), 0x21, ...u32((index * 7 + 1) % locals), END],
  ]);
  return build({ code: code.flat(), locals: [[locals, I32]] });
}

function nested(depth: number): number[] {
  return [...repeat(depth, [0x02, 0x40]), ...repeat(depth, [END])];
}

const ACTIVE_ELEMENT = [0, ...constant(0), END, 1, 0];
const ACTIVE_DATA = [0, ...constant(0), END, 1, 0x2a];
const CONSTANT_GLOBAL = [I32, 1, ...constant(0), END];
const PARAMETERS = (count: number) => functionType(new Array<number>(count).fill(I64), []);
const TEN_MILLION = 10_000_000;

/** At the limit, and one past it. */
function pair(name: string, atLimit: Bytes, past: Bytes): HostileModule[] {
  return [
    { name: `${name}, at the limit`, code: atLimit },
    { name: `${name}, one past it`, code: past, refusal: "module_limit" },
  ];
}

export const LIMIT_MODULES: readonly HostileModule[] = [
  ...pair("bytes", padded(LIMITS_SIZE_BYTES), padded(LIMITS_SIZE_BYTES + 1)),
  ...pair("types", build({ types: many(511, EMPTY) }), build({ types: many(512, EMPTY) })),
  ...pair("parameters", build({ types: [PARAMETERS(32)] }), build({ types: [PARAMETERS(33)] })),
  ...pair("functions", functions(4096), functions(4097)),
  ...pair("globals", build({ globals: many(512, CONSTANT_GLOBAL) }), build({ globals: many(513, CONSTANT_GLOBAL) })),
  ...pair("exports", exported(256), exported(257)),
  ...pair(
    "bytes of an export's name",
    build({ exports: [named("n".repeat(NAME_BYTES), 0)] }),
    build({ exports: [named("n".repeat(NAME_BYTES + 1), 0)] }),
  ),
  ...pair("table entries", build({ table: [0x70, 0, ...u32(4096)] }), build({ table: [0x70, 0, ...u32(4097)] })),
  ...pair("pages", build({ memory: [0, ...u32(256)] }), build({ memory: [0, ...u32(257)] })),
  ...pair(
    "element segments",
    build({ table: [0x70, 0, 1], elements: many(256, ACTIVE_ELEMENT) }),
    build({ table: [0x70, 0, 1], elements: many(257, ACTIVE_ELEMENT) }),
  ),
  ...pair(
    "data segments",
    build({ memory: [0, 1], data: many(1024, ACTIVE_DATA) }),
    build({ memory: [0, 1], data: many(1025, ACTIVE_DATA) }),
  ),
  ...pair("custom sections", build({ customs: many(64, text("c")) }), build({ customs: many(65, text("c")) })),
  ...pair("bytes of a body", build({ code: repeat(65_534, [NOP]) }), build({ code: repeat(65_535, [NOP]) })),
  ...pair("locals", build({ locals: [[256, I64]] }), build({ locals: [[257, I64]] })),
  ...pair("locals by blocks", localsByBlocks(250, 8000), localsByBlocks(250, 8001)),
  ...pair("nesting", build({ code: nested(256) }), build({ code: nested(257) })),
  ...pair(
    "operand height",
    build({ code: [...repeat(1024, constant(1)), ...repeat(1024, [0x1a])] }),
    build({ code: [...repeat(1025, constant(1)), ...repeat(1025, [0x1a])] }),
  ),
  ...pair("targets of a br_table", branchTables(1, 1024), branchTables(1, 1025)),
  ...pair("targets of all br_tables", branchTables(16, 1024), branchTables(16, 1024, 1)),
];

const CALL_NEXT = [0x10, 1];
/** Of as many locals as 32 bits can say, in five bytes. */
const LOCALS_ENDLESS: readonly (readonly [number, number])[] = [[2 ** 32 - 1, I32]];

export const REFUSED_MODULES: readonly HostileModule[] = [
  // Metering appends functions, which are there for the engine and must not be for the contract.
  { name: "a call of a function past the range", code: build({ code: CALL_NEXT }), refusal: "invalid_module" },
  { name: "a local past the range", code: build({ code: [0x20, 0, 0x1a] }), refusal: "invalid_module" },
  { name: "a global past the range", code: build({ code: [0x42, 0, 0x24, 0] }), refusal: "invalid_module" },
  { name: "an export past the range", code: build({ exports: [named("gas", 3)] }), refusal: "invalid_module" },
  {
    name: "an element past the range",
    code: build({ table: [0x70, 0, 1], elements: [[0, ...constant(0), END, 1, 1]] }),
    refusal: "invalid_module",
  },
  {
    name: "an export by the name of a helper",
    code: build({ exports: [named("__set_gas", 0)] }),
    refusal: "module_feature",
  },
  { name: "an export twice", code: build({ exports: [named("a", 0), named("a", 0)] }), refusal: "invalid_module" },
  { name: "a table of ten million", code: build({ table: [0x70, 0, ...u32(TEN_MILLION)] }), refusal: "module_limit" },
  { name: "locals without end", code: build({ locals: LOCALS_ENDLESS }), refusal: "module_limit" },
  { name: "21,000 nested blocks", code: build({ code: nested(21_000) }), refusal: "module_limit" },
  {
    name: "100,000 exports announced",
    code: moduleOf(list(SECTION.type, [EMPTY]), section(SECTION.export, [...u32(100_000), 0])),
    refusal: "module_limit",
  },
  {
    name: "four billion functions announced",
    code: moduleOf(section(SECTION.function, [0xff, 0xff, 0xff, 0xff, 0x0f])),
    refusal: "module_limit",
  },
  {
    name: "a name of four billion bytes",
    code: moduleOf(section(SECTION.custom, [0xff, 0xff, 0xff, 0xff, 0x0f])),
    refusal: "malformed_module",
  },
  {
    name: "floats in code that is never reached",
    code: build({ code: [0x00, 0x43, 0, 0, 0, 0, 0x1a] }),
    refusal: "module_feature",
  },
  {
    name: "a float in a type that nothing uses",
    code: build({ types: [functionType([F32], [])] }),
    refusal: "module_feature",
  },
  { name: "no end", code: SMALL.slice(0, -1), refusal: "malformed_module" },
];

const [UNMARKED, MARKED] = ["n", "\uFEFFn"];

/** Two exports that are one for whoever strips a byte order mark; the first traps. */
const BYTE_ORDER_MARK = build({
  exports: [named(UNMARKED as string, 1), named(MARKED as string, 0)],
  others: [{ type: 0, body: body([0x00, END]) }],
});

/** `run` calls, as often as its argument says, a function that is hard to compile. */
function hot(worst: readonly number[], others: number): Bytes {
  const run = [
    ...[LOOP, 0x40],
    ...Array.from({ length: others }, (_, index) => [0x10, ...u32(index + 1)]).flat(),
    ...[0x20, 0, ...constant(1), 0x6b, 0x22, 0, 0x0d, 0, END, END],
  ];
  return moduleOf(
    list(SECTION.type, [functionType([I32], []), EMPTY]),
    list(SECTION.function, [[0], ...many(others, [1])]),
    list(SECTION.export, [[...RUN, 0]]),
    list(SECTION.code, [body(run), ...many(others, worst)]),
  );
}

function worstBody(locals: number, blocks: number, block: (index: number) => readonly number[]): number[] {
  return body([...Array.from({ length: blocks - 1 }, (_, index) => block(index)).flat(), END], [[locals, I32]]);
}

function handOn(locals: number, open: readonly number[]) {
  return (index: number) => [...open, 0x20, ...u32(index % locals), 0x21, ...u32((index * 7 + 1) % locals), END];
}

/** What the engine compiles again once it runs often: as many locals times blocks as there may be. */
export const HOT_MODULES: readonly HostileModule[] = [
  { name: "249 locals by 8,000 loops in one function", code: hot(worstBody(249, 8_000, handOn(249, [LOOP, 0x40])), 1) },
  {
    name: "250 locals by 6,500 arms in one function",
    code: hot(worstBody(250, 6_500, handOn(250, [0x20, 1, 0x04, 0x40])), 1),
  },
  { name: "256 locals by 250 loops in 31 functions", code: hot(worstBody(256, 252, handOn(256, [LOOP, 0x40])), 31) },
];

export const ACCEPTED_MODULES: readonly HostileModule[] = [
  { name: "a byte order mark in a name", code: BYTE_ORDER_MARK },
];
export const BYTE_ORDER_MARK_NAMES = { unmarked: UNMARKED as string, marked: MARKED as string };
