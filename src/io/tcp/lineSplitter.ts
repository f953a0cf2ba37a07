// Cuts the bytes of a connection into lines (docs/spec/network.md, "Framing"). It holds at most the longest line and one
// chunk, and its work grows with the bytes that come, however they are cut into chunks.

import { isAscii } from "node:buffer";
import { assert, type Bytes } from "../../core/primitives/index.ts";

export type SplitLine =
  | { readonly kind: "line"; readonly text: string; readonly sizeBytes: number }
  /** The line is lost. After `line_too_long` nothing follows; after the other one, the next line. */
  | { readonly kind: "fault"; readonly fault: "line_too_long" | "malformed_message"; readonly reason: string };

const LINE_FEED = 0x0a;
/** The first block of a line begins so and grows twofold: most lines are short, and there are many connections. */
const BLOCK_SIZE_BYTES_MIN = 1024;
/** Larger blocks are not grown but followed by others. Copies that grow with the line would be garbage faster than it is
 * collected. */
const BLOCK_SIZE_BYTES_MAX = 64 * 1024;
/** What is kept of the first block after a line. */
const BLOCK_KEPT_BYTES_MAX = 16 * 1024;

const NOTHING: Bytes = new Uint8Array(0);

function toText(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

export class LineSplitter {
  private readonly sizeBytesMax: number;
  private chunk: Bytes = NOTHING;
  /** What of the chunk has been looked at. */
  private offset = 0;
  /** The beginning of a line whose end has not come: full blocks, and the one that is being filled. */
  private full: Bytes[] = [];
  private block: Bytes = NOTHING;
  private blockLength = 0;
  private length = 0;
  private isTooLong = false;

  /** @param options.sizeBytesMax of a line, without the line feed that ends it */
  constructor(options: { sizeBytesMax: number }) {
    this.sizeBytesMax = options.sizeBytesMax;
  }

  /** Bytes of a line that has begun and not ended. */
  get unfinishedBytes(): number {
    return this.length;
  }

  /** Memory that is kept for such a line, whether there is one or not. */
  get heldBytes(): number {
    return this.full.length * BLOCK_SIZE_BYTES_MAX + this.block.length;
  }

  /** Takes the next bytes, when all lines of those before have been taken. The chunk is not held past its lines. */
  push(chunk: Bytes): void {
    assert(this.offset === this.chunk.length, "the lines of a chunk are taken before the next one comes");
    this.chunk = this.isTooLong ? NOTHING : chunk;
    this.offset = 0;
  }

  /** The next line, or what is wrong with it; undefined when more bytes are needed. */
  next(): SplitLine | undefined {
    const { chunk, offset } = this;
    if (offset === chunk.length) return undefined;
    const found = chunk.indexOf(LINE_FEED, offset);
    const end = found < 0 ? chunk.length : found;
    if (this.length + end - offset > this.sizeBytesMax) return this.tooLong();
    const part = chunk.subarray(offset, end);
    if (found < 0) {
      this.append(part);
      this.release();
      return undefined;
    }
    this.offset = found + 1;
    const line = this.complete(part);
    if (this.offset === chunk.length) this.release();
    return line;
  }

  private tooLong(): SplitLine {
    this.isTooLong = true;
    this.release();
    this.forget();
    return { kind: "fault", fault: "line_too_long", reason: `a line has more than ${this.sizeBytesMax} bytes` };
  }

  private complete(part: Bytes): SplitLine {
    if (this.length === 0) return this.read(part);
    const begun = this.block.subarray(0, this.blockLength);
    const line = this.read(Buffer.concat([...this.full, begun, part]));
    this.forget();
    return line;
  }

  private read(bytes: Bytes): SplitLine {
    if (bytes.length === 0) return { kind: "fault", fault: "malformed_message", reason: "a line is empty" };
    if (isAscii(bytes)) return { kind: "line", text: toText(bytes), sizeBytes: bytes.length };
    return { kind: "fault", fault: "malformed_message", reason: "a line has a byte that is not ASCII" };
  }

  private append(part: Bytes): void {
    for (let rest = part; rest.length > 0; ) {
      if (this.blockLength === this.block.length) this.makeRoom(rest.length);
      const taken = rest.subarray(0, this.block.length - this.blockLength);
      this.block.set(taken, this.blockLength);
      this.blockLength += taken.length;
      this.length += taken.length;
      rest = rest.subarray(taken.length);
    }
  }

  /** Room for at least one byte of the `count` that follow. */
  private makeRoom(count: number): void {
    if (this.blockLength === BLOCK_SIZE_BYTES_MAX) {
      this.full.push(this.block);
      this.block = new Uint8Array(BLOCK_SIZE_BYTES_MAX);
      this.blockLength = 0;
      return;
    }
    const wanted = Math.max(this.blockLength + count, this.blockLength * 2, BLOCK_SIZE_BYTES_MIN);
    const grown = new Uint8Array(Math.min(wanted, BLOCK_SIZE_BYTES_MAX));
    grown.set(this.block.subarray(0, this.blockLength));
    this.block = grown;
  }

  private forget(): void {
    this.full = [];
    this.length = 0;
    this.blockLength = 0;
    if (this.block.length > BLOCK_KEPT_BYTES_MAX) this.block = NOTHING;
  }

  private release(): void {
    this.chunk = NOTHING;
    this.offset = 0;
  }
}
