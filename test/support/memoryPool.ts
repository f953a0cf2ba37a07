// Memories for tests that run many modules: a new one costs more than most runs, since the engine collects garbage for it.

import type { WasmMemory } from "../../src/core/ports/index.ts";
import { wasmRuntime } from "../../src/io/wasm/index.ts";

interface Pages {
  readonly pagesMin: number;
  readonly pagesMax: number;
}

const IDLE_MAX = 64;

const idle = new Map<string, WasmMemory[]>();
let idleCount = 0;

function key({ pagesMin, pagesMax }: Pages): string {
  return `${pagesMin} ${pagesMax}`;
}

/** All bytes are zero. */
export function borrowMemory(pages: Pages): WasmMemory {
  const found = idle.get(key(pages))?.pop();
  if (found === undefined) return wasmRuntime.createMemory(pages);
  idleCount--;
  return found;
}

/** One that has grown is not kept. */
export function returnMemory(memory: WasmMemory, pages: Pages): void {
  if (memory.buffer.byteLength !== pages.pagesMin * 65_536 || idleCount >= IDLE_MAX) return;
  new Uint8Array(memory.buffer).fill(0);
  const list = idle.get(key(pages)) ?? [];
  idle.set(key(pages), list);
  list.push(memory);
  idleCount++;
}
