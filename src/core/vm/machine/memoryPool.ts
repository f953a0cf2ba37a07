// Memories that are used again, since one that is made takes some hundred microseconds. They are kept by the number of
// pages that a module declares: it sees exactly these, whatever ran in the memory before.

import type { WasmMemory, WasmRuntime } from "../../ports/index.ts";
import { MEMORY_PAGES_MAX, PAGE_SIZE_BYTES } from "../limits.ts";

export class MemoryPool {
  private readonly runtime: WasmRuntime;
  private readonly pagesMax: number;
  private readonly countMax: number;
  private readonly free = new Map<number, WasmMemory[]>();
  private pages = 0;
  private count = 0;

  /** @param options.pagesMax of all free memories together; @param options.countMax of them, since some have no pages */
  constructor(options: { runtime: WasmRuntime; pagesMax: number; countMax: number }) {
    this.runtime = options.runtime;
    this.pagesMax = options.pagesMax;
    this.countMax = options.countMax;
  }

  /** A memory of so many pages, all bytes zero. */
  acquire(pages: number): WasmMemory {
    const memory = this.free.get(pages)?.pop();
    if (memory === undefined) return this.runtime.createMemory({ pagesMin: pages, pagesMax: MEMORY_PAGES_MAX });
    this.pages -= pages;
    this.count--;
    return memory;
  }

  /** Takes a memory back. One that has grown can't shrink, and is given up. */
  release(memory: WasmMemory, pages: number): void {
    const hasGrown = memory.buffer.byteLength !== pages * PAGE_SIZE_BYTES;
    if (hasGrown || this.pages + pages > this.pagesMax || this.count >= this.countMax) return;
    new Uint8Array(memory.buffer).fill(0);
    this.pages += pages;
    this.count++;
    const free = this.free.get(pages);
    if (free === undefined) this.free.set(pages, [memory]);
    else free.push(memory);
  }
}
