// A second meter, against which the first one is held: it knows nothing of blocks, helper functions or appended globals.
// Before each instruction it calls the host with what that instruction costs by docs/spec/metering.md, and the host adds
// up. Its costs are a table of their own. Slow, and exact on every path that ends without a trap.

import type { Bytes } from "../../src/core/primitives/index.ts";
import { MEMORY_PAGES_MAX } from "../../src/core/vm/limits.ts";
import { InstructionReader } from "../../src/core/vm/module/instructionReader.ts";
import type { ContractModule, FunctionBody, ValueType } from "../../src/core/vm/module/types.ts";

const COSTS: readonly (readonly [RegExp, number])[] = [
  [/^(?:block|loop|else|end)$/, 0],
  [/^(?:unreachable|nop|drop|local\.get|global\.[gs]et|memory\.size|i\d\d\.const)$/, 1],
  [/^(?:if|br|return|local\.set|local\.tee)$/, 2],
  [/^br_if$/, 4],
  [/^br_table$/, 10],
  [/^call$/, 15],
  [/^call_indirect$/, 20],
  [/^memory\.(?:grow|copy|fill)$/, 40],
  [/wrap|extend/, 1],
  [/\.load/, 3],
  [/\.(?:div|rem)_/, 4],
  [/./, 2],
];
const LOOP_ROUND = 10;
const ARM = 8;
const ENTRY = 15;
const LOCAL = 1;
const FIRST_GROWTH = 250_000;
const PAGE = 25_000;

/** The functions that the naive module imports before those of the contract. */
const IMPORTS = ["charge", "charge_grow", "charge_copy", "charge_fill"] as const;
const PARAMETERS = { charge: 1, charge_grow: 2, charge_copy: 1, charge_fill: 1 } as const;
const TYPE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };

const costOfName = new Map<string, number>();

function costOf(name: string): number {
  const known = costOfName.get(name);
  if (known !== undefined) return known;
  const cost = (COSTS.find(([pattern]) => pattern.test(name)) as readonly [RegExp, number])[1];
  costOfName.set(name, cost);
  return cost;
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest % 128;
    rest = (rest - low) / 128;
    bytes.push(rest === 0 ? low : low + 128);
  } while (rest !== 0);
  return bytes;
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(BigInt.asUintN(7, rest));
    rest >>= 7n;
    if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) return [...bytes, low];
    bytes.push(low + 128);
  }
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

function text(name: string): number[] {
  return vector([...name].map((letter) => [letter.charCodeAt(0)]));
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function callImport(name: (typeof IMPORTS)[number]): number[] {
  return [0x10, ...leb(IMPORTS.indexOf(name))];
}

function charge(cost: number): number[] {
  return cost === 0 ? [] : [0x41, ...signed(BigInt(cost)), ...callImport("charge")];
}

/** The first of three i32 locals that the naive meter adds, to look at operands. */
function bulk(temp: number, name: "charge_copy" | "charge_fill"): number[] {
  const set = [2, 1, 0].flatMap((index) => [0x21, ...leb(temp + index)]);
  const get = [0, 1, 2].flatMap((index) => [0x20, ...leb(temp + index)]);
  return [...set, 0x20, ...leb(temp + 2), ...callImport(name), ...get];
}

function before(name: string, temp: number): number[] {
  const own = charge(costOf(name));
  if (name === "memory.copy") return [...own, ...bulk(temp, "charge_copy")];
  if (name === "memory.fill") return [...own, ...bulk(temp, "charge_fill")];
  if (name !== "memory.grow") return own;
  return [...own, 0x22, ...leb(temp), 0x20, ...leb(temp), 0x3f, 0, ...callImport("charge_grow")];
}

function after(name: string): number[] {
  if (name === "loop") return charge(LOOP_ROUND);
  return name === "if" || name === "else" ? charge(ARM) : [];
}

function code(module: ContractModule, body: FunctionBody): number[] {
  const parameters = module.types[body.typeIndex]?.parameters.length ?? 0;
  const temp = parameters + body.locals.length;
  const locals = [...body.locals, "i32", "i32", "i32"] as const;
  const out = [...vector(locals.map((type) => [1, TYPE_BYTES[type]])), ...charge(ENTRY + LOCAL * body.locals.length)];
  const reader = new InstructionReader(module.bytes, body.codeStart, body.codeEnd);
  while (reader.next()) {
    const { name } = reader.instruction;
    // Nothing may stand before `else` or `end` but what belongs to the arm before them, and they are free.
    out.push(...before(name, temp));
    if (name === "call") out.push(0x10, ...leb(reader.index + IMPORTS.length));
    else out.push(...module.bytes.subarray(reader.start, reader.end));
    out.push(...after(name));
  }
  return [...leb(out.length), ...out];
}

function constant(kind: ValueType, value: number | bigint): number[] {
  return [kind === "i32" ? 0x41 : 0x42, ...signed(BigInt(value)), 0x0b];
}

function imports(module: ContractModule): number[] {
  const own = IMPORTS.map((name, index) => [...text("env"), ...text(name), 0, ...leb(module.types.length + index)]);
  const others = module.imports.map(({ name, typeIndex }) => [...text("env"), ...text(name), 0, ...leb(typeIndex)]);
  const pages = [...leb(module.memory.minimum), ...leb(module.memory.maximum ?? MEMORY_PAGES_MAX)];
  return vector([...own, ...others, [...text("env"), ...text("memory"), 2, 1, ...pages]]);
}

/** Imports `env.memory`, whose maximum is the declared one, and exports functions by their own names. */
export function naivelyMetered(module: ContractModule): Bytes {
  const types = [
    ...module.types.map(({ parameters, results }) => [
      0x60,
      ...vector(parameters.map((type) => [TYPE_BYTES[type]])),
      ...vector(results.map((type) => [TYPE_BYTES[type]])),
    ]),
    ...IMPORTS.map((name) => [0x60, ...vector(Array(PARAMETERS[name]).fill([0x7f])), 0]),
  ];
  const { table } = module;
  const tables = table === undefined ? [] : [[0x70, 1, ...leb(table.minimum), ...leb(table.maximum ?? table.minimum)]];
  const globals = module.globals.map(({ type, isMutable, initial }) => [
    TYPE_BYTES[type],
    isMutable ? 1 : 0,
    ...constant(initial.kind, initial.value),
  ]);
  const exported = module.exports.filter(({ kind }) => kind === "function");
  const elements = module.elements.map(({ offset, functionIndices }) => [
    0,
    ...constant("i32", offset),
    ...vector(functionIndices.map((index) => leb(index + IMPORTS.length))),
  ]);
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, imports(module)),
    ...section(3, vector(module.functions.map(({ typeIndex }) => leb(typeIndex)))),
    ...section(4, vector(tables)),
    ...section(6, vector(globals)),
    ...section(7, vector(exported.map(({ name, index }) => [...text(name), 0, ...leb(index + IMPORTS.length)]))),
    ...section(9, vector(elements)),
    ...section(10, vector(module.functions.map((body) => code(module, body)))),
    ...section(
      11,
      vector(
        module.data.map(({ offset, bytes }) => [
          0,
          ...constant("i32", offset),
          ...vector([...bytes].map((byte) => [byte])),
        ]),
      ),
    ),
  ]);
}

/** What the naive module imports; it adds up in `gas`. */
export class NaiveHost {
  gas = 0;
  private readonly module: ContractModule;

  constructor(module: ContractModule) {
    this.module = module;
  }

  get functions(): Readonly<Record<(typeof IMPORTS)[number], (...args: number[]) => undefined>> {
    return {
      charge: (cost = 0) => {
        this.gas += cost;
        return undefined;
      },
      charge_grow: (delta = 0, size = 0) => {
        const pages = delta >>> 0;
        const { minimum, maximum } = this.module.memory;
        if (pages === 0 || size + pages > Math.min(maximum ?? MEMORY_PAGES_MAX, MEMORY_PAGES_MAX)) return undefined;
        this.gas += (size + pages) * PAGE + (size === minimum ? FIRST_GROWTH : 0);
        return undefined;
      },
      charge_copy: (size = 0) => {
        this.gas += Math.floor((size >>> 0) / 32);
        return undefined;
      },
      charge_fill: (size = 0) => {
        this.gas += Math.floor((size >>> 0) / 64);
        return undefined;
      },
    };
  }
}
