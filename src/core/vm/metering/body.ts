// Writes a function's body with its metering (docs/spec/metering.md, Functions).

import { defined } from "../../primitives/index.ts";
import { OPCODE } from "../module/instructions.ts";
import type { ContractModule, FunctionBody, ValueType } from "../module/types.ts";
import { type BodyPlan, type Change, planBody } from "./bodyPlan.ts";
import { chargeGas, giveBackSlots, settleGlobal, takeSlots } from "./code.ts";
import { ENTRY_GAS, FRAME_SLOTS, LOCAL_GAS } from "./costs.ts";
import { EMPTY_BLOCK_BYTE, VALUE_TYPE_BYTES } from "./encoding.ts";
import { helperIndex } from "./helpers.ts";
import type { MeteringLayout } from "./layout.ts";
import type { WasmWriter } from "./wasmWriter.ts";

/** JavaScriptCore puts no function of more than 500 bytes into another one. */
const NOT_INLINED_SIZE_BYTES = 512;
/** What its optimizing compiler takes grows with the square of these; it takes up to a fifth of a second here. */
const OPTIMIZED_SIZE_BYTES_MAX = 20_480;
const OPTIMIZED_LOADS_BY_STORES_MAX = 100_000;
/** It leaves a function of more than 100,000 bytes to the baseline compiler. */
const NOT_OPTIMIZED_SIZE_BYTES = 100_008;

/** Slots of the stack that a frame of the function takes. */
function frameSlots(body: FunctionBody, parameters: number): number {
  return FRAME_SLOTS + parameters + body.locals.length + body.operandHeightMax;
}

function writeLocals(out: WasmWriter, locals: readonly ValueType[]): void {
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  out.u32(runs.length);
  for (const { type, count } of runs) out.u32(count).byte(VALUE_TYPE_BYTES[type]);
}

function writeChange(out: WasmWriter, change: Change, context: { plan: BodyPlan; layout: MeteringLayout }): void {
  const { plan, layout } = context;
  switch (change.kind) {
    case "charge": {
      const gas = plan.gasOfBlocks[change.block] as number;
      if (gas > 0) chargeGas(out, layout, gas);
      break;
    }
    case "settle":
      if (change.gas) settleGlobal(out, layout.gas);
      for (const index of change.construct.globalsSet) settleGlobal(out, index);
      break;
    case "helper":
      out.byte(OPCODE.call).u32(helperIndex(layout, change.helper));
      break;
    case "return":
      out.byte(OPCODE.br).u32(change.depth);
      break;
    case "skip":
      break;
  }
}

/** The body's code with its changes, without its last `end`. */
function writeCode(
  out: WasmWriter,
  module: ContractModule,
  body: FunctionBody,
  plan: BodyPlan,
  layout: MeteringLayout,
): void {
  let position = body.codeStart;
  for (const change of plan.changes) {
    out.bytes(module.bytes.subarray(position, change.at));
    writeChange(out, change, { plan, layout });
    position = "to" in change ? change.to : change.at;
  }
  out.bytes(module.bytes.subarray(position, body.codeEnd - 1));
}

/** How large the function shall be for the engine's sake; what fills it up is never reached. */
function sizeBytesMin(sizeBytes: number, plan: BodyPlan): number {
  if (sizeBytes > OPTIMIZED_SIZE_BYTES_MAX || plan.loadsByStores > OPTIMIZED_LOADS_BY_STORES_MAX) {
    return NOT_OPTIMIZED_SIZE_BYTES;
  }
  // Inside another function, what it sets would not be settled where that one's paths meet.
  return plan.setsGlobals ? NOT_INLINED_SIZE_BYTES : 0;
}

/** Appends one entry of the code section, without its size. */
export function writeBody(out: WasmWriter, module: ContractModule, body: FunctionBody, layout: MeteringLayout): void {
  const type = defined(module.types[body.typeIndex], "a validated body has a type");
  const plan = planBody(module.bytes, {
    start: body.codeStart,
    end: body.codeEnd,
    entryGas: ENTRY_GAS + LOCAL_GAS * body.locals.length,
  });
  writeLocals(out, body.locals);
  // The frame of a function that calls none is the last one of the stack: it has its room beyond the limit.
  const slots = plan.callsOthers ? frameSlots(body, type.parameters.length) : 0;
  const [result] = type.results;
  if (slots > 0) takeSlots(out, layout, slots);
  out.byte(OPCODE.block).byte(result === undefined ? EMPTY_BLOCK_BYTE : VALUE_TYPE_BYTES[result]);
  writeCode(out, module, body, plan, layout);
  out.byte(OPCODE.end);
  if (slots > 0) giveBackSlots(out, layout, slots);
  const sizeMin = sizeBytesMin(out.size, plan);
  if (out.size < sizeMin) out.byte(OPCODE.return).fillUpTo(sizeMin, OPCODE.nop);
  out.byte(OPCODE.end);
}
