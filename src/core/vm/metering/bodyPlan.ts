// Finds the metered blocks of a function's body, the places where paths meet, and what is to be changed
// (docs/spec/metering.md, Metered blocks and Meeting paths).

import { type Bytes, defined } from "../../primitives/index.ts";
import { InstructionReader } from "../module/instructionReader.ts";
import { OPCODE } from "../module/instructions.ts";
import { ARM_GAS, instructionGas } from "./costs.ts";

export type MemoryHelper = "grow" | "copy" | "fill";

/** What stands in place of a range of the body's bytes; of an empty range, before what follows. */
export type Change =
  /** Takes the gas of the metered block with this index. */
  | { readonly kind: "charge"; readonly at: number; readonly block: number }
  /** Reads what has been set in the construct and writes it back. */
  | { readonly kind: "settle"; readonly at: number; readonly gas: boolean; readonly construct: Construct }
  /** Leaves the function: a branch to the block around its body. */
  | { readonly kind: "return"; readonly at: number; readonly to: number; readonly depth: number }
  | { readonly kind: "helper"; readonly at: number; readonly to: number; readonly helper: MemoryHelper }
  /** Leaves out what is never reached. */
  | { readonly kind: "skip"; readonly at: number; readonly to: number };

export interface BodyPlan {
  /** In the order of the body. */
  readonly changes: readonly Change[];
  /** The gas of each metered block. */
  readonly gasOfBlocks: readonly number[];
  /** Whether it calls any function of the module or the host. */
  readonly callsOthers: boolean;
  /** Whether it sets any global of the contract. */
  readonly setsGlobals: boolean;
  /** How many loads it has, times how many stores may be the last one before each of them, at most. */
  readonly loadsByStores: number;
}

const HELPERS: ReadonlyMap<number, MemoryHelper> = new Map([
  [OPCODE.memoryGrow, "grow"],
  [OPCODE.memoryCopy, "copy"],
  [OPCODE.memoryFill, "fill"],
]);

/** Instructions that read and write memory, by opcode. */
const LOAD_OPCODES = { first: 0x28, last: 0x35 };
const STORE_OPCODES = { first: 0x36, last: 0x3e };

/** A `block`, `loop` or `if`, or the whole body. */
class Construct {
  readonly isLoop: boolean;
  /** The metered block that what follows the construct belongs to, if it is reached whenever the construct is. */
  readonly block: number;
  /** The outermost construct that a branch inside this one goes to, by its place. */
  outermostTarget: number;
  /** How many ways lead to its label: branches, arms that end, and falling out of it. */
  ways: number;
  chargesInside = false;
  readonly globalsSet = new Set<number>();

  constructor(options: { isLoop: boolean; block: number; place: number; ways: number }) {
    this.isLoop = options.isLoop;
    this.block = options.block;
    this.outermostTarget = options.place;
    this.ways = options.ways;
  }

  /** Takes in what has happened in a construct inside this one. */
  include(inner: Construct): void {
    this.chargesInside ||= inner.chargesInside;
    for (const index of inner.globalsSet) this.globalsSet.add(index);
  }
}

class Planner {
  private readonly reader: InstructionReader;
  private readonly changes: Change[] = [];
  private readonly gasOfBlocks: number[] = [];
  /** Those that are open; that of the whole body is the first one. */
  private readonly constructs: Construct[] = [];
  private block = 0;
  private isReached = true;
  private callsOthers = false;
  private loads = 0;
  private stores = 0;
  /** Branches, and arms that end. */
  private ways = 0;

  constructor(bytes: Bytes, options: { start: number; end: number; entryGas: number }) {
    this.reader = new InstructionReader(bytes, options.start, options.end);
    this.beginBlock();
    this.charge(options.entryGas);
    this.open({ isLoop: false, ways: 0 });
  }

  plan(): BodyPlan {
    const body = this.constructs[0] as Construct;
    while (this.reader.next()) this.takeIn();
    const { changes, gasOfBlocks, callsOthers, loads, stores, ways } = this;
    const loadsByStores = loads * Math.min(stores, ways);
    return { changes, gasOfBlocks, callsOthers, setsGlobals: body.globalsSet.size > 0, loadsByStores };
  }

  private get innermost(): Construct {
    return this.constructs[this.constructs.length - 1] as Construct;
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

  private open({ isLoop, ways }: { isLoop: boolean; ways: number }): void {
    this.constructs.push(new Construct({ isLoop, block: this.block, place: this.constructs.length, ways }));
  }

  private takeIn(): void {
    const { opcode } = this.reader.instruction;
    // A loop pays in each round, the first one included.
    if (opcode !== OPCODE.loop) this.charge(instructionGas(opcode));
    switch (opcode) {
      case OPCODE.block:
        this.open({ isLoop: false, ways: 0 });
        break;
      case OPCODE.loop:
        this.openLoop();
        break;
      case OPCODE.if:
        // Without an `else`, one way goes past the arm.
        this.open({ isLoop: false, ways: 1 });
        this.beginArm();
        break;
      case OPCODE.else:
        // The way past the first arm is the second one, which counts itself.
        if (!this.isReached) this.innermost.ways--;
        this.beginArm();
        break;
      case OPCODE.end:
        this.close();
        break;
      case OPCODE.br:
      case OPCODE.brIf:
      case OPCODE.brTable:
      case OPCODE.return:
      case OPCODE.unreachable:
        this.branch(opcode);
        break;
      case OPCODE.call:
      case OPCODE.callIndirect:
        this.callsOthers = true;
        break;
      case OPCODE.globalSet:
        this.innermost.globalsSet.add(this.reader.index);
        break;
      default:
        this.replaceByHelper(opcode);
        if (opcode >= LOAD_OPCODES.first && opcode <= LOAD_OPCODES.last) this.loads++;
        if (opcode >= STORE_OPCODES.first && opcode <= STORE_OPCODES.last) this.stores++;
    }
  }

  private openLoop(): void {
    this.open({ isLoop: true, ways: 0 });
    // What is set in it is known at its end. Its gas is charged here in each round, which settles it.
    this.changes.push({ kind: "settle", at: this.reader.end, gas: false, construct: this.innermost });
    this.beginBlock();
    this.innermost.chargesInside = true;
    this.charge(instructionGas(OPCODE.loop));
  }

  private beginArm(): void {
    this.ways++;
    this.isReached = true;
    this.beginBlock();
    this.innermost.chargesInside = true;
    this.charge(ARM_GAS);
  }

  private close(): void {
    const closed = defined(this.constructs.pop(), "a validated body closes what it has opened");
    const place = this.constructs.length;
    const around = this.constructs[place - 1];
    // The body's own end.
    if (around === undefined) return;
    around.include(closed);
    if (this.isReached) closed.ways++;
    this.isReached = true;
    const isMeeting = !closed.isLoop && closed.ways > 1;
    if (isMeeting)
      this.changes.push({ kind: "settle", at: this.reader.end, gas: closed.chargesInside, construct: closed });
    if (closed.outermostTarget < place) {
      around.outermostTarget = Math.min(around.outermostTarget, closed.outermostTarget);
      this.beginBlock();
      around.chargesInside = true;
    } else {
      this.block = closed.block;
    }
  }

  private branch(opcode: number): void {
    const { reader } = this;
    if (opcode === OPCODE.return) this.leave();
    else if (opcode !== OPCODE.unreachable) this.branchTo(reader.index);
    if (opcode === OPCODE.brTable) for (const label of reader.labels) this.branchTo(label);
    if (opcode !== OPCODE.brIf) {
      this.skipUnreachable();
      return;
    }
    this.beginBlock();
    this.innermost.chargesInside = true;
  }

  private branchTo(label: number): void {
    const place = this.constructs.length - 1 - label;
    const { innermost } = this;
    innermost.outermostTarget = Math.min(innermost.outermostTarget, place);
    (this.constructs[place] as Construct).ways++;
    this.ways++;
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
    this.isReached = false;
    this.takeIn();
  }
}

/** @param options `entryGas` is charged with the body's first metered block */
export function planBody(bytes: Bytes, options: { start: number; end: number; entryGas: number }): BodyPlan {
  return new Planner(bytes, options).plan();
}
