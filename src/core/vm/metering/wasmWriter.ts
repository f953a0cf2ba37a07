// Bytes of a module in the making: LEB128 numbers in their shortest form, sections and vectors (WebAssembly Core
// Specification 2.0, section 5).

import type { Bytes } from "../../primitives/index.ts";

const CAPACITY_MIN = 256;
const U32_SIZE_BYTES_MAX = 5;

export class WasmWriter {
  private buffer: Bytes;
  private used = 0;

  constructor(capacity: number = CAPACITY_MIN) {
    this.buffer = new Uint8Array(Math.max(capacity, CAPACITY_MIN));
  }

  get size(): number {
    return this.used;
  }

  private reserve(count: number): void {
    const needed = this.used + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.used));
    this.buffer = grown;
  }

  byte(value: number): this {
    this.reserve(1);
    this.buffer[this.used++] = value;
    return this;
  }

  /** The same byte until there are `size` bytes; nothing when there are as many already. */
  fillUpTo(size: number, value: number): this {
    const start = this.used;
    if (size <= start) return this;
    this.reserve(size - start);
    this.used = size;
    this.buffer.fill(value, start, size);
    return this;
  }

  bytes(values: ArrayLike<number>): this {
    this.reserve(values.length);
    this.buffer.set(values, this.used);
    this.used += values.length;
    return this;
  }

  u32(value: number): this {
    this.reserve(U32_SIZE_BYTES_MAX);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.used++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.used++] = rest;
    return this;
  }

  /** Signed, for the constants of i32. */
  i32(value: number): this {
    this.reserve(U32_SIZE_BYTES_MAX);
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.buffer[this.used++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.buffer[this.used++] = rest & 0x7f;
    return this;
  }

  /** Signed, for the constants of i64. */
  i64(value: bigint): this {
    let rest = value;
    while (rest < -64n || rest > 63n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.byte(Number(rest & 0x7fn));
  }

  /** A name; only ASCII is ever written. */
  name(text: string): this {
    this.u32(text.length);
    for (let index = 0; index < text.length; index++) this.byte(text.charCodeAt(index));
    return this;
  }

  /** What another writer holds, behind its size. */
  sized(content: WasmWriter): this {
    return this.u32(content.used).append(content);
  }

  append(content: WasmWriter): this {
    return this.bytes(content.buffer.subarray(0, content.used));
  }

  clear(): void {
    this.used = 0;
  }

  finish(): Bytes {
    return this.buffer.slice(0, this.used);
  }
}
