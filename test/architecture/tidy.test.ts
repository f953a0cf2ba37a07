// Holds every file to the rules of tidyRules.ts, and the rules to examples of what they must find.

import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY, readSources, type Sources } from "./sources.ts";
import {
  exportViolations,
  FILE_LINES_MAX,
  headerViolation,
  LARGER_FILES,
  sizeViolation,
  sourceOfTest,
  textViolations,
} from "./tidyRules.ts";

const source = readSources("src");
const tests = readSources("test");
const others = ["bench", "contracts", "scripts"].flatMap((folder) => [...readSources(folder)]);
const code: Sources = new Map([...source, ...tests, ...others]);
const prose = readSources("docs", [".md"]);

/** `path: violation` for every violation that `find` sees in a file. */
function collect(sources: Sources, find: (text: string, path: string) => readonly (string | undefined)[]): string[] {
  return [...sources].flatMap(([path, text]) =>
    find(text, path).flatMap((violation) => (violation === undefined ? [] : [`${path}: ${violation}`])),
  );
}

describe("every file", () => {
  test("opens with its purpose", () => {
    expect(collect(code, (text) => [headerViolation(text)])).toEqual([]);
  });

  test("is short, or on a list that shrinks", () => {
    expect(collect(code, (text, path) => [sizeViolation(path, text, LARGER_FILES)])).toEqual([]);
    expect(Object.keys(LARGER_FILES).filter((path) => !code.has(path))).toEqual([]);
  });

  test("exports by name", () => {
    expect(collect(code, exportViolations)).toEqual([]);
  });

  test("is finished, and knows no one machine", () => {
    expect(collect(new Map([...code, ...prose]), textViolations)).toEqual([]);
  });
});

test("every unit test has its source", () => {
  const units = [...tests.keys()].filter((path) => path.startsWith("test/unit/") && path.endsWith(".test.ts"));
  expect(units.length).toBeGreaterThan(0);
  expect(units.filter((path) => !existsSync(join(REPOSITORY, sourceOfTest(path))))).toEqual([]);
});

describe("the rules find", () => {
  test("a missing or a long header", () => {
    expect(headerViolation("// Adds.\nexport const a = 1;\n")).toBeUndefined();
    expect(headerViolation("#!/usr/bin/env bun\n// Adds.\n")).toBeUndefined();
    expect(headerViolation("export const a = 1;\n")).toBeDefined();
    expect(headerViolation("// a\n".repeat(6))).toBeDefined();
    expect(headerViolation(`// a\n//\n${"// a\n".repeat(6)}`)).toBeUndefined();
  });

  test("a file that passed the cap, and an exception that is not needed as it stands", () => {
    const lines = (count: number) => "a\n".repeat(count);
    const cap = FILE_LINES_MAX;
    expect(sizeViolation("a.ts", lines(cap), {})).toBeUndefined();
    expect(sizeViolation("a.ts", lines(cap + 1), {})).toBeDefined();
    expect(sizeViolation("a.ts", lines(cap + 9), { "a.ts": cap + 9 })).toBeUndefined();
    expect(sizeViolation("a.ts", lines(cap + 10), { "a.ts": cap + 9 })).toContain("grown");
    expect(sizeViolation("a.ts", lines(cap + 8), { "a.ts": cap + 9 })).toContain("lower");
    expect(sizeViolation("a.ts", lines(cap), { "a.ts": cap + 9 })).toContain("remove");
  });

  test("exports without a name", () => {
    expect(exportViolations('export * from "./a.ts";')).toHaveLength(1);
    expect(exportViolations('export * as a from "./a.ts";')).toHaveLength(1);
    expect(exportViolations("export default 1;")).toHaveLength(1);
    expect(exportViolations("const a = 1;\nexport { a as default };")).toHaveLength(1);
    expect(exportViolations("export { a };\n// export default a;")).toEqual([]);
  });

  test("unfinished work and machine paths", () => {
    expect(textViolations(`// ${"TO"}${"DO"}: later`)).toHaveLength(1);
    expect(textViolations(`const path = "/ho${"me"}/someone/aureon";`)).toHaveLength(1);
    expect(textViolations('const route = "/chain/head"; // todos are a word')).toEqual([]);
  });

  test("the source of a test", () => {
    expect(sourceOfTest("test/unit/core/merkle/tree.test.ts")).toBe("src/core/merkle/tree.ts");
  });
});
