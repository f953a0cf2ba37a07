// However bytes are cut into chunks, the lines are the same, and no more is held than the limit allows.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { LineSplitter, type SplitLine } from "../../src/io/tcp/index.ts";
import { checkProperty } from "./checkProperty.ts";

const SIZE_BYTES_MAX = 12;
const anyByte = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0x61, 0x62) },
  { weight: 2, arbitrary: fc.constant(0x0a) },
  { weight: 1, arbitrary: fc.nat(255) },
);
const anyBytes = fc.array(anyByte, { maxLength: 120 }).map((bytes) => Uint8Array.from(bytes));

/** By the definition, over all the bytes at once. */
function expectedLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, found < 0 ? bytes.length : found);
    if (line.length > SIZE_BYTES_MAX) return [...lines, "line_too_long"];
    if (found < 0) break;
    const isValid = line.length > 0 && line.every((byte) => byte < 0x80);
    lines.push(isValid ? `line ${String.fromCharCode(...line)}` : "malformed_message");
    start = found + 1;
  }
  return lines;
}

function nameOf(line: SplitLine): string {
  return line.kind === "line" ? `line ${line.text}` : line.fault;
}

test("any chunks of the same bytes give the same lines", () => {
  checkProperty(
    fc.property(anyBytes, fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }), (bytes, sizes) => {
      const splitter = new LineSplitter({ sizeBytesMax: SIZE_BYTES_MAX });
      const lines: string[] = [];
      for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
        // Empty chunks are among them, but not alone.
        const size = (sizes[turn % sizes.length] as number) + (turn >= 500 ? 1 : 0);
        splitter.push(bytes.slice(offset, offset + size));
        for (let line = splitter.next(); line !== undefined; line = splitter.next()) lines.push(nameOf(line));
        expect(splitter.unfinishedBytes).toBeLessThanOrEqual(SIZE_BYTES_MAX);
        offset += size;
      }
      expect(lines).toEqual(expectedLines(bytes));
    }),
    { numRuns: 5_000 },
  );
});
