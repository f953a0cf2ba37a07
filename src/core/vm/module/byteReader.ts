// Reads the values of the binary format (WebAssembly Core Specification 2.0, section 5.2) between two offsets of a module:
// bytes, integers in LEB128, names. What ends early or is written wrongly is malformed.

import { type Bytes, bytesToUtf8 } from "../../primitives/index.ts";
import { malformed } from "./fault.ts";

const CONTINUES = 0x80;
const PAYLOAD = 0x7f;
const PAYLOAD_BITS = 7;
const TWO_TO_28 = 2 ** 28;
const S64_SIZE_BYTES_MAX = 10;

/** Payloads that the last possible byte of an integer may have: the bits that do not fit repeat the sign. */
interface LastByte {
  readonly nonNegativeMax: number;
  /** From here to 0x7f the number is negative. */
  readonly negativeMin: number;
}

const LAST_OF_S32: LastByte = { nonNegativeMax: 0x07, negativeMin: 0x78 };
const LAST_OF_S33: LastByte = { nonNegativeMax: 0x0f, negativeMin: 0x70 };
const LAST_OF_S64: LastByte = { nonNegativeMax: 0x00, negativeMin: 0x7f };

function tooLong(offset: number, last: number): Error {
  return malformed(
    offset,
    last >= CONTINUES ? "an integer has too many bytes" : "an integer is too large for its type",
  );
}

export class ByteReader {
  readonly bytes: Bytes;
  offset: number;
  readonly end: number;

  constructor(bytes: Bytes, start: number, end: number) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
  }

  isAtEnd(): boolean {
    return this.offset === this.end;
  }

  byte(): number {
    if (this.offset >= this.end) throw malformed(this.offset, "the bytes end in the middle of a value");
    return this.bytes[this.offset++] as number;
  }

  /** An unsigned integer below 2^32. */
  u32(): number {
    const start = this.offset;
    let byte = this.byte();
    if (byte < CONTINUES) return byte;
    let value = byte & PAYLOAD;
    for (let shift = PAYLOAD_BITS; shift < 28; shift += PAYLOAD_BITS) {
      byte = this.byte();
      value |= (byte & PAYLOAD) << shift;
      if (byte < CONTINUES) return value;
    }
    const last = this.byte();
    if (last > 0x0f) throw tooLong(start, last);
    return value + last * TWO_TO_28;
  }

  s32(): number {
    return this.signed(LAST_OF_S32) | 0;
  }

  /** The type of a block: a negative one of a byte is a value type or empty, others are an index. */
  s33(): number {
    return this.signed(LAST_OF_S33);
  }

  /** A signed integer of at most five bytes. */
  private signed(lastByte: LastByte): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 28; shift += PAYLOAD_BITS) {
      const byte = this.byte();
      value |= (byte & PAYLOAD) << shift;
      if (byte < CONTINUES) {
        const unused = 32 - PAYLOAD_BITS - shift;
        return (value << unused) >> unused;
      }
    }
    const last = this.byte();
    this.checkLast(last, lastByte, start);
    return value + (last > lastByte.nonNegativeMax ? last - CONTINUES : last) * TWO_TO_28;
  }

  s64(): bigint {
    const start = this.offset;
    // 28, 28 and 14 bits, so that each part is an exact number.
    const parts: [number, number, number] = [0, 0, 0];
    for (let count = 0; count < S64_SIZE_BYTES_MAX; count++) {
      const byte = this.byte();
      if (count === S64_SIZE_BYTES_MAX - 1) this.checkLast(byte, LAST_OF_S64, start);
      const part = count >> 2;
      parts[part] = (parts[part] as number) | ((byte & PAYLOAD) << (PAYLOAD_BITS * (count & 3)));
      if (byte < CONTINUES) {
        const value = BigInt(parts[0]) | (BigInt(parts[1]) << 28n) | (BigInt(parts[2]) << 56n);
        return BigInt.asIntN(Math.min(64, PAYLOAD_BITS * (count + 1)), value);
      }
    }
    throw malformed(start, "an integer has too many bytes");
  }

  private checkLast(byte: number, last: LastByte, start: number): void {
    if (byte >= CONTINUES || (byte > last.nonNegativeMax && byte < last.negativeMin)) throw tooLong(start, byte);
  }

  /** A view of the next `count` bytes, which are behind `offset` then. */
  take(count: number, what: string): Bytes {
    const start = this.offset;
    if (count > this.end - start) {
      throw malformed(start, `${what} has ${count} bytes, but only ${this.end - start} follow`);
    }
    this.offset = start + count;
    return this.bytes.subarray(start, this.offset);
  }

  /** A reader of the next `count` bytes, which are behind `offset` then. */
  part(count: number, what: string): ByteReader {
    const start = this.offset;
    this.take(count, what);
    return new ByteReader(this.bytes, start, this.offset);
  }

  name(what: string): string {
    const count = this.u32();
    const start = this.offset;
    const text = bytesToUtf8(this.take(count, what));
    if (text === undefined) throw malformed(start, `${what} is not well-formed UTF-8`);
    return text;
  }

  /** Refuses bytes left over. */
  expectEnd(what: string): void {
    if (this.offset !== this.end) throw malformed(this.offset, `${what} has ${this.end - this.offset} bytes left over`);
  }
}
