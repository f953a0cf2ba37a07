// Lines out of chunks: however they are cut, up to the limit and one past it, and what is held meanwhile.

import { expect, test } from "bun:test";
import { AssertionError, type Bytes, utf8ToBytes } from "../../../../src/core/primitives/index.ts";
import { LineSplitter, type SplitLine } from "../../../../src/io/tcp/index.ts";

const encode = (text: string) => utf8ToBytes(text) as Bytes;

function linesOf(splitter: LineSplitter, chunk: Bytes): SplitLine[] {
  const lines: SplitLine[] = [];
  splitter.push(chunk);
  for (let line = splitter.next(); line !== undefined; line = splitter.next()) lines.push(line);
  return lines;
}

function line(text: string): SplitLine {
  return { kind: "line", text, sizeBytes: text.length };
}

const TOO_LONG = { kind: "fault", fault: "line_too_long", reason: "a line has more than 4 bytes" } as const;
const EMPTY = { kind: "fault", fault: "malformed_message", reason: "a line is empty" } as const;

test("lines come whole, in order and without their line feeds", () => {
  const splitter = new LineSplitter({ sizeBytesMax: 8 });
  expect(linesOf(splitter, encode("a\nbc\nd"))).toEqual([line("a"), line("bc")]);
  expect(splitter.unfinishedBytes).toBe(1);
  expect(linesOf(splitter, encode("e"))).toEqual([]);
  expect(splitter.unfinishedBytes).toBe(2);
  expect(linesOf(splitter, encode("\nf\n"))).toEqual([line("de"), line("f")]);
  expect(splitter.unfinishedBytes).toBe(0);
  expect(linesOf(splitter, encode(""))).toEqual([]);
  expect(linesOf(splitter, encode("\r\n"))).toEqual([line("\r")]);
});

test("a line has as many bytes as the limit, and not one more", () => {
  const limited = () => new LineSplitter({ sizeBytesMax: 4 });
  expect(linesOf(limited(), encode("abcd\n"))).toEqual([line("abcd")]);
  expect(linesOf(limited(), encode("abcde\n"))).toEqual([TOO_LONG]);
  const splitter = limited();
  expect(linesOf(splitter, encode("ab"))).toEqual([]);
  expect(linesOf(splitter, encode("cd"))).toEqual([]);
  expect(linesOf(splitter, encode("\n"))).toEqual([line("abcd")]);
  expect(linesOf(splitter, encode("abcd"))).toEqual([]);
  // Known without the line's end.
  expect(linesOf(splitter, encode("e"))).toEqual([TOO_LONG]);
});

test("lines before one that is too long are given, and nothing after it", () => {
  const splitter = new LineSplitter({ sizeBytesMax: 4 });
  expect(linesOf(splitter, encode("a\nabcdef\nb\n"))).toEqual([line("a"), TOO_LONG]);
  expect(linesOf(splitter, encode("c\n"))).toEqual([]);
  expect(splitter.unfinishedBytes).toBe(0);
});

test("empty lines and bytes that are not ASCII are faults of one line", () => {
  const splitter = new LineSplitter({ sizeBytesMax: 8 });
  expect(linesOf(splitter, encode("\n\na\n"))).toEqual([EMPTY, EMPTY, line("a")]);
  const fault = { kind: "fault", fault: "malformed_message", reason: "a line has a byte that is not ASCII" } as const;
  expect(linesOf(splitter, Uint8Array.of(0x7f, 10, 0x80, 10, 0xff))).toEqual([line("\u007f"), fault]);
  expect(linesOf(splitter, encode("a\nb\n"))).toEqual([fault, line("b")]);
});

test("a chunk that the caller uses again later does no harm, nor does a part of a larger buffer", () => {
  const splitter = new LineSplitter({ sizeBytesMax: 8 });
  const shared = encode("abc");
  expect(linesOf(splitter, shared.subarray(1))).toEqual([]);
  shared.fill(0x7a);
  expect(linesOf(splitter, encode("xxd\nyy").subarray(2, 4))).toEqual([line("bcd")]);
});

test("the lines of one chunk are taken before the next one comes", () => {
  const splitter = new LineSplitter({ sizeBytesMax: 8 });
  splitter.push(encode("a\nb"));
  expect(splitter.next()).toEqual(line("a"));
  expect(() => splitter.push(encode("c"))).toThrow(AssertionError);
});

test("a long line in small chunks costs no more than its bytes", () => {
  const text = "0123456789abcdef".repeat(131_072);
  const bytes = encode(`${text}\n`);
  const splitMs = (chunkBytes: number) => {
    const splitter = new LineSplitter({ sizeBytesMax: text.length });
    // Of the processor and not of the clock, since other tests may run beside this one.
    const before = process.cpuUsage();
    for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
      const lines = linesOf(splitter, bytes.subarray(offset, offset + chunkBytes));
      if (offset + chunkBytes >= bytes.length) expect(lines).toEqual([line(text)]);
      else expect(lines.length).toBe(0);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  // Some 10 ms; 15,000 copies of what is there so far would be 15 GB, which no machine copies in this time.
  expect(splitMs(140)).toBeLessThan(400);
});

test("after a long line its buffer is given back", () => {
  const half = new Uint8Array(1 << 20).fill(0x61);
  const end = Uint8Array.of(0x0a);
  Bun.gc(true);
  const before = process.memoryUsage();
  const splitters = Array.from({ length: 32 }, () => new LineSplitter({ sizeBytesMax: 1 << 20 }));
  for (const splitter of splitters) {
    expect(linesOf(splitter, half)).toEqual([]);
    expect(linesOf(splitter, end)).toHaveLength(1);
  }
  Bun.gc(true);
  const after = process.memoryUsage();
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(8 * 1024 * 1024);
  expect(splitters.map(({ unfinishedBytes }) => unfinishedBytes)).toEqual(new Array(32).fill(0));
});

test("bytes one at a time take no memory each", () => {
  const splitter = new LineSplitter({ sizeBytesMax: 1 << 20 });
  const byte = Uint8Array.of(0x61);
  const feed = (count: number) => {
    for (let index = 0; index < count; index++) {
      splitter.push(byte);
      splitter.next();
    }
  };
  feed(10_000);
  Bun.gc(true);
  const before = process.memoryUsage();
  feed(1_000_000);
  Bun.gc(true);
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(splitter.unfinishedBytes).toBe(1_010_000);
  // The buffer of a megabyte, its last smaller one, and what the runtime takes for itself.
  expect(grown).toBeLessThan(4 * 1024 * 1024);
});
