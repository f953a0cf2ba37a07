// The functions that metering appends: what the host enters, charges and reads an instance by, and memory that charges before
// it acts.

import { describe, expect, test } from "bun:test";
import { PAGE_SIZE_BYTES, STACK_SLOTS_MAX } from "../../../../../src/core/vm/limits.ts";
import { GAS_PLENTY, MeteredModule } from "../../../../support/meteredModule.ts";
import { type Assembly, assemble } from "../../../../support/wasmAssembler.ts";

const ENTRY = 15;
const BASE = 40;

describe("counters", () => {
  const empty = () => new MeteredModule(assemble({ functions: [] }));
  const AMOUNTS = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];

  test("are what they are set to, gas in two halves", () => {
    const instance = empty();
    for (const gas of AMOUNTS) {
      instance.enter({ gas, slots: 7, pagesMax: 9 });
      expect([instance.gas, instance.slots, instance.fault]).toEqual([gas, 7, 0]);
    }
  });

  test("all are zero at first, so that nothing runs before the host has set them", () => {
    const fresh = new MeteredModule(assemble({ functions: [{ code: "", exportName: "run" }] }));
    expect([fresh.gas, fresh.slots, fresh.fault]).toEqual([0, 0, 0]);
    expect(() => fresh.functionOf("run")()).toThrow();
    expect(fresh.gas).toBe(-ENTRY);
  });

  test("the host takes gas to the last one, and none where there is not so much", () => {
    const instance = empty();
    for (const gas of AMOUNTS) {
      instance.enter({ gas });
      expect(instance.charge(gas + 1 <= Number.MAX_SAFE_INTEGER ? gas + 1 : 2 ** 53)).toBe(false);
      expect(instance.gas).toBe(gas);
      expect(instance.charge(gas)).toBe(true);
      expect(instance.gas).toBe(0);
    }
    instance.enter({ gas: 2 ** 40 + 5 });
    expect(instance.charge(2 ** 39 + 7)).toBe(true);
    expect(instance.gas).toBe(2 ** 39 - 2);
    expect(instance.slots).toBe(STACK_SLOTS_MAX);
  });
});

describe("the contract's globals", () => {
  const code = "i32.const 9 global.set 0 i64.const 9 global.set 2 i32.const 9 global.set 3";
  const instance = new MeteredModule(
    assemble({
      globals: [
        { type: "i32", initial: -(2 ** 31) },
        { type: "i32", initial: 5, isConstant: true },
        { type: "i64", initial: 2 ** 53 - 1 },
        { type: "i32", initial: 0 },
      ],
      functions: [
        { code, exportName: "spoil" },
        ...["i32", "i32", "i64", "i32"].map((result, index) => ({
          result: result as "i32" | "i64",
          code: `global.get ${index}`,
          exportName: `read${index}`,
        })),
      ],
    }),
  );
  const values = () => [0, 1, 2, 3].map((index) => instance.call(`read${index}`).value);

  test("are what they were at first once they are reset, and counters stay", () => {
    const initial = values();
    expect(initial).toEqual([-(2 ** 31), 5, 2n ** 53n - 1n, 0]);
    instance.call("spoil");
    expect(values()).toEqual([9, 5, 9n, 9]);
    instance.enter({ gas: 3, slots: 4 });
    instance.reset();
    expect([instance.gas, instance.slots]).toEqual([3, 4]);
    expect(values()).toEqual(initial);
  });

  test("stay as they are when an instance is entered", () => {
    instance.call("spoil");
    instance.enter();
    expect(values()).toEqual([9, 5, 9n, 9]);
  });
});

/** `run(delta)` returns what memory.grow gives, `size()` the pages. */
function growing(memory: NonNullable<Assembly["memory"]>): MeteredModule {
  return new MeteredModule(
    assemble({
      memory,
      functions: [
        { parameters: "i32", result: "i32", code: "local.get 0 memory.grow", exportName: "run" },
        { result: "i32", code: "memory.size", exportName: "size" },
      ],
    }),
  );
}

describe("memory.grow", () => {
  const own = ENTRY + 1 + BASE;
  const page = 25_000;
  const first = 250_000;

  test("charges the first growth, and each page that there is then", () => {
    const instance = growing({ minimum: 1 });
    expect(instance.call("run", [0])).toEqual({ kind: "value", value: 1, gasUsed: own });
    expect(instance.call("run", [2])).toEqual({ kind: "value", value: 1, gasUsed: own + first + 3 * page });
    expect(instance.call("run", [3])).toEqual({ kind: "value", value: 3, gasUsed: own + 6 * page });
    expect(instance.call("size").value).toBe(6);
    expect(instance.memory.buffer.byteLength).toBe(6 * PAGE_SIZE_BYTES);
  });

  test("charges before it grows", () => {
    const instance = growing({ minimum: 0 });
    expect(instance.call("run", [1], { gas: own + first + page - 1 }).kind).toBe("outOfGas");
    expect(instance.memory.buffer.byteLength).toBe(0);
    expect(instance.call("run", [1], { gas: own + first + page }).kind).toBe("value");
    expect(instance.memory.buffer.byteLength).toBe(PAGE_SIZE_BYTES);
  });

  test("gives -1 beyond the declared maximum, the protocol's and what the host grants, and charges nothing for it", () => {
    const refusal = { kind: "value", value: -1, gasUsed: own } as const;
    const declared = growing({ minimum: 1, maximum: 3 });
    expect(declared.call("run", [3])).toEqual(refusal);
    expect(declared.call("run", [2]).value).toBe(1);
    expect(declared.call("run", [1])).toEqual(refusal);
    const undeclared = growing({ minimum: 1 });
    for (const delta of [256, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31), -1]) {
      expect(undeclared.call("run", [delta])).toEqual(refusal);
    }
    const granted = growing({ minimum: 1 });
    expect(granted.call("run", [2], { pagesMax: 2 })).toEqual(refusal);
    expect(granted.call("run", [1], { pagesMax: 2 }).value).toBe(1);
    // Less than it has already: not even by nothing.
    expect(granted.call("run", [0], { pagesMax: 1 })).toEqual(refusal);
    expect(undeclared.call("run", [255]).value).toBe(1);
  });

  test("tells the host when the engine has not given what the rules grant", () => {
    const instance = growing({ minimum: 1 });
    // More than the memory that was imported may ever have, which the host does not do.
    expect(instance.call("run", [255]).value).toBe(1);
    expect(instance.fault).toBe(0);
    const beyond = growing({ minimum: 1, maximum: 300 });
    expect(beyond.call("run", [280], { pagesMax: 400 }).kind).toBe("trap");
    expect(beyond.fault).toBe(1);
  });
});

describe("memory.copy and memory.fill", () => {
  const instance = new MeteredModule(
    assemble({
      memory: { minimum: 2 },
      data: [{ offset: 0, bytes: Uint8Array.from({ length: 256 }, (_, index) => index) }],
      functions: [
        { parameters: "i32 i32 i32", code: "local.get 0 local.get 1 local.get 2 memory.copy", exportName: "copy" },
        { parameters: "i32 i32 i32", code: "local.get 0 local.get 1 local.get 2 memory.fill", exportName: "fill" },
      ],
    }),
  );
  const own = ENTRY + 3 + BASE;
  const bytes = (start: number, end: number) => [...new Uint8Array(instance.memory.buffer).subarray(start, end)];

  test("do what they are named for", () => {
    expect(instance.call("copy", [1000, 3, 4]).kind).toBe("value");
    expect(bytes(999, 1005)).toEqual([0, 3, 4, 5, 6, 0]);
    expect(instance.call("fill", [1001, 0x1ff, 2]).kind).toBe("value");
    expect(bytes(999, 1005)).toEqual([0, 3, 255, 255, 6, 0]);
    // Over itself, as if there were a buffer between.
    instance.call("copy", [1001, 1000, 3]);
    expect(bytes(1000, 1005)).toEqual([3, 3, 255, 255, 0]);
  });

  test("charge a gas for 32 and for 64 bytes, rounded down", () => {
    const used = (name: string, size: number) => instance.call(name, [2000, 4000, size]).gasUsed - own;
    expect([0, 31, 32, 1000].map((size) => used("copy", size))).toEqual([0, 0, 1, 31]);
    expect([0, 63, 64, 1000].map((size) => used("fill", size))).toEqual([0, 0, 1, 15]);
  });

  test("charge before they act, also what they never do", () => {
    const before = bytes(5000, 5064);
    expect(instance.call("copy", [5000, 0, 64], { gas: own + 1 }).kind).toBe("outOfGas");
    expect(instance.call("fill", [5000, 1, 64], { gas: own }).kind).toBe("outOfGas");
    expect(bytes(5000, 5064)).toEqual(before);
    // Out of bounds, by lengths that are large as unsigned numbers.
    const all = 2 ** 32 - 1;
    expect(instance.call("copy", [0, 0, -1])).toEqual({ kind: "trap", gasUsed: own + Math.floor(all / 32) });
    expect(instance.call("fill", [0, 0, -1])).toEqual({ kind: "trap", gasUsed: own + Math.floor(all / 64) });
    expect(instance.call("fill", [0, 0, -1], { gas: GAS_PLENTY }).kind).toBe("trap");
  });
});
