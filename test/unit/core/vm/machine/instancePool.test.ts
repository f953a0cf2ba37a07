// Instances that are used again: by their own module alone, one call at a time, as they were when they were new, and no
// more of them than there is room for.

import { describe, expect, test } from "bun:test";
import { sha256 } from "../../../../../src/core/crypto/index.ts";
import { assert, bytesToHash, defined, type Height } from "../../../../../src/core/primitives/index.ts";
import type { Instance } from "../../../../../src/core/vm/machine/instance.ts";
import { InstancePool } from "../../../../../src/core/vm/machine/instancePool.ts";
import { MemoryPool } from "../../../../../src/core/vm/machine/memoryPool.ts";
import { type LoadedModule, ModuleCache } from "../../../../../src/core/vm/machine/modules.ts";
import { wasmRuntime } from "../../../../../src/io/wasm/index.ts";
import { assemble } from "../../../../support/wat.ts";

const BODY = `(global $count (mut i32) (i32.const 3))
  (data (i32.const 100) "abc") (data (i32.const 110) "d")
  (func (export "spoil")
    (global.set $count (i32.const 9))
    (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)))
  (func (export "count") (result i32) (global.get $count))
  (func (export "grow") (drop (memory.grow (i32.const 1))))
  (func (export "trap") (global.set $count (i32.const 9)) unreachable)`;

function load(text: string): LoadedModule {
  const code = assemble(`(module ${text})`);
  const cache = new ModuleCache({ runtime: wasmRuntime, sizeBytesMax: 0 });
  const loaded = cache.load({ code, codeHash: bytesToHash(sha256(code)), height: 1 as Height });
  assert(loaded.ok, "the module is valid");
  return loaded.value;
}

function createPool(options: { countMax?: number; pagesMax?: number } = {}) {
  const { countMax = 8, pagesMax = 8 } = options;
  const memories = new MemoryPool({ runtime: wasmRuntime, pagesMax: 8, countMax: 8 });
  const pool = new InstancePool({ runtime: wasmRuntime, memories, hostFunctions: {}, countMax, pagesMax });
  return { pool, memories, acquire: (module: LoadedModule) => defined(pool.acquire(module), "its segments fit") };
}

function call(instance: Instance, name: string): unknown {
  instance.enter({ gas: 10_000_000, stackSlots: 1000, pagesMax: 8 });
  return instance.functionOf(defined(instance.module.functions.get(name), "it is exported"))();
}

describe("an instance that came back", () => {
  test("is given out again, with its memory and its globals as at first", () => {
    const { pool, acquire } = createPool();
    const module = load(`(memory 1) ${BODY}`);
    const instance = acquire(module);
    call(instance, "spoil");
    expect(instance.bytes()[50]).toBe(7);
    pool.release(instance);
    expect(acquire(module)).toBe(instance);
    const expected = new Uint8Array(65_536);
    expected.set(new TextEncoder().encode("abc"), 100);
    expected.set(new TextEncoder().encode("d"), 110);
    expect(instance.bytes()).toEqual(expected);
    expect(call(instance, "count")).toBe(3);
  });

  test("is given out again after a trap", () => {
    const { pool, acquire } = createPool();
    const module = load(`(memory 1) ${BODY}`);
    const instance = acquire(module);
    expect(() => call(instance, "trap")).toThrow();
    pool.release(instance);
    expect(acquire(module)).toBe(instance);
    expect(call(instance, "count")).toBe(3);
  });

  test("is for its own module alone, and for one call at a time", () => {
    const { pool, acquire } = createPool();
    const [one, other] = [load(`(memory 1) ${BODY}`), load(`(memory 1) ${BODY}`)];
    const instance = acquire(one);
    const second = acquire(one);
    expect(second).not.toBe(instance);
    expect(second.memory).not.toBe(instance.memory);
    pool.release(instance);
    pool.release(second);
    expect(acquire(other).module).toBe(other);
    expect(new Set([acquire(one), acquire(one)])).toEqual(new Set([instance, second]));
    expect([instance, second]).not.toContain(acquire(one));
  });

  test("is given up when its memory has grown", () => {
    const { pool, acquire } = createPool();
    const module = load(`(memory 1) ${BODY}`);
    const instance = acquire(module);
    call(instance, "grow");
    expect(instance.pages()).toBe(2);
    pool.release(instance);
    const next = acquire(module);
    expect(next).not.toBe(instance);
    expect(next.pages()).toBe(1);
  });
});

test("a module whose segments do not fit has no instance, and leaves its memory for others, zeroed", () => {
  const { pool, memories } = createPool();
  expect(pool.acquire(load('(memory 1) (data (i32.const 0) "a") (data (i32.const 65536) "b")'))).toBeUndefined();
  expect(pool.acquire(load("(memory 1) (table 1 funcref) (elem (i32.const 1) 0) (func)"))).toBeUndefined();
  const memory = memories.acquire(1);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
});

test("what is wrong with the engine is no fault of a module", () => {
  const memories = new MemoryPool({ runtime: wasmRuntime, pagesMax: 8, countMax: 8 });
  const runtime = {
    ...wasmRuntime,
    instantiate: () => {
      throw new RangeError("the engine is out of order");
    },
  };
  const pool = new InstancePool({ runtime, memories, hostFunctions: {}, countMax: 8, pagesMax: 8 });
  expect(() => pool.acquire(load("(memory 1)"))).toThrow("the engine is out of order");
});

describe("there is an end to idle instances", () => {
  const modules = Array.from({ length: 4 }, () => load(`(memory 2) ${BODY}`));

  /** Which of the modules find the instance that they had. */
  function kept(options: { countMax?: number; pagesMax?: number }): boolean[] {
    const { pool, acquire } = createPool(options);
    const instances = modules.map(acquire);
    for (const instance of instances) pool.release(instance);
    return modules.map((module, index) => acquire(module) === instances[index]);
  }

  test("in their number, those that were used longest ago going first", () => {
    expect(kept({ countMax: 4 })).toEqual([true, true, true, true]);
    expect(kept({ countMax: 2 })).toEqual([false, false, true, true]);
    expect(kept({ countMax: 0 })).toEqual([false, false, false, false]);
  });

  test("in their pages together", () => {
    expect(kept({ pagesMax: 7 })).toEqual([false, true, true, true]);
    expect(kept({ pagesMax: 1 })).toEqual([false, false, false, false]);
  });
});
