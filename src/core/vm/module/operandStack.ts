// The stacks of operands and of control blocks with which a body is checked, by the algorithm of the specification's
// appendix (WebAssembly Core Specification 2.0, section 7.3). Behind a branch, what is missing on the operand stack has any
// type, which is written as undefined.

import { NESTING_MAX, OPERAND_HEIGHT_MAX } from "../limits.ts";
import { checkLimit, invalid, type ModuleFault } from "./fault.ts";
import type { ValueType } from "./types.ts";

export type BlockKind = "function" | "block" | "loop" | "if" | "else";
type Operand = ValueType | undefined;

interface Frame {
  readonly kind: BlockKind;
  readonly results: readonly ValueType[];
  /** Of the operand stack at the block's start. */
  readonly height: number;
  isUnreachable: boolean;
}

/** Where in the module, and in which instruction, the code is that is being checked. */
export interface Place {
  readonly start: number;
  readonly instruction: { readonly name: string };
}

const NOTHING: readonly ValueType[] = [];

export class OperandStack {
  private readonly operands: Operand[] = [];
  private readonly frames: Frame[] = [];
  private readonly place: Place;
  heightMax = 0;

  constructor(place: Place) {
    this.place = place;
  }

  /** Blocks that are open, the function's own included. */
  get depth(): number {
    return this.frames.length;
  }

  fault(what: string): ModuleFault {
    return invalid(this.place.start, `${this.place.instruction.name} ${what}`);
  }

  push(type: Operand): void {
    this.operands.push(type);
    if (this.operands.length <= this.heightMax) return;
    this.heightMax = this.operands.length;
    checkLimit({ value: this.heightMax, max: OPERAND_HEIGHT_MAX }, this.place.start, {
      what: "the operand stack is too high",
      hint: "keep values in locals or in memory",
    });
  }

  pushAll(types: readonly ValueType[]): void {
    for (const type of types) this.push(type);
  }

  /** What is on top, which has to be of the type `expected`; it stays undefined when any type will do. */
  pop(expected: Operand): Operand {
    const frame = this.top();
    if (this.operands.length === frame.height) {
      if (frame.isUnreachable) return undefined;
      throw this.fault(`takes ${expected ?? "a value"}, but the operand stack is empty in its block`);
    }
    const found = this.operands.pop();
    if (found === expected || found === undefined || expected === undefined) return found;
    throw this.fault(`takes ${expected}, but finds ${found} on the operand stack`);
  }

  popAll(types: readonly ValueType[]): void {
    for (let index = types.length - 1; index >= 0; index--) this.pop(types[index]);
  }

  open(kind: BlockKind, results: readonly ValueType[]): void {
    this.frames.push({ kind, results, height: this.operands.length, isUnreachable: false });
    checkLimit({ value: this.frames.length - 1, max: NESTING_MAX }, this.place.start, {
      what: "blocks are nested too deep",
      hint: "move inner blocks into functions of their own",
    });
  }

  /** Ends the innermost block, whose results have to be all that is on its stack; they are not pushed. */
  close(): { readonly kind: BlockKind; readonly results: readonly ValueType[] } {
    const frame = this.top();
    this.popAll(frame.results);
    const left = this.operands.length - frame.height;
    if (left !== 0) throw this.fault(`ends a block that leaves ${left} values too many on the operand stack`);
    this.frames.pop();
    return frame;
  }

  /** The types that a branch to the block that encloses `label` others takes along. */
  labelTypes(label: number): readonly ValueType[] {
    const frame = this.frames[this.frames.length - 1 - label];
    if (frame === undefined) throw this.fault(`branches out of ${label + 1} blocks, but stands in ${this.depth}`);
    return frame.kind === "loop" ? NOTHING : frame.results;
  }

  /** The types that the function returns. */
  returnTypes(): readonly ValueType[] {
    return (this.frames[0] as Frame).results;
  }

  /** What follows in the block is never reached. */
  setUnreachable(): void {
    const frame = this.top();
    this.operands.length = frame.height;
    frame.isUnreachable = true;
  }

  private top(): Frame {
    return this.frames[this.frames.length - 1] as Frame;
  }
}
