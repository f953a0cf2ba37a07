// The canonical binary encoding (docs/spec/encoding.md): fixed-width big-endian numbers, length-prefixed byte strings.
// Every value has exactly one encoding, and the reader refuses all others.

import { assert } from "./assert.ts";
import { isUint } from "./brands.ts";
import { type Bytes, hexToBytes } from "./bytes.ts";
import { bytesToUtf8, utf8ToBytes } from "./utf8.ts";

/** Thrown by `Reader` on malformed input and caught by `decodeWith` alone. */
class DecodeError extends Error {
  override readonly name = "DecodeError";
}

const INITIAL_CAPACITY_BYTES = 256;
const TWO_TO_32 = 2 ** 32;

/** Appends values to a growing buffer; `finish` returns what was written. */
export class Writer {
  private buffer: Bytes;
  private length = 0;

  constructor(capacityBytes: number = INITIAL_CAPACITY_BYTES) {
    this.buffer = new Uint8Array(capacityBytes);
  }

  private reserve(count: number): number {
    const offset = this.length;
    this.length += count;
    if (this.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.length, this.buffer.length * 2));
      grown.set(this.buffer);
      this.buffer = grown;
    }
    return offset;
  }

  u8(value: number): this {
    assert(isUint(value) && value < 256, "a u8 is an integer below 256");
    const offset = this.reserve(1);
    this.buffer[offset] = value;
    return this;
  }

  u32(value: number): this {
    assert(isUint(value) && value < TWO_TO_32, "a u32 is an integer below 2^32");
    this.putU32(this.reserve(4), value);
    return this;
  }

  /** A number of the protocol: 8 bytes, of which the upper 11 bits are zero. */
  u64(value: number): this {
    assert(isUint(value), "a u64 of the protocol is an integer up to 2^53-1");
    const offset = this.reserve(8);
    const low = value % TWO_TO_32;
    this.putU32(offset, (value - low) / TWO_TO_32);
    this.putU32(offset + 4, low);
    return this;
  }

  private putU32(offset: number, value: number): void {
    this.buffer[offset] = value >>> 24;
    this.buffer[offset + 1] = value >>> 16;
    this.buffer[offset + 2] = value >>> 8;
    this.buffer[offset + 3] = value;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** Bytes whose count the reader knows. */
  fixed(bytes: Bytes): this {
    // The room is made first, since it may replace the buffer.
    const offset = this.reserve(bytes.length);
    this.buffer.set(bytes, offset);
    return this;
  }

  /** The bytes of a hash, address or signature in hex. */
  hex(hex: string): this {
    return this.fixed(hexToBytes(hex));
  }

  /** A u32 count of bytes, then the bytes. */
  bytes(bytes: Bytes): this {
    return this.u32(bytes.length).fixed(bytes);
  }

  /** A byte string of UTF-8. The text must have no lone surrogate; static checks refuse such text before it gets here. */
  text(text: string): this {
    const bytes = utf8ToBytes(text);
    assert(bytes !== undefined, "encoded text has no lone surrogate");
    return this.bytes(bytes);
  }

  /** A copy of exactly what was written. */
  finish(): Bytes {
    return this.buffer.slice(0, this.length);
  }
}

/** Reads values in order. Its methods throw on malformed input, so it is used inside `decodeWith` only. */
export class Reader {
  private readonly buffer: Bytes;
  private offset = 0;

  constructor(buffer: Bytes) {
    // A subclass may share memory where Uint8Array copies, as Node's Buffer does in `slice`.
    const isPlain = buffer.constructor === Uint8Array;
    this.buffer = isPlain ? buffer : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
  }

  private take(count: number): number {
    const offset = this.offset;
    if (count > this.buffer.length - offset) throw new DecodeError(`the input ends ${count} bytes early at ${offset}`);
    this.offset = offset + count;
    return offset;
  }

  u8(): number {
    return this.buffer[this.take(1)] as number;
  }

  u32(): number {
    return this.u32At(this.take(4));
  }

  private u32At(offset: number): number {
    const { buffer } = this;
    return (
      (buffer[offset] as number) * 0x1000000 +
      (((buffer[offset + 1] as number) << 16) | ((buffer[offset + 2] as number) << 8) | (buffer[offset + 3] as number))
    );
  }

  u64(): number {
    const offset = this.take(8);
    const value = this.u32At(offset) * TWO_TO_32 + this.u32At(offset + 4);
    if (!Number.isSafeInteger(value)) throw new DecodeError(`a number at ${offset} passes 2^53-1`);
    return value;
  }

  bool(): boolean {
    const value = this.u8();
    if (value > 1) throw new DecodeError(`a flag is ${value}, not 0 or 1`);
    return value === 1;
  }

  /** A copy of the next `count` bytes. */
  fixed(count: number): Bytes {
    const offset = this.take(count);
    return this.buffer.slice(offset, offset + count);
  }

  hex(count: number): `0x${string}` {
    // A view of so few bytes takes longer to make than a copy.
    return `0x${this.fixed(count).toHex()}`;
  }

  bytes(options: { countMax: number }): Bytes {
    return this.fixed(this.count(options.countMax));
  }

  text(options: { countMax: number }): string {
    const text = bytesToUtf8(this.bytes(options));
    if (text === undefined) throw new DecodeError("text is not well-formed UTF-8");
    return text;
  }

  /** A u32 that counts what follows, at most `countMax`. */
  count(countMax: number): number {
    const count = this.u32();
    if (count > countMax) throw new DecodeError(`a count of ${count} passes its bound of ${countMax}`);
    return count;
  }

  /** The item at `index` of a list of byte strings, and nothing after it; undefined past the list's end. */
  itemAt(index: number): Bytes | undefined {
    const count = this.u32();
    if (index >= count) return undefined;
    for (let skipped = 0; skipped < index; skipped++) this.take(this.u32());
    return this.fixed(this.u32());
  }

  /** A copy of all that is left. */
  rest(): Bytes {
    return this.fixed(this.buffer.length - this.offset);
  }

  /** Refuses with `message` when `condition` is false. */
  expect(condition: boolean, message: string): void {
    if (!condition) throw new DecodeError(message);
  }

  end(): void {
    const left = this.buffer.length - this.offset;
    if (left !== 0) throw new DecodeError(`${left} bytes follow the end`);
  }
}

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

/** Runs `read` over the whole of `bytes`; malformed input and bytes left over give a reason. */
export function decodeWith<Value>(bytes: Bytes, read: (reader: Reader) => Value): Decoded<Value> {
  const reader = new Reader(bytes);
  try {
    const value = read(reader);
    reader.end();
    return { ok: true, value };
  } catch (error) {
    if (error instanceof DecodeError) return { ok: false, reason: error.message };
    throw error;
  }
}
