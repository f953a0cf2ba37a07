// Writing to a file descriptor: all of it, and no exception when nobody reads.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFully } from "../../../../src/io/logging/write.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aureon-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("writes all of a text at once", () => {
  const path = join(folder, "out");
  const fd = openSync(path, "w");
  const text = `${"größer ".repeat(100_000)}\n`;
  writeFully(fd, text);
  expect(readFileSync(path, "utf8")).toBe(text);
  closeSync(fd);
});

test("drops what can't be written", () => {
  const path = join(folder, "out");
  closeSync(openSync(path, "w"));
  const readOnly = openSync(path, "r");
  expect(() => writeFully(readOnly, "text")).not.toThrow();
  closeSync(readOnly);
  expect(readFileSync(path, "utf8")).toBe("");
});

test("reaches a slow reader of a pipe in full", async () => {
  const source = join(import.meta.dir, "../../../../src/io/logging/write.ts");
  const script = `import { writeFully } from ${JSON.stringify(source)}; writeFully(2, "x".repeat(1_000_000) + "end");`;
  const child = Bun.spawn([process.execPath, "-e", script], { stderr: "pipe" });
  const text = await new Response(child.stderr).text();
  expect(text).toHaveLength(1_000_003);
  expect(text).toEndWith("xend");
});
