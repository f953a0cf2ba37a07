// What is planned for a body: the gas of its blocks, where paths meet, and what is left out.

import { describe, expect, test } from "bun:test";
import { type BodyPlan, planBody } from "../../../../../src/core/vm/metering/bodyPlan.ts";
import { decoded } from "../../../../support/meteredModule.ts";
import { assemble } from "../../../../support/wasmAssembler.ts";

/** Of a function with a parameter i32, in a module with three globals and a function 1 to call. */
function planOf(code: string): BodyPlan {
  const i32 = { type: "i32", initial: 0 } as const;
  const module = decoded(
    assemble({
      memory: { minimum: 1 },
      globals: [i32, i32, i32],
      functions: [{ parameters: "i32", code }, { code: "" }],
    }),
  );
  const [body] = module.functions;
  if (body === undefined) throw new Error("the module has a function");
  return planBody(module.bytes, { start: body.codeStart, end: body.codeEnd, entryGas: 0 });
}

/** Each settling in its order: whether of gas, and of which globals. */
function settled(code: string): readonly string[] {
  return planOf(code).changes.flatMap((change) =>
    change.kind === "settle" ? [[...(change.gas ? ["gas"] : []), ...change.construct.globalsSet].join(" ")] : [],
  );
}

const SET_0 = "i32.const 1 global.set 0";
const SET_1 = "i32.const 1 global.set 1";

describe("gas of blocks", () => {
  test("what follows a construct is its parent's, unless a branch has gone past it", () => {
    expect(planOf("nop local.get 0 if nop end nop").gasOfBlocks).toEqual([1 + 1 + 2 + 1, 8 + 1]);
    expect(planOf("block nop local.get 0 if br 1 end nop end nop").gasOfBlocks).toEqual([1 + 1 + 2 + 1, 8 + 2, 1]);
    expect(planOf("block block local.get 0 br_if 0 nop end nop end nop").gasOfBlocks).toEqual([1 + 4 + 1 + 1, 1]);
  });

  test("a branch in code that is never reached counts for nothing", () => {
    const { gasOfBlocks, changes, callsOthers } = planOf("block block unreachable call 1 br 1 end nop end nop");
    expect(gasOfBlocks).toEqual([1 + 1 + 1]);
    expect(callsOthers).toBe(false);
    expect(changes.filter(({ kind }) => kind === "skip")).toHaveLength(1);
  });
});

describe("meeting paths", () => {
  test("an if settles what its arms set", () => {
    expect(settled("local.get 0 if nop end")).toEqual(["gas"]);
    expect(settled(`local.get 0 if ${SET_1} else ${SET_0} ${SET_1} end`)).toEqual(["gas 1 0"]);
  });

  test("an arm that does not end leaves one way, which meets none", () => {
    expect(settled(`local.get 0 if ${SET_0} unreachable end`)).toEqual([]);
    expect(settled(`local.get 0 if ${SET_0} return else nop end`)).toEqual([]);
    expect(settled(`local.get 0 if nop else ${SET_0} return end`)).toEqual([]);
    expect(settled(`local.get 0 if unreachable else return end`)).toEqual([]);
  });

  test("a block settles when a branch goes to its end", () => {
    expect(settled(`block ${SET_0} end`)).toEqual([]);
    expect(settled("block local.get 0 br_if 0 end")).toEqual(["gas"]);
    expect(settled(`block ${SET_0} br 0 end`)).toEqual([]);
    // Two branches and nothing that falls out.
    expect(settled(`block local.get 0 br_if 0 ${SET_0} br 0 end`)).toEqual(["gas 0"]);
    expect(settled(`block block local.get 0 br_table 0 1 0 end ${SET_0} end`)).toEqual(["", "gas 0"]);
  });

  test("constructs around settle what is set within", () => {
    const inner = `local.get 0 if ${SET_1} end`;
    expect(settled(`block local.get 0 br_if 0 ${SET_0} ${inner} end`)).toEqual(["gas 1", "gas 0 1"]);
  });

  test("a loop settles at its beginning what is set in it, and its charge settles gas", () => {
    expect(settled(`loop ${SET_1} local.get 0 br_if 0 end`)).toEqual(["1"]);
    expect(settled("loop local.get 0 br_if 0 end")).toEqual([""]);
  });
});

describe("what the engine shall do with it", () => {
  test("whether it sets globals and calls others is found where it is reached", () => {
    expect(planOf("nop")).toMatchObject({ setsGlobals: false, callsOthers: false });
    expect(planOf(`${SET_0} call 1`)).toMatchObject({ setsGlobals: true, callsOthers: true });
    expect(planOf(`return ${SET_0} call 1`)).toMatchObject({ setsGlobals: false, callsOthers: false });
  });

  test("loads are multiplied by stores or by ways, whichever are fewer", () => {
    const load = "local.get 0 i32.load drop ";
    const store = "local.get 0 i32.const 1 i32.store ";
    expect(planOf(load.repeat(5) + store.repeat(3)).loadsByStores).toBe(0);
    const arms = `local.get 0 if ${store.repeat(3)} else nop end `;
    expect(planOf(load.repeat(5) + arms).loadsByStores).toBe(5 * 2);
    expect(planOf(load.repeat(5) + arms.repeat(2) + store).loadsByStores).toBe(5 * 4);
    expect(planOf(`${load}block block local.get 0 br_table 0 1 1 end end ${store.repeat(9)}`).loadsByStores).toBe(3);
  });
});
