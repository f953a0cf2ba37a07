// Gas and stack of a function, computed by hand from docs/spec/metering.md for each construct and each way through it.

import { describe, expect, test } from "bun:test";
import { STACK_SLOTS_MAX } from "../../../../../src/core/vm/limits.ts";
import { MeteredModule } from "../../../../support/meteredModule.ts";
import { type Assembly, assemble } from "../../../../support/wasmAssembler.ts";

const ENTRY = 15;

interface Way {
  /** Of the parameter. */
  readonly argument: number;
  /** Beyond the entry of the function. */
  readonly gas: number;
  readonly kind?: "value" | "trap";
}

/** `run(i32)` without locals. */
function runOf(code: string, more: Partial<Assembly> = {}): MeteredModule {
  const functions = [{ parameters: "i32", code, exportName: "run" }, ...(more.functions ?? [])];
  return new MeteredModule(assemble({ memory: { minimum: 1 }, ...more, functions }));
}

function expectWay(instance: MeteredModule, { argument, gas, kind = "value" }: Way): void {
  expect(instance.call("run", [argument])).toEqual({ kind, gasUsed: ENTRY + gas, value: undefined });
  if (kind === "value") expect(instance.slots).toBe(STACK_SLOTS_MAX);
  expect(instance.call("run", [argument], { gas: ENTRY + gas }).kind).toBe(kind);
  expect(instance.call("run", [argument], { gas: ENTRY + gas - 1 }).kind).toBe("outOfGas");
}

const CONSTRUCTS: Readonly<Record<string, { readonly code: string; readonly ways: readonly Way[] }>> = {
  "no instruction": { code: "", ways: [{ argument: 0, gas: 0 }] },
  "one after the other": {
    code: "i32.const 1 local.get 0 i32.add local.tee 0 i32.load drop nop",
    ways: [{ argument: 0, gas: 1 + 1 + 2 + 2 + 3 + 1 + 1 }],
  },
  "if without else": {
    code: "local.get 0 if nop end nop",
    ways: [
      { argument: 0, gas: 1 + 2 + 1 },
      { argument: 1, gas: 1 + 2 + 1 + (8 + 1) },
    ],
  },
  "if with else": {
    code: "local.get 0 if nop nop else nop end nop",
    ways: [
      { argument: 0, gas: 1 + 2 + 1 + (8 + 1) },
      { argument: 1, gas: 1 + 2 + 1 + (8 + 2) },
    ],
  },
  "an empty arm": {
    code: "local.get 0 if else end",
    ways: [
      { argument: 0, gas: 1 + 2 + 8 },
      { argument: 1, gas: 1 + 2 + 8 },
    ],
  },
  "loop, and what follows it": {
    code: "loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end nop",
    ways: [1, 2, 100].map((argument) => ({ argument, gas: argument * (10 + 1 + 1 + 2 + 2 + 4) + 1 })),
  },
  "loop that goes on from its middle": {
    code: "loop local.get 0 i32.const 1 i32.sub local.tee 0 i32.const 2 i32.gt_s br_if 0 nop nop nop end nop",
    ways: [
      { argument: 1, gas: 10 + 1 + 1 + 2 + 2 + 1 + 2 + 4 + 3 + 1 },
      { argument: 4, gas: 2 * (10 + 1 + 1 + 2 + 2 + 1 + 2 + 4) + 3 + 1 },
    ],
  },
  "br_if out of a block": {
    code: "block local.get 0 br_if 0 nop nop end nop",
    ways: [
      { argument: 0, gas: 1 + 4 + 2 + 1 },
      { argument: 1, gas: 1 + 4 + 1 },
    ],
  },
  "br_if out of two blocks": {
    code: "block block local.get 0 br_if 1 nop end nop nop end nop",
    ways: [
      { argument: 0, gas: 1 + 4 + 1 + 2 + 1 },
      { argument: 1, gas: 1 + 4 + 1 },
    ],
  },
  "br in an arm, and what is never reached": {
    code: "block local.get 0 if br 1 nop block nop end end nop nop end nop",
    ways: [
      { argument: 0, gas: 1 + 2 + 2 + 1 },
      { argument: 1, gas: 1 + 2 + (8 + 2) + 1 },
    ],
  },
  br_table: {
    code: "block block block local.get 0 br_table 0 1 2 end nop end nop nop end nop nop nop",
    ways: [
      { argument: 0, gas: 1 + 10 + 1 + 2 + 3 },
      { argument: 1, gas: 1 + 10 + 2 + 3 },
      { argument: 2, gas: 1 + 10 + 3 },
      { argument: -1, gas: 1 + 10 + 3 },
    ],
  },
  "return in the middle": {
    code: "block local.get 0 if return end nop end nop",
    ways: [
      { argument: 0, gas: 1 + 2 + 1 + 1 },
      { argument: 1, gas: 1 + 2 + (8 + 2) },
    ],
  },
  "return out of a loop": {
    code: "loop local.get 0 i32.const 3 i32.eq if return end local.get 0 i32.const 1 i32.add local.set 0 br 0 end",
    ways: [
      { argument: 3, gas: 10 + 1 + 1 + 2 + 2 + (8 + 2) },
      { argument: 2, gas: 2 * (10 + 1 + 1 + 2 + 2) + (1 + 1 + 2 + 2 + 2) + (8 + 2) },
    ],
  },
  "br to the function's own label": {
    code: "local.get 0 br_if 0 nop local.get 0 i32.eqz br_if 0 unreachable",
    ways: [
      { argument: 1, gas: 1 + 4 },
      { argument: 0, gas: 1 + 4 + 1 + 1 + 2 + 4 },
    ],
  },
  "unreachable, which charges its whole block": {
    code: "nop local.get 0 if unreachable end nop nop",
    ways: [
      { argument: 0, gas: 1 + 1 + 2 + 2 },
      { argument: 1, gas: 1 + 1 + 2 + 2 + (8 + 1), kind: "trap" },
    ],
  },
  "a trap in the middle, which charges what follows": {
    code: "i32.const 7 local.get 0 i32.div_s drop nop nop",
    ways: [
      { argument: 1, gas: 1 + 1 + 4 + 1 + 2 },
      { argument: 0, gas: 1 + 1 + 4 + 1 + 2, kind: "trap" },
    ],
  },
  "a branch that brings a value": {
    code: "block i32 i32.const 5 local.get 0 br_if 0 drop i32.const 6 end drop",
    ways: [
      { argument: 0, gas: 1 + 1 + 4 + 1 + 1 + 1 },
      { argument: 1, gas: 1 + 1 + 4 + 1 },
    ],
  },
};

describe("gas of each construct", () => {
  for (const [name, { code, ways }] of Object.entries(CONSTRUCTS)) {
    test(name, () => {
      for (const way of ways) expectWay(runOf(code), way);
    });
  }

  test("calls charge the caller, and the callee its entry and its locals", () => {
    const functions = [{ parameters: "i32", locals: "i32 i64 i64", code: "nop" }];
    expectWay(runOf("local.get 0 call 1 nop", { functions }), { argument: 0, gas: 1 + 15 + (ENTRY + 3 + 1) + 1 });
  });

  test("an indirect call charges more, and all of it when it traps", () => {
    const more = {
      types: [{ parameters: "i32" }, {}],
      table: { minimum: 3 },
      elements: [{ offset: 0, functions: [1, 2] }],
      functions: [{ parameters: "i32", code: "nop" }, { code: "" }],
    };
    const instance = runOf("i32.const 9 local.get 0 call_indirect 0 nop", more);
    expectWay(instance, { argument: 0, gas: 1 + 1 + 20 + (ENTRY + 1) + 1 });
    // Of another type, without a function, and beyond the table.
    for (const argument of [1, 2, 3]) expectWay(instance, { argument, gas: 1 + 1 + 20 + 1, kind: "trap" });
  });

  test("the host sees what is charged for the whole block that calls it", () => {
    let seen = 0;
    const bytes = assemble({
      imports: [{ name: "input_size", result: "i32" }],
      functions: [{ code: "nop call 0 drop nop nop i32.const 1 if nop end nop", exportName: "run" }],
    });
    const instance: MeteredModule = new MeteredModule(bytes, {
      functions: {
        input_size: () => {
          seen = instance.gas;
          return 0;
        },
      },
    });
    const outcome = instance.call("run", [], { gas: 1000 });
    expect(1000 - seen).toBe(ENTRY + 1 + 15 + 1 + 2 + (1 + 2) + 1);
    expect(outcome.gasUsed).toBe(1000 - seen + 8 + 1);
  });
});

describe("stack", () => {
  const LEAVES: Readonly<Record<string, string>> = {
    "falling out": "call 1",
    return: "call 1 return",
    "return from within": "block loop local.get 0 if i32.const 1 i32.const 2 return end call 1 end end call 1",
    "br from within": "block loop local.get 0 br_if 2 call 1 end end",
    br_table: "call 1 block local.get 0 br_table 0 1 1 end",
    "br with values beneath": "i32.const 1 i32.const 2 call 1 br 0",
  };

  for (const [name, code] of Object.entries(LEAVES)) {
    test(`${name} gives back what the frame has taken`, () => {
      const instance = runOf(code, { functions: [{ code: "call 2" }, { code: "" }] });
      for (const argument of [0, 1, 2]) {
        expect(instance.call("run", [argument]).kind).toBe("value");
        expect(instance.slots).toBe(STACK_SLOTS_MAX);
      }
    });
  }

  test("a frame takes 48 slots, its parameters, its locals and its operands, and needs just these", () => {
    const inner = { parameters: "i64 i64", locals: "i32", result: "i32" as const, code: "call 2 i32.const 1" };
    // At most three operands: two constants and one more.
    const code = "i64.const 1 i64.const 2 call 1 i32.const 1 i32.const 2 i32.add i32.add drop";
    const instance = runOf(code, { functions: [inner, { locals: "i64 ".repeat(50), code: "" }] });
    const outer = 48 + 1 + 0 + 3;
    const slots = outer + (48 + 2 + 1 + 1);
    expect(instance.call("run", [0], { slots }).kind).toBe("value");
    expect(instance.slots).toBe(slots);
    expect(instance.call("run", [0], { slots: slots - 1 }).kind).toBe("stackExhausted");
    expect(instance.slots).toBe(-1);
    expect(instance.call("run", [0], { slots: outer - 1 }).kind).toBe("stackExhausted");
  });

  test("a function that calls none takes none, also when it grows and copies memory", () => {
    const instance = runOf("i32.const 1 memory.grow drop local.get 0 i32.const 0 i32.const 1 memory.copy");
    expect(instance.call("run", [0], { slots: 0 }).kind).toBe("value");
  });

  test("recursion ends at the same call, cold and compiled, and with another stack above it", () => {
    const bytes = assemble({
      globals: [{ type: "i32", initial: 0 }],
      functions: [
        { code: "global.get 0 i32.const 1 i32.add global.set 0 call 0", exportName: "run" },
        { result: "i32", code: "global.get 0", exportName: "depth" },
      ],
    });
    const frame = 48 + 2;
    const deep = (depth: number): number => {
      if (depth > 0) return deep(depth - 1) + 0;
      const instance = new MeteredModule(bytes);
      expect(instance.call("run").kind).toBe("stackExhausted");
      return Number(instance.call("depth").value);
    };
    for (let round = 0; round < 50; round++) {
      expect(deep(round % 2 === 0 ? 0 : 500)).toBe(Math.floor(STACK_SLOTS_MAX / frame));
    }
  });

  test("a frame that traps has given nothing back, and the next call begins anew", () => {
    const instance = runOf("call 1", { functions: [{ code: "call 2" }, { code: "unreachable" }] });
    const first = instance.call("run", [0]);
    expect(first.kind).toBe("trap");
    expect(instance.slots).toBeLessThan(STACK_SLOTS_MAX);
    expect(instance.call("run", [0])).toEqual(first);
  });
});
