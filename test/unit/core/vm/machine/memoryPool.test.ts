// Memories that are used again: zeroed, of the pages that were asked for, and no more of them than there is room for.

import { expect, test } from "bun:test";
import { MemoryPool } from "../../../../../src/core/vm/machine/memoryPool.ts";
import { wasmRuntime } from "../../../../../src/io/wasm/index.ts";

function createPool(options: { pagesMax?: number; countMax?: number } = {}) {
  let made = 0;
  const runtime = {
    ...wasmRuntime,
    createMemory: (pages: { pagesMin: number; pagesMax: number }) => {
      made++;
      return wasmRuntime.createMemory(pages);
    },
  };
  const { pagesMax = 8, countMax = 8 } = options;
  return { pool: new MemoryPool({ runtime, pagesMax, countMax }), made: () => made };
}

test("a memory that came back is given out again, with all bytes zero", () => {
  const { pool, made } = createPool();
  const memory = pool.acquire(2);
  new Uint8Array(memory.buffer).fill(7);
  pool.release(memory, 2);
  expect(pool.acquire(2)).toBe(memory);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
  expect(made()).toBe(1);
});

test("a memory is only for those who ask for as many pages", () => {
  const { pool } = createPool();
  const memory = pool.acquire(2);
  pool.release(memory, 2);
  expect(pool.acquire(1).buffer.byteLength).toBe(65_536);
  expect(pool.acquire(0).buffer.byteLength).toBe(0);
  expect(pool.acquire(3).buffer.byteLength).toBe(3 * 65_536);
});

test("one that has grown is given up", () => {
  const { pool } = createPool();
  const memory = pool.acquire(1);
  (memory as WebAssembly.Memory).grow(1);
  pool.release(memory, 1);
  const next = pool.acquire(1);
  expect(next).not.toBe(memory);
  expect(next.buffer.byteLength).toBe(65_536);
});

test("there are no more free pages and memories than may be", () => {
  const { pool, made } = createPool({ pagesMax: 4, countMax: 3 });
  for (const memory of [pool.acquire(2), pool.acquire(2), pool.acquire(2)]) pool.release(memory, 2);
  for (let count = 0; count < 3; count++) pool.acquire(2);
  expect(made()).toBe(4);
  const empty = Array.from({ length: 5 }, () => pool.acquire(0));
  for (const memory of empty) pool.release(memory, 0);
  for (let count = 0; count < 5; count++) pool.acquire(0);
  expect(made()).toBe(4 + 5 + 2);
});
