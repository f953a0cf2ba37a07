// UTF-8 agrees with the platform's encoder and its strict decoder on any text and any bytes.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { bytesToUtf8, utf8ToBytes } from "../../src/core/primitives/index.ts";
import { checkProperty } from "./checkProperty.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function platformDecode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

// Leads, continuations and the edges between them, which uniform bytes hardly ever put together.
const EDGES = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff,
];
const edgeBytes = fc.array(fc.constantFrom(...EDGES), { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes));
const codeUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

test("encoding agrees with TextEncoder, and refuses text that is not well formed", () => {
  checkProperty(
    fc.property(codeUnits, (text) => {
      expect(utf8ToBytes(text)).toEqual(text.isWellFormed() ? new TextEncoder().encode(text) : undefined);
    }),
    { numRuns: 5_000 },
  );
});

test("decoding agrees with a fatal TextDecoder that keeps the byte order mark", () => {
  checkProperty(
    fc.property(fc.oneof(edgeBytes, fc.uint8Array({ maxLength: 24 })), (bytes) => {
      expect(bytesToUtf8(bytes)).toBe(platformDecode(bytes));
    }),
    { numRuns: 20_000 },
  );
});

test("what decodes encodes back to the same bytes", () => {
  checkProperty(
    fc.property(edgeBytes, (bytes) => {
      const text = bytesToUtf8(bytes);
      if (text !== undefined) expect(utf8ToBytes(text)).toEqual(bytes);
    }),
    { numRuns: 20_000 },
  );
});
