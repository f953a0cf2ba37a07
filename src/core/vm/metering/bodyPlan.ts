// Finds the metered blocks of a function's body, and what is to be changed in it (docs/spec/metering.md, Metered blocks).

import { type Bytes, defined } from "../../primitives/index.ts";
import { InstructionReader } from "../module/instructionReader.ts";
import { OPCODE } from "../module/instructions.ts";
import { ARM_GAS, instructionGas } from "./costs.ts";

/** What stands in place of a range of the body's bytes; of an empty range, before what follows. */
export type Change =
  /** Takes the gas of the metered block with this index. */
  | { readonly kind: "charge"; readonly at: number; readonly block: number }
  /** Leaves the function: a branch to the block around its body. */
  | { readonly kind: "return"; readonly at: number; readonly to: number; readonly depth: number }
  | { readonly kind: "helper"; readonly at: number; readonly to: number; readonly helper: MemoryHelper }
  /** Leaves out what is never reached. */
  | { readonly kind: "skip"; readonly at: number; readonly to: number };

export type MemoryHelper = "grow" | "copy" | "fill";

export interface BodyPlan {
  /** In the order of the body. */
  readonly changes: readonly Change[];
  /** The gas of each metered block. */
  readonly gasOfBlocks: readonly number[];
  /** Whether it calls any function of the module or the host. */
  readonly callsOthers: boolean;
}

const HELPERS: ReadonlyMap<number, MemoryHelper> = new Map([
  [OPCODE.memoryGrow, "grow"],
  [OPCODE.memoryCopy, "copy"],
  [OPCODE.memoryFill, "fill"],
]);

/** A construct that is open; that of the whole body is the first one. */
interface Construct {
  /** The metered block that what follows the construct belongs to, if it is reached whenever the construct is. */
  readonly block: number;
  /** The outermost construct that a branch inside this one goes to, by its place. */
  outermostTarget: number;
}

class Planner {
  private readonly reader: InstructionReader;
  private readonly changes: Change[] = [];
  private readonly gasOfBlocks: number[] = [];
  private readonly constructs: Construct[] = [];
  private block = 0;
  private callsOthers = false;

  constructor(bytes: Bytes, options: { start: number; end: number; entryGas: number }) {
    this.reader = new InstructionReader(bytes, options.start, options.end);
    this.beginBlock();
    this.charge(options.entryGas);
    this.open();
  }

  plan(): BodyPlan {
    while (this.reader.next()) this.takeIn();
    return { changes: this.changes, gasOfBlocks: this.gasOfBlocks, callsOthers: this.callsOthers };
  }

  private charge(gas: number): void {
    this.gasOfBlocks[this.block] = (this.gasOfBlocks[this.block] as number) + gas;
  }

  /** What follows is a metered block of its own. */
  private beginBlock(): void {
    this.block = this.gasOfBlocks.length;
    this.gasOfBlocks.push(0);
    this.changes.push({ kind: "charge", at: this.reader.end, block: this.block });
  }

  private open(): void {
    this.constructs.push({ block: this.block, outermostTarget: this.constructs.length });
  }

  private takeIn(): void {
    const { opcode } = this.reader.instruction;
    // A loop pays in each round, the first one included.
    if (opcode !== OPCODE.loop) this.charge(instructionGas(opcode));
    switch (opcode) {
      case OPCODE.block:
        this.open();
        break;
      case OPCODE.loop:
        this.open();
        this.beginBlock();
        this.charge(instructionGas(opcode));
        break;
      case OPCODE.if:
        this.open();
        this.beginBlock();
        this.charge(ARM_GAS);
        break;
      case OPCODE.else:
        this.beginBlock();
        this.charge(ARM_GAS);
        break;
      case OPCODE.end:
        this.close();
        break;
      case OPCODE.br:
        this.branchTo(this.reader.index);
        this.skipUnreachable();
        break;
      case OPCODE.brIf:
        this.branchTo(this.reader.index);
        this.beginBlock();
        break;
      case OPCODE.brTable:
        for (const label of this.reader.labels) this.branchTo(label);
        this.branchTo(this.reader.index);
        this.skipUnreachable();
        break;
      case OPCODE.return:
        this.leave();
        this.skipUnreachable();
        break;
      case OPCODE.unreachable:
        this.skipUnreachable();
        break;
      case OPCODE.call:
      case OPCODE.callIndirect:
        this.callsOthers = true;
        break;
      default:
        this.replaceByHelper(opcode);
    }
  }

  private close(): void {
    const closed = defined(this.constructs.pop(), "a validated body closes what it has opened");
    const place = this.constructs.length;
    const around = this.constructs[place - 1];
    // The body's own end.
    if (around === undefined) return;
    if (closed.outermostTarget < place) {
      around.outermostTarget = Math.min(around.outermostTarget, closed.outermostTarget);
      this.beginBlock();
    } else {
      this.block = closed.block;
    }
  }

  private branchTo(label: number): void {
    const place = this.constructs.length - 1;
    const innermost = this.constructs[place] as Construct;
    innermost.outermostTarget = Math.min(innermost.outermostTarget, place - label);
  }

  private leave(): void {
    const depth = this.constructs.length - 1;
    this.branchTo(depth);
    this.changes.push({ kind: "return", at: this.reader.start, to: this.reader.end, depth });
  }

  private replaceByHelper(opcode: number): void {
    const helper = HELPERS.get(opcode);
    if (helper === undefined) return;
    this.changes.push({ kind: "helper", at: this.reader.start, to: this.reader.end, helper });
  }

  /** Leaves out what follows, up to the `else` or `end` of the construct. */
  private skipUnreachable(): void {
    const at = this.reader.end;
    let depth = 0;
    do {
      this.reader.next();
      const { opcode } = this.reader.instruction;
      if (opcode === OPCODE.block || opcode === OPCODE.loop || opcode === OPCODE.if) depth++;
      else if (opcode === OPCODE.end) depth--;
      else if (opcode === OPCODE.else && depth === 0) break;
    } while (depth >= 0);
    if (this.reader.start > at) this.changes.push({ kind: "skip", at, to: this.reader.start });
    this.takeIn();
  }
}

/** @param options `entryGas` is charged with the body's first metered block */
export function planBody(bytes: Bytes, options: { start: number; end: number; entryGas: number }): BodyPlan {
  return new Planner(bytes, options).plan();
}
