// Valid modules by chance, from a seed, that end: their loops count down and their calls draw on a counter. They use
// integers, all kinds of branches, calls, tables, globals and memory; `traps` also lets them do what may trap.
// `run(i32, i64)` returns an i64 and leaves the globals in memory.

import type { Bytes } from "../../src/core/primitives/index.ts";
import { MEMORY_PAGES_MAX } from "../../src/core/vm/limits.ts";
import { INSTRUCTIONS } from "../../src/core/vm/module/instructions.ts";
import type { ValueType } from "../../src/core/vm/module/types.ts";
import { createRandom } from "./random.ts";
import { type AssembledFunction, assemble } from "./wasmAssembler.ts";

/** A place that a branch may go to, and what it has to bring. */
interface Label {
  readonly result: ValueType | undefined;
  /** A branch to a loop goes back: it counts down in this local and goes only while something is left. */
  readonly counter?: number;
}

interface Signature {
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}

const TYPES: readonly ValueType[] = ["i32", "i64"];
const ADDRESS_MASK = 0x7ff8;
const CALLS_MAX = 40;
const NESTING_MAX = 5;
const LOOP_NESTING_MAX = 3;
const STATEMENTS_MAX = 60;
/** Locals of each type beside the parameters, and the counters of loops behind them. */
const PLAIN_LOCALS = 3;
const COUNTERS = 6;
const EXPRESSION_DEPTH_MAX = 4;
/** Globals: the calls that are left, and two of each type. */
const CALLS_LEFT = 0;
const GLOBALS: readonly ValueType[] = ["i32", "i32", "i32", "i64", "i64"];

// What computes a value from values, by what it takes and gives; divisions are written so that they do not trap.
const PURE = INSTRUCTIONS.filter(
  ({ immediate, parameters, name }) =>
    immediate === "none" && parameters.length > 0 && /^i\d\d\./.test(name) && !/(?:div|rem)_/.test(name),
);
const PURE_BY_RESULT: Readonly<Record<ValueType, typeof PURE>> = {
  i32: PURE.filter(({ results }) => results[0] === "i32"),
  i64: PURE.filter(({ results }) => results[0] === "i64"),
};
const LOADS = INSTRUCTIONS.filter(({ name }) => /\.load/.test(name));
const STORES = INSTRUCTIONS.filter(({ name }) => /\.store/.test(name));

class Chance {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  /** Once in so many times. */
  onceIn(count: number): boolean {
    return this.below(count) === 0;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  number(): number {
    const kind = this.below(4);
    if (kind === 0) return this.below(8);
    if (kind === 1) return this.of([-1, 0x7fffffff, -0x80000000, 0x55555555, 255]);
    return this.below(2 ** 32) - 2 ** 31;
  }
}

class FunctionGenerator {
  private readonly chance: Chance;
  private readonly signatures: readonly Signature[];
  private readonly signature: Signature;
  private readonly traps: boolean;
  /** The outermost first. */
  private readonly labels: Label[] = [];
  private readonly locals: readonly ValueType[];
  private countersUsed = 0;
  private statementsLeft = STATEMENTS_MAX;

  constructor(options: { chance: Chance; signatures: readonly Signature[]; index: number; traps: boolean }) {
    this.chance = options.chance;
    this.signatures = options.signatures;
    this.signature = options.signatures[options.index] as Signature;
    this.traps = options.traps;
    const own = [...Array(PLAIN_LOCALS).fill("i32"), ...Array(PLAIN_LOCALS).fill("i64")] as ValueType[];
    this.locals = [...this.signature.parameters, ...own];
  }

  generate(): AssembledFunction {
    const { parameters, result } = this.signature;
    this.labels.push({ result });
    const give = result === undefined ? "" : `${result}.const 7`;
    const guard = `global.get ${CALLS_LEFT} i32.const 1 i32.sub global.set ${CALLS_LEFT} global.get ${CALLS_LEFT} i32.const 0 i32.lt_s if ${give} return end`;
    const code = `${guard} ${this.statements()} ${this.valueOf(result)}`;
    const locals = [...this.locals.slice(parameters.length), ...Array(COUNTERS).fill("i32")].join(" ");
    return { parameters: parameters.join(" "), ...(result === undefined ? {} : { result }), locals, code };
  }

  private valueOf(type: ValueType | undefined): string {
    return type === undefined ? "" : this.expression(type, 0);
  }

  private localOf(type: ValueType): number {
    const found = this.locals.flatMap((entry, index) => (entry === type ? [index] : []));
    return this.chance.of(found);
  }

  private globalOf(type: ValueType): number {
    const found = GLOBALS.flatMap((entry, index) => (entry === type && index !== CALLS_LEFT ? [index] : []));
    return this.chance.of(found);
  }

  private constant(type: ValueType): string {
    return `${type}.const ${this.chance.number()}`;
  }

  private address(): string {
    const value = this.expression("i32", EXPRESSION_DEPTH_MAX - 1);
    return this.traps && this.chance.onceIn(12) ? value : `${value} i32.const ${ADDRESS_MASK} i32.and`;
  }

  private offset(): string {
    return this.chance.onceIn(2) ? "" : `offset=${this.chance.below(64)}`;
  }

  private expression(type: ValueType, depth: number): string {
    const { chance } = this;
    if (depth >= EXPRESSION_DEPTH_MAX)
      return chance.onceIn(2) ? this.constant(type) : `local.get ${this.localOf(type)}`;
    switch (chance.below(14)) {
      case 0:
        return this.constant(type);
      case 1:
      case 2:
        return `local.get ${this.localOf(type)}`;
      case 3:
        return `global.get ${this.globalOf(type)}`;
      case 4:
        return `${this.expression(type, depth + 1)} local.tee ${this.localOf(type)}`;
      case 5:
        return `${this.address()} ${chance.of(LOADS.filter(({ results }) => results[0] === type)).name} ${this.offset()}`;
      case 6:
        return this.division(type, depth);
      case 7:
        return this.select(type, depth);
      case 8:
        return this.callOf(type) ?? this.constant(type);
      case 9:
        return this.valueBlock(type, depth);
      case 10:
        return type === "i32" ? this.memoryValue() : this.constant(type);
      default: {
        const pure = chance.of(PURE_BY_RESULT[type]);
        return `${pure.parameters.map((taken) => this.expression(taken, depth + 1)).join(" ")} ${pure.name}`;
      }
    }
  }

  private memoryValue(): string {
    return this.chance.onceIn(3)
      ? `${this.chance.onceIn(4) ? this.constant("i32") : `i32.const ${this.chance.below(2)}`} memory.grow`
      : "memory.size";
  }

  private division(type: ValueType, depth: number): string {
    const name = this.chance.of(["div_s", "div_u", "rem_s", "rem_u"]);
    const dividend = this.expression(type, depth + 1);
    const divisor = this.expression(type, depth + 1);
    if (this.traps && this.chance.onceIn(8)) return `${dividend} ${divisor} ${type}.${name}`;
    // Neither zero nor minus one.
    return `${dividend} ${divisor} ${type}.const 15 ${type}.and ${type}.const 1 ${type}.or ${type}.${name}`;
  }

  private select(type: ValueType, depth: number): string {
    const name = this.chance.onceIn(2) ? "select" : `select_typed ${type}`;
    const values = `${this.expression(type, depth + 1)} ${this.expression(type, depth + 1)}`;
    return `${values} ${this.expression("i32", depth + 1)} ${name}`;
  }

  /** A block, or an if, that leaves a value: by falling out of it, or by a branch that brings one. */
  private valueBlock(type: ValueType, depth: number): string {
    if (this.labels.length > NESTING_MAX) return this.constant(type);
    const condition = this.chance.onceIn(2) ? this.expression("i32", depth + 1) : undefined;
    this.labels.push({ result: type });
    const arm = () => `${this.statements(2)} ${this.expression(type, depth + 1)}`;
    const text =
      condition === undefined ? `block ${type} ${arm()} end` : `${condition} if ${type} ${arm()} else ${arm()} end`;
    this.labels.pop();
    return text;
  }

  private args(parameters: readonly ValueType[]): string {
    return parameters.map((type) => this.expression(type, EXPRESSION_DEPTH_MAX - 1)).join(" ");
  }

  /** A call that leaves a value of the type, or nothing. */
  private callOf(type: ValueType | undefined): string | undefined {
    const found = this.signatures.flatMap((entry, index) => (entry.result === type ? [index] : []));
    if (found.length === 0) return undefined;
    const index = this.chance.of(found);
    const { parameters } = this.signatures[index] as Signature;
    const args = this.args(parameters);
    if (!this.chance.onceIn(3)) return `${args} call ${index}`;
    const place = this.traps && this.chance.onceIn(4) ? this.chance.below(this.signatures.length + 2) : index;
    return `${args} i32.const ${place} call_indirect ${index}`;
  }

  private statements(countMax = 5): string {
    const parts: string[] = [];
    for (let left = this.chance.below(countMax + 1); left > 0 && this.statementsLeft > 0; left--) {
      this.statementsLeft--;
      parts.push(this.statement());
    }
    return parts.join(" ");
  }

  private statement(): string {
    const { chance } = this;
    const type = chance.of(TYPES);
    switch (chance.below(this.labels.length > NESTING_MAX ? 8 : 12)) {
      case 0:
        return `${this.expression(type, 0)} local.set ${this.localOf(type)}`;
      case 1:
        return `${this.expression(type, 0)} global.set ${this.globalOf(type)}`;
      case 2: {
        const store = chance.of(STORES);
        const [, stored] = store.parameters;
        return `${this.address()} ${this.expression(stored as ValueType, 1)} ${store.name} ${this.offset()}`;
      }
      case 3:
        return this.bulk();
      case 4:
      case 5:
        return this.branch();
      case 6:
        return this.callOf(undefined) ?? `${this.expression(type, 0)} drop`;
      case 7:
        if (this.traps && chance.onceIn(6)) return `${this.expression("i32", 1)} if unreachable end`;
        return chance.onceIn(2) ? "nop" : `${this.expression(type, 0)} drop`;
      case 8:
        return this.inside({ result: undefined }, (body) => `block ${body()} end`);
      case 9:
        return this.loop();
      default: {
        const condition = this.expression("i32", 1);
        const hasElse = chance.onceIn(2);
        return this.inside({ result: undefined }, (body) =>
          hasElse ? `${condition} if ${body()} else ${body()} end` : `${condition} if ${body()} end`,
        );
      }
    }
  }

  private inside(label: Label, text: (body: () => string) => string): string {
    this.labels.push(label);
    const made = text(() => this.statements());
    this.labels.pop();
    return made;
  }

  private bulk(): string {
    const size = this.chance.onceIn(3)
      ? `i32.const ${this.chance.below(300)}`
      : `${this.expression("i32", 3)} i32.const 63 i32.and`;
    if (this.chance.onceIn(2)) return `${this.address()} ${this.address()} ${size} memory.copy`;
    return `${this.address()} ${this.expression("i32", 2)} ${size} memory.fill`;
  }

  private loop(): string {
    const isDeep = this.labels.filter(({ counter }) => counter !== undefined).length >= LOOP_NESTING_MAX;
    if (isDeep || this.countersUsed >= COUNTERS) return "nop";
    const counter = this.locals.length + this.countersUsed++;
    return this.inside({ result: undefined, counter }, (body) => {
      const rounds = 1 + this.chance.below(4);
      return `i32.const ${rounds} local.set ${counter} loop ${body()} ${this.countDown(counter)} br_if 0 end`;
    });
  }

  private countDown(counter: number): string {
    return `local.get ${counter} i32.const 1 i32.sub local.tee ${counter} i32.const 0 i32.gt_s`;
  }

  /** Any branch out of here; what follows one that is always taken is never reached. */
  private branch(): string {
    const { chance } = this;
    const depth = chance.below(this.labels.length);
    const label = this.labels[this.labels.length - 1 - depth] as Label;
    if (label.counter !== undefined) return `${this.countDown(label.counter)} br_if ${depth}`;
    const value = this.valueOf(label.result);
    const left = label.result === undefined ? "" : "drop";
    switch (chance.below(8)) {
      case 0:
        return `${value} br ${depth}`;
      case 1:
        return `${this.valueOf(this.signature.result)} return`;
      case 2:
        return this.branchTable(label);
      default:
        return `${value} ${this.expression("i32", 2)} br_if ${depth} ${left}`;
    }
  }

  private branchTable(like: Label): string {
    const depths = this.labels.flatMap(({ result, counter }, index) =>
      result === like.result && counter === undefined ? [this.labels.length - 1 - index] : [],
    );
    const targets = Array.from({ length: 1 + this.chance.below(4) }, () => this.chance.of(depths));
    const at = `${this.expression("i32", 2)} i32.const 3 i32.and`;
    return `${this.valueOf(like.result)} ${at} br_table ${targets.join(" ")}`;
  }
}

/** The function that is called from outside: it sets the counter of calls and leaves the globals in memory. */
function entry(chance: Chance, signatures: readonly Signature[]): AssembledFunction {
  const argument = { i32: "local.get 0", i64: "local.get 1" };
  const calls = signatures.map(({ parameters, result }, index) => {
    const kept =
      result === undefined
        ? ""
        : result === "i32"
          ? "i64.extend_i32_u local.get 2 i64.add local.set 2"
          : "local.get 2 i64.xor local.set 2";
    return `${parameters.map((type) => argument[type]).join(" ")} call ${index} ${kept}`;
  });
  const globals = GLOBALS.map(
    (type, index) => `i32.const 0 global.get ${index} ${type}.store offset=${0x8100 + index * 8}`,
  );
  const code = `i32.const ${1 + chance.below(CALLS_MAX)} global.set ${CALLS_LEFT} ${calls.join(" ")} ${globals.join(" ")} local.get 2`;
  return { parameters: "i32 i64", result: "i64", locals: "i64", code, exportName: "run" };
}

/** The same module for the same seed. */
export function generateModule(seed: number, options: { traps: boolean }): Bytes {
  const chance = new Chance(seed);
  const signatures = Array.from(
    { length: 1 + chance.below(5) },
    (): Signature => ({
      parameters: Array.from({ length: chance.below(4) }, () => chance.of(TYPES)),
      result: chance.of([undefined, ...TYPES, ...TYPES]),
    }),
  );
  const functions = signatures.map((_, index) =>
    new FunctionGenerator({ chance, signatures, index, traps: options.traps }).generate(),
  );
  return assemble({
    types: signatures.map(({ parameters, result }) => ({
      parameters: parameters.join(" "),
      ...(result === undefined ? {} : { result }),
    })),
    memory: { minimum: 1, maximum: chance.onceIn(2) ? 1 + chance.below(4) : MEMORY_PAGES_MAX, isImported: true },
    table: { minimum: signatures.length + 1 },
    globals: GLOBALS.map((type) => ({ type, initial: chance.number() })),
    elements: [{ offset: 0, functions: signatures.map((_, index) => index) }],
    data: [{ offset: 16, bytes: Uint8Array.from({ length: 64 }, () => chance.below(256)) }],
    functions: [...functions, entry(chance, signatures)],
  });
}
