// Lines of chunks, with what is wrong among them.

import { expect, test } from "bun:test";
import { createLineSource } from "../../../../src/io/tcp/lineSource.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("gives the lines that a chunk completes, and keeps what is left", () => {
  const source = createLineSource({ sizeBytesMax: 8 });
  expect(source.push(bytes("a\nbc\nd"))).toEqual({ lines: ["a", "bc"] });
  expect(source.push(bytes("e\n"))).toEqual({ lines: ["de"] });
});

test("tells what it keeps of a line whose end has not come", () => {
  const source = createLineSource({ sizeBytesMax: 100_000 });
  expect(source.heldBytes()).toBe(0);
  source.push(new Uint8Array(50_000).fill(0x61));
  expect(source.heldBytes()).toBeGreaterThanOrEqual(50_000);
  source.push(bytes("\n"));
  expect(source.heldBytes()).toBe(0);
});

test("a line that can be none comes as an empty one, and those after it follow", () => {
  const source = createLineSource({ sizeBytesMax: 8 });
  expect(source.push(bytes("a\n\né\nb\n"))).toEqual({ lines: ["a", "", "", "b"] });
});

test("a line that is too long ends it, after the lines before", () => {
  const source = createLineSource({ sizeBytesMax: 8 });
  expect(source.push(bytes("a\n12345678\n123456789"))).toEqual({ lines: ["a", "12345678"], fault: "line_too_long" });
  expect(source.push(bytes("b\n"))).toEqual({ lines: [] });
});
