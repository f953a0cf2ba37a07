// What each kind of instruction takes, metered, beside its gas: a loop over 64 copies of a few instructions of one kind.

import { MeteredModule } from "../../test/support/meteredModule.ts";
import { assemble } from "../../test/support/wasmAssembler.ts";

const COPIES = 64;
const ROUNDS_MIN = 3;
/** How long one operation is measured. */
const BUDGET_MS = 60;

/** Locals: 0 rounds, 1 and 2 i32, 3 and 4 i64, 5 an address, 6 zero, 7 a counter. Functions: see `moduleOf`. */
const OPERATIONS = {
  "local.get, drop": "local.get 1 drop",
  "i32.const, local.set": "i32.const 5 local.set 7",
  "local.tee": "local.get 2 i32.eqz local.tee 2 drop",
  "global.get, global.set": "global.get 0 global.set 1",
  "i32.add": "local.get 1 local.get 2 i32.add drop",
  "i32.add, each on the one before": "local.get 1 local.get 2 i32.add local.set 1",
  "i64.xor": "local.get 3 local.get 4 i64.xor drop",
  "i32.mul, each on the one before": "local.get 1 local.get 2 i32.mul local.set 1",
  "i64.mul": "local.get 3 local.get 4 i64.mul drop",
  "i32.popcnt": "local.get 1 i32.popcnt drop",
  "i64.rotl": "local.get 3 local.get 4 i64.rotl drop",
  "i32.lt_u": "local.get 1 local.get 2 i32.lt_u drop",
  "i64.eqz": "local.get 3 i64.eqz drop",
  "i64.extend_i32_s, i32.wrap_i64": "local.get 1 i64.extend_i32_s i32.wrap_i64 drop",
  select: "local.get 1 local.get 2 local.get 6 select drop",
  "i32.div_s, each on the one before": "local.get 1 local.get 2 i32.div_s i32.const 1000000001 i32.or local.set 1",
  "i64.div_u, each on the one before":
    "local.get 3 local.get 4 i64.div_u i64.const 4000000000000000001 i64.or local.set 3",
  "i64.rem_s, each on the one before":
    "local.get 3 local.get 4 i64.rem_s i64.const 4000000000000000001 i64.or local.set 3",
  "i32.load": "local.get 5 i32.load drop",
  "i32.load, each where the one before says": "local.get 5 i32.load local.set 5",
  "i64.load8_s": "local.get 5 i64.load8_s drop",
  "i32.store": "local.get 5 local.get 1 i32.store offset=8",
  "i64.store16": "local.get 5 local.get 3 i64.store16 offset=16",
  "memory.size": "memory.size drop",
  "block, br": "block br 0 end",
  "block, br_if, not taken": "block local.get 1 i32.const 5 i32.eq br_if 0 local.get 1 drop end",
  "block, br_if, taken": "block local.get 1 i32.const 5 i32.ne br_if 0 local.get 1 drop end",
  "if, not taken": "local.get 6 if nop end",
  "if, taken": "local.get 0 if nop end",
  "if, else": "local.get 6 if nop else nop end",
  "loop, ten rounds": "i32.const 10 local.set 7 loop local.get 7 i32.const 1 i32.sub local.tee 7 br_if 0 end",
  "br_table of two": "block block local.get 6 br_table 0 1 end nop end",
  "br_table of sixteen": "block block local.get 6 br_table 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 end nop end",
  "call of a leaf": "call 1",
  "call with three parameters and a result": "local.get 1 local.get 2 local.get 5 call 2 drop",
  "call of a leaf with 20 locals": "call 3",
  "call of a leaf with 200 locals": "call 4",
  "call of a function that calls": "call 5",
  call_indirect: "i32.const 0 call_indirect 0",
  "memory.copy of 16 bytes": "local.get 5 i32.const 64 i32.const 16 memory.copy",
  "memory.copy of 64 KiB": "local.get 5 i32.const 65536 i32.const 65536 memory.copy",
  "memory.fill of 16 bytes": "local.get 5 i32.const 64 i32.const 16 memory.fill",
  "memory.fill of 64 KiB": "local.get 5 i32.const 64 i32.const 65536 memory.fill",
} as const;

export interface MeasuredOperation {
  readonly name: string;
  /** Of one copy. */
  readonly gas: number;
  readonly ns: number;
}

function moduleOf(code: string): Uint8Array {
  const set =
    "i32.const 777777 local.set 1 i32.const 3 local.set 2 i64.const 1234567890123 local.set 3 i64.const 7 local.set 4";
  const next = "local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end";
  return assemble({
    types: [{}],
    memory: { minimum: 4 },
    table: { minimum: 1 },
    elements: [{ offset: 0, functions: [1] }],
    globals: [
      { type: "i32", initial: 3 },
      { type: "i32", initial: 3 },
    ],
    functions: [
      {
        parameters: "i32",
        locals: "i32 i32 i64 i64 i32 i32 i32",
        code: `${set} loop ${`${code} `.repeat(COPIES)} ${next}`,
        exportName: "run",
      },
      { code: "" },
      { parameters: "i32 i32 i32", result: "i32", code: "local.get 0" },
      { locals: "i64 ".repeat(20), code: "" },
      { locals: "i64 ".repeat(200), code: "" },
      { code: "call 1" },
    ],
  });
}

/** Of one operation, without what the loop around it takes: a pass of it is measured without any copies. */
function measure(name: string, code: string): MeasuredOperation {
  const instance = new MeteredModule(moduleOf(code));
  const rounds = (count: number) => {
    const startMs = performance.now();
    const { gasUsed } = instance.call("run", [count]);
    return { ns: (performance.now() - startMs) * 1e6, gas: gasUsed };
  };
  let count = ROUNDS_MIN;
  while (rounds(count).ns < 1e6) count *= 2;
  const endMs = performance.now() + BUDGET_MS;
  let best = rounds(count);
  while (performance.now() < endMs) {
    const next = rounds(count);
    if (next.ns < best.ns) best = next;
  }
  return { name, gas: best.gas / count / COPIES, ns: best.ns / count / COPIES };
}

export function measureOperations(): readonly MeasuredOperation[] {
  return Object.entries(OPERATIONS).map(([name, code]) => measure(name, code));
}
