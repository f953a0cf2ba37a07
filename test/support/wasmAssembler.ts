// Builds small modules from instructions by name, as in the text format but flat and with indices alone:
// "local.get 0 i32.const 1 i32.add". `block`, `loop` and `if` may be followed by a type.

import type { Bytes } from "../../src/core/primitives/index.ts";
import { VALUE_TYPE_BYTES } from "../../src/core/vm/metering/encoding.ts";
import { WasmWriter } from "../../src/core/vm/metering/wasmWriter.ts";
import { INSTRUCTIONS, type Instruction, PREFIX } from "../../src/core/vm/module/instructions.ts";
import type { ValueType } from "../../src/core/vm/module/types.ts";

export interface AssembledFunction {
  /** Types by name, as in "i32 i64". */
  readonly parameters?: string;
  readonly result?: ValueType;
  readonly locals?: string;
  /** Without the last `end`. */
  readonly code: string;
  readonly exportName?: string;
}

export interface Assembly {
  /** Of module `env`; they come first among the functions. */
  readonly imports?: readonly { readonly name: string; readonly parameters?: string; readonly result?: ValueType }[];
  readonly functions: readonly AssembledFunction[];
  /** Types for call_indirect; they come first, so their indices are known. */
  readonly types?: readonly { readonly parameters?: string; readonly result?: ValueType }[];
  readonly memory?: { readonly minimum: number; readonly maximum?: number; readonly isImported?: boolean };
  readonly table?: { readonly minimum: number; readonly maximum?: number };
  readonly globals?: readonly { readonly type: ValueType; readonly initial: number; readonly isConstant?: boolean }[];
  readonly start?: number;
  readonly elements?: readonly { readonly offset: number; readonly functions: readonly number[] }[];
  readonly data?: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

const BY_NAME: ReadonlyMap<string, Instruction> = new Map(INSTRUCTIONS.map((entry) => [entry.name, entry]));
const NATURAL_ALIGNMENT = { memory1: 0, memory2: 1, memory4: 2, memory8: 3 } as const;
const EMPTY_BLOCK = 0x40;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

function isType(token: string | undefined): token is ValueType {
  return token === "i32" || token === "i64";
}

function typesOf(text = ""): readonly ValueType[] {
  return text.split(" ").filter(isType);
}

class CodeAssembler {
  private readonly tokens: readonly string[];
  private next = 0;
  private readonly out: WasmWriter;

  constructor(text: string, out: WasmWriter) {
    this.tokens = text.split(/\s+/).filter((token) => token !== "");
    this.out = out;
  }

  run(): void {
    while (this.next < this.tokens.length) this.instruction();
  }

  private number(): number {
    const token = this.tokens[this.next++];
    const value = Number(token);
    if (token === undefined || Number.isNaN(value)) throw new Error(`a number was expected, not ${token}`);
    return value;
  }

  private instruction(): void {
    const name = this.tokens[this.next++] as string;
    const found = BY_NAME.get(name);
    if (found === undefined) throw new Error(`there is no instruction ${name}`);
    if (found.opcode > 0xff) this.out.byte(PREFIX).u32(found.opcode & 0xff);
    else this.out.byte(found.opcode);
    this.immediate(found.immediate);
  }

  private immediate(kind: Instruction["immediate"]): void {
    const { out } = this;
    if (kind === "blockType") this.blockType();
    else if (kind === "labels") this.labels();
    else if (kind === "typeAndTable") out.u32(this.number()).u32(0);
    else if (kind === "valueTypes") out.u32(1).byte(VALUE_TYPE_BYTES[this.tokens[this.next++] as ValueType]);
    else if (kind === "memoryIndex") out.byte(0);
    else if (kind === "memoryPair") out.byte(0).byte(0);
    else if (kind === "i32") out.i32(this.number());
    else if (kind === "i64") out.i64(BigInt(this.tokens[this.next++] as string));
    else if (kind in NATURAL_ALIGNMENT) this.memory(NATURAL_ALIGNMENT[kind as keyof typeof NATURAL_ALIGNMENT]);
    else if (kind !== "none") out.u32(this.number());
  }

  private blockType(): void {
    const token = this.tokens[this.next];
    if (isType(token)) this.next++;
    this.out.byte(isType(token) ? VALUE_TYPE_BYTES[token] : EMPTY_BLOCK);
  }

  private labels(): void {
    const labels: number[] = [];
    while (/^\d+$/.test(this.tokens[this.next] ?? "")) labels.push(this.number());
    this.out.u32(labels.length - 1);
    for (const label of labels) this.out.u32(label);
  }

  private memory(alignment: number): void {
    const offset = /^offset=(\d+)$/.exec(this.tokens[this.next] ?? "")?.[1];
    if (offset !== undefined) this.next++;
    this.out.u32(alignment).u32(Number(offset ?? 0));
  }
}

function limits(out: WasmWriter, { minimum, maximum }: { minimum: number; maximum?: number }): void {
  if (maximum === undefined) out.byte(0).u32(minimum);
  else out.byte(1).u32(minimum).u32(maximum);
}

function body(out: WasmWriter, { locals, code }: AssembledFunction): void {
  const content = new WasmWriter();
  const types = typesOf(locals);
  content.u32(types.length);
  for (const type of types) content.u32(1).byte(VALUE_TYPE_BYTES[type]);
  new CodeAssembler(code, content).run();
  out.sized(content.byte(0x0b));
}

function section(out: WasmWriter, id: number, items: readonly ((out: WasmWriter) => void)[]): void {
  if (items.length === 0) return;
  const content = new WasmWriter().u32(items.length);
  for (const write of items) write(content);
  out.byte(id).sized(content);
}

function constant(out: WasmWriter, type: ValueType, value: number): WasmWriter {
  if (type === "i32") return out.byte(0x41).i32(value).byte(0x0b);
  return out.byte(0x42).i64(BigInt(value)).byte(0x0b);
}

/** Types are those listed, then one for each import and each function. */
function writeTypes(out: WasmWriter, assembly: Assembly): void {
  const all = [...(assembly.types ?? []), ...(assembly.imports ?? []), ...assembly.functions];
  section(
    out,
    1,
    all.map(({ parameters, result }) => (to) => {
      to.byte(0x60);
      for (const types of [typesOf(parameters), result === undefined ? [] : [result]]) {
        to.u32(types.length);
        for (const type of types) to.byte(VALUE_TYPE_BYTES[type]);
      }
    }),
  );
}

function writeExports(out: WasmWriter, assembly: Assembly, importsCount: number): void {
  const named = assembly.functions.flatMap(({ exportName }, index) =>
    exportName === undefined
      ? []
      : [
          (to: WasmWriter) =>
            to
              .name(exportName)
              .byte(0)
              .u32(importsCount + index),
        ],
  );
  section(out, 7, named);
}

function writeImports(out: WasmWriter, { imports = [], types = [], memory }: Assembly): void {
  const functions = imports.map(
    ({ name }, index) =>
      (to: WasmWriter) =>
        to
          .name("env")
          .name(name)
          .byte(0)
          .u32(types.length + index),
  );
  const memories =
    memory?.isImported === true ? [(to: WasmWriter) => limits(to.name("env").name("memory").byte(2), memory)] : [];
  section(out, 2, [...functions, ...memories]);
}

export function assemble(assembly: Assembly): Bytes {
  const { imports = [], types = [], functions, memory, table, globals = [], elements = [], data = [] } = assembly;
  const out = new WasmWriter().bytes(HEADER);
  writeTypes(out, assembly);
  writeImports(out, assembly);
  section(
    out,
    3,
    functions.map((_, index) => (to) => to.u32(types.length + imports.length + index)),
  );
  section(out, 4, table === undefined ? [] : [(to) => limits(to.byte(0x70), table)]);
  section(out, 5, memory === undefined || memory.isImported === true ? [] : [(to) => limits(to, memory)]);
  section(
    out,
    6,
    globals.map(({ type, initial, isConstant }) => (to) => {
      constant(to.byte(VALUE_TYPE_BYTES[type]).byte(isConstant ? 0 : 1), type, initial);
    }),
  );
  writeExports(out, assembly, imports.length);
  if (assembly.start !== undefined) out.byte(8).sized(new WasmWriter().u32(assembly.start));
  section(
    out,
    9,
    elements.map(({ offset, functions: indices }) => (to) => {
      constant(to.u32(0), "i32", offset).u32(indices.length);
      for (const index of indices) to.u32(index);
    }),
  );
  section(
    out,
    10,
    functions.map((entry) => (to) => body(to, entry)),
  );
  section(
    out,
    11,
    data.map(({ offset, bytes }) => (to) => {
      constant(to.u32(0), "i32", offset).u32(bytes.length).bytes(bytes);
    }),
  );
  return out.finish();
}
