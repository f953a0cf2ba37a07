// Checks the code of one function (WebAssembly Core Specification 2.0, sections 3.3 and 7.3): each instruction finds the
// operands that it takes, and what it names exists.

import type { ModuleDraft } from "./draft.ts";
import { invalid, malformed, unsupported } from "./fault.ts";
import { InstructionReader } from "./instructionReader.ts";
import { type Immediate, OPCODE } from "./instructions.ts";
import { OperandStack } from "./operandStack.ts";
import type { FunctionType, GlobalDefinition, ValueType } from "./types.ts";

const NOTHING: readonly ValueType[] = [];
/** The largest exponent of an access's alignment: its own size. */
const ALIGNMENT_MAX: Partial<Readonly<Record<Immediate, number>>> = { memory1: 0, memory2: 1, memory4: 2, memory8: 3 };
const READS_MEMORY: ReadonlySet<Immediate> = new Set([
  "memoryIndex",
  "memoryPair",
  ...Object.keys(ALIGNMENT_MAX),
] as Immediate[]);

export interface BodyFigures {
  readonly operandHeightMax: number;
  readonly controlBlocks: number;
  /** Over all br_table, without defaults. */
  readonly branchTargets: number;
}

interface BodyRange {
  readonly codeStart: number;
  readonly codeEnd: number;
  readonly type: FunctionType;
  /** Parameters, then the declared ones. */
  readonly locals: readonly ValueType[];
}

export function validateBody(draft: ModuleDraft, body: BodyRange): BodyFigures {
  return new BodyValidator(draft, body).run();
}

class BodyValidator {
  private readonly draft: ModuleDraft;
  private readonly body: BodyRange;
  private readonly code: InstructionReader;
  private readonly stack: OperandStack;
  private controlBlocks = 0;
  private branchTargets = 0;

  constructor(draft: ModuleDraft, body: BodyRange) {
    this.draft = draft;
    this.body = body;
    this.code = new InstructionReader(draft.bytes, body.codeStart, body.codeEnd);
    this.stack = new OperandStack(this.code);
  }

  run(): BodyFigures {
    const { code, stack } = this;
    stack.open("function", this.body.type.results);
    while (code.next()) {
      this.check();
      if (stack.depth === 0) break;
    }
    if (stack.depth > 0) throw malformed(this.body.codeEnd, "the code ends before its last block does");
    if (code.end !== this.body.codeEnd) throw malformed(code.end, "bytes follow the end of the code");
    const { controlBlocks, branchTargets } = this;
    return { operandHeightMax: stack.heightMax, controlBlocks, branchTargets };
  }

  private check(): void {
    const { code, stack } = this;
    const { instruction } = code;
    if (READS_MEMORY.has(instruction.immediate)) this.checkMemory(instruction.immediate);
    // What all instructions of this kind take; the rest of what control and variable instructions do is by context.
    stack.popAll(instruction.parameters);
    switch (instruction.opcode) {
      case OPCODE.unreachable:
        stack.setUnreachable();
        return;
      case OPCODE.block:
      case OPCODE.loop:
      case OPCODE.if:
        this.openBlock(instruction.opcode);
        return;
      case OPCODE.else:
        this.checkElse();
        return;
      case OPCODE.end:
        this.checkEnd();
        return;
      case OPCODE.br:
        stack.popAll(stack.labelTypes(code.index));
        stack.setUnreachable();
        return;
      case OPCODE.brIf: {
        const types = stack.labelTypes(code.index);
        stack.popAll(types);
        stack.pushAll(types);
        return;
      }
      case OPCODE.brTable:
        this.checkBranchTable();
        return;
      case OPCODE.return:
        stack.popAll(stack.returnTypes());
        stack.setUnreachable();
        return;
      case OPCODE.call:
        this.checkCall(this.calledType());
        return;
      case OPCODE.callIndirect:
        this.checkCall(this.indirectType());
        return;
      case OPCODE.drop:
        stack.pop(undefined);
        return;
      case OPCODE.select:
        this.checkSelect();
        return;
      case OPCODE.selectTyped:
        stack.pop(code.selectType);
        stack.pop(code.selectType);
        stack.push(code.selectType);
        return;
      default:
        this.checkVariable(instruction.opcode);
        stack.pushAll(instruction.results);
    }
  }

  private checkMemory(immediate: Immediate): void {
    const { code } = this;
    if (this.draft.memory === undefined) {
      throw this.stack.fault("needs a memory, but the module has none");
    }
    const max = ALIGNMENT_MAX[immediate];
    if (max !== undefined && code.alignment > max) {
      throw this.stack.fault(`has an alignment of 2^${code.alignment} bytes, above the size of the access`);
    }
  }

  private checkVariable(opcode: number): void {
    const { stack } = this;
    switch (opcode) {
      case OPCODE.localGet:
        stack.push(this.local());
        return;
      case OPCODE.localSet:
        stack.pop(this.local());
        return;
      case OPCODE.localTee: {
        const type = this.local();
        stack.pop(type);
        stack.push(type);
        return;
      }
      case OPCODE.globalGet:
        stack.push(this.global().type);
        return;
      case OPCODE.globalSet: {
        const { type, isMutable } = this.global();
        if (!isMutable) throw stack.fault(`writes global ${this.code.index}, which is immutable`);
        stack.pop(type);
      }
    }
  }

  private local(): ValueType {
    const { locals } = this.body;
    const type = locals[this.code.index];
    if (type === undefined) {
      throw this.stack.fault(`names local ${this.code.index}, but the function has ${locals.length}`);
    }
    return type;
  }

  private global(): GlobalDefinition {
    const { globals } = this.draft;
    const global = globals[this.code.index];
    if (global === undefined) {
      throw this.stack.fault(`names global ${this.code.index}, but the module has ${globals.length}`);
    }
    return global;
  }

  private type(index: number): FunctionType {
    const { types } = this.draft;
    const type = types[index];
    if (type === undefined) throw this.stack.fault(`names type ${index}, but the module has ${types.length}`);
    return type;
  }

  private calledType(): FunctionType {
    const { functionTypes } = this.draft;
    const typeIndex = functionTypes[this.code.index];
    if (typeIndex === undefined) {
      throw this.stack.fault(`names function ${this.code.index}, but the module has ${functionTypes.length}`);
    }
    return this.type(typeIndex);
  }

  private indirectType(): FunctionType {
    const { code } = this;
    if (code.tableIndex !== 0 || this.draft.table === undefined) {
      throw this.stack.fault(`names table ${code.tableIndex}, which the module does not have`);
    }
    return this.type(code.index);
  }

  /** Both values have one type, which is that of the result. */
  private checkSelect(): void {
    const { stack } = this;
    const second = stack.pop(undefined);
    const first = stack.pop(second);
    stack.push(second ?? first);
  }

  private checkCall(type: FunctionType): void {
    this.stack.popAll(type.parameters);
    this.stack.pushAll(type.results);
  }

  private openBlock(opcode: number): void {
    const kind = opcode === OPCODE.block ? "block" : opcode === OPCODE.loop ? "loop" : "if";
    this.controlBlocks++;
    this.stack.open(kind, this.blockResults());
  }

  private blockResults(): readonly ValueType[] {
    const { code } = this;
    if (code.blockTypeIndex === undefined) return code.blockResult === undefined ? NOTHING : [code.blockResult];
    const { parameters, results } = this.type(code.blockTypeIndex);
    if (parameters.length > 0) {
      throw unsupported(code.start, "a block has parameters", "build without multi-value, or pass them in locals");
    }
    return results;
  }

  private checkElse(): void {
    const { stack, code } = this;
    const { kind, results } = stack.close();
    if (kind !== "if") throw malformed(code.start, "else stands in no if");
    stack.open("else", results);
  }

  private checkEnd(): void {
    const { stack, code } = this;
    const { kind, results } = stack.close();
    if (kind === "if" && results.length > 0) {
      throw invalid(code.start, "an if with a result has no else, so without its condition there would be none");
    }
    // What the function gives back has nowhere to stay.
    if (kind !== "function") stack.pushAll(results);
  }

  private checkBranchTable(): void {
    const { stack, code } = this;
    this.branchTargets += code.labels.length;
    const defaultTypes = stack.labelTypes(code.index);
    for (const label of code.labels) {
      const types = stack.labelTypes(label);
      if (types.length !== defaultTypes.length) {
        throw stack.fault(`has targets that take ${types.length} and ${defaultTypes.length} values`);
      }
      // With at most one value, what was popped is what has to be there again.
      if (types.length > 0) stack.push(stack.pop(types[0]));
    }
    stack.popAll(defaultTypes);
    stack.setUnreachable();
  }
}
