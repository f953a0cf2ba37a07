// Walks the instructions of an expression (WebAssembly Core Specification 2.0, section 5.4), one at a time, with their
// immediates. The fields tell of the current instruction; which of them it has is said by `instruction.immediate`.

import type { Bytes } from "../../primitives/index.ts";
import { BRANCH_TABLE_TARGETS_MAX } from "../limits.ts";
import { ByteReader } from "./byteReader.ts";
import { checkLimit, invalid, malformed, unsupported } from "./fault.ts";
import { type Immediate, INSTRUCTIONS, type Instruction, instructionOf, PREFIX } from "./instructions.ts";
import { refusedInstruction } from "./refusedInstructions.ts";
import type { ValueType } from "./types.ts";
import { readValueType, typeFault, valueTypeOf } from "./valueTypes.ts";

const EMPTY_BLOCK = 0x40;
/** Numbers behind the prefix are below this; it keeps larger ones from meeting other opcodes. */
const PREFIXED_MAX = 0xff;

export class InstructionReader {
  private readonly reader: ByteReader;
  instruction: Instruction = INSTRUCTIONS[0] as Instruction;
  /** Where it begins in the module. */
  start: number;
  /** Behind its last byte. */
  end: number;
  /** Of `label`, `function`, `local`, `global`; of `typeAndTable` the type; of `labels` the default. */
  index = 0;
  /** Of `typeAndTable`. */
  tableIndex = 0;
  /** Of `labels`, without the default. */
  labels: readonly number[] = [];
  /** Of `blockType`: the index of a type; undefined when the type stands in the instruction. */
  blockTypeIndex: number | undefined;
  /** Of `blockType` without an index: the result; undefined when the block has none. */
  blockResult: ValueType | undefined;
  /** Of `valueTypes`, which has exactly one. */
  selectType: ValueType = "i32";
  /** Of `memory1` to `memory8`: the exponent of two. */
  alignment = 0;
  /** Of `memory1` to `memory8`. */
  memoryOffset = 0;
  i32 = 0;
  i64 = 0n;

  constructor(bytes: Bytes, codeStart: number, codeEnd: number) {
    this.reader = new ByteReader(bytes, codeStart, codeEnd);
    this.start = codeStart;
    this.end = codeStart;
  }

  /**
   * Goes to the next instruction; false when none is left.
   * @throws ModuleFault for what is malformed or not for contracts, never in a module that was validated
   */
  next(): boolean {
    const { reader } = this;
    if (reader.isAtEnd()) return false;
    this.start = reader.offset;
    this.instruction = this.readOpcode();
    if (this.instruction.immediate !== "none") this.readImmediate(this.instruction.immediate);
    this.end = reader.offset;
    return true;
  }

  private readOpcode(): Instruction {
    const { reader } = this;
    let opcode = reader.byte();
    if (opcode === PREFIX) {
      const number = reader.u32();
      if (number > PREFIXED_MAX) throw malformed(this.start, `no instruction has the number ${number} behind 0xfc`);
      opcode = (PREFIX << 8) | number;
    }
    const found = instructionOf(opcode);
    if (found !== undefined) return found;
    const refused = refusedInstruction(opcode);
    if (refused === undefined) throw malformed(this.start, `no instruction has the opcode 0x${opcode.toString(16)}`);
    throw unsupported(this.start, `${refused.name} is not for contracts`, refused.hint);
  }

  private readImmediate(immediate: Immediate): void {
    const { reader } = this;
    switch (immediate) {
      case "none":
        return;
      case "blockType":
        this.readBlockType();
        return;
      case "label":
      case "function":
      case "local":
      case "global":
        this.index = reader.u32();
        return;
      case "labels":
        this.readLabels();
        return;
      case "typeAndTable":
        this.index = reader.u32();
        this.tableIndex = reader.u32();
        return;
      case "valueTypes":
        this.readSelectType();
        return;
      case "memory1":
      case "memory2":
      case "memory4":
      case "memory8":
        this.alignment = reader.u32();
        this.memoryOffset = reader.u32();
        return;
      case "memoryPair":
        this.readZero();
        this.readZero();
        return;
      case "memoryIndex":
        this.readZero();
        return;
      case "i32":
        this.i32 = reader.s32();
        return;
      case "i64":
        this.i64 = reader.s64();
    }
  }

  private readBlockType(): void {
    const { reader } = this;
    const offset = reader.offset;
    const code = reader.s33();
    this.blockTypeIndex = code >= 0 ? code : undefined;
    this.blockResult = undefined;
    if (code >= 0) return;
    if (reader.offset !== offset + 1) throw malformed(offset, "the type of a block has a wrong code");
    const byte = code + 0x80;
    if (byte === EMPTY_BLOCK) return;
    this.blockResult = valueTypeOf(byte);
    if (this.blockResult === undefined) throw typeFault(byte, offset);
  }

  private readLabels(): void {
    const { reader } = this;
    const count = reader.u32();
    checkLimit({ value: count, max: BRANCH_TABLE_TARGETS_MAX }, this.start, {
      what: "br_table has too many targets",
      hint: "split the switch",
    });
    const labels: number[] = [];
    for (let read = 0; read < count; read++) labels.push(reader.u32());
    this.labels = labels;
    this.index = reader.u32();
  }

  private readSelectType(): void {
    const count = this.reader.u32();
    if (count !== 1) throw invalid(this.start, `select names ${count} types, not one`);
    this.selectType = readValueType(this.reader);
  }

  /** The index of the memory, which the format fixes to one byte of zero. */
  private readZero(): void {
    const offset = this.reader.offset;
    const byte = this.reader.byte();
    if (byte !== 0) throw malformed(offset, `the index of the memory is 0x${byte.toString(16)}, not 0`);
  }
}
