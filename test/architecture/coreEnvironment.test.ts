// The core touches no environment: tsc refuses every name outside ECMAScript itself, a scan finds those within it whose
// results differ between machines. Fixtures that break each rule prove that both still do.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coreViolations } from "./coreRules.ts";
import { REPOSITORY, readSources } from "./sources.ts";

const FIXTURES = "test/architecture/fixtures";

function typeCheck(config: string): { ok: boolean; output: string } {
  const tsc = join(REPOSITORY, "node_modules/.bin/tsc");
  const command = [process.execPath, "--bun", tsc, "-p", config, "--pretty", "false"];
  const result = Bun.spawnSync(command, { cwd: REPOSITORY, stdout: "pipe", stderr: "pipe" });
  return { ok: result.exitCode === 0, output: `${result.stdout}${result.stderr}` };
}

function linesOf(fixture: string): readonly string[] {
  return readFileSync(join(REPOSITORY, FIXTURES, "core", fixture), "utf8").split("\n");
}

describe("tsc without an environment", () => {
  test("accepts the core", () => {
    expect(typeCheck("tsconfig.core.json")).toEqual({ ok: true, output: "" });
  }, 60_000);

  test("refuses every line of the fixture", () => {
    const { ok, output } = typeCheck(`${FIXTURES}/tsconfig.json`);
    expect(ok).toBe(false);
    const refused = [...output.matchAll(/environment\.ts\((\d+),/g)].map((match) => Number(match[1]));
    const expected = linesOf("environment.ts").flatMap((line, index) =>
      line === "" || line.startsWith("//") || line.startsWith("export") ? [] : [index + 1],
    );
    expect(expected.length).toBeGreaterThan(10);
    expect([...new Set(refused)].sort((left, right) => left - right)).toEqual(expected);
  }, 60_000);
});

describe("the scan", () => {
  test("finds nothing in the core", () => {
    const violations = [...readSources("src/core")].flatMap(([path, text]) => coreViolations(path, text));
    expect(violations).toEqual([]);
  });

  test("finds every line of the fixture", () => {
    const lines = linesOf("chance.ts");
    const found = coreViolations("chance.ts", lines.join("\n")).map((violation) => Number(violation.split(":")[1]));
    const expected = lines.flatMap((line, index) =>
      line === "" || line.startsWith("//") || line.endsWith("{") || line === "};" ? [] : [index + 1],
    );
    expect([...new Set(found)]).toEqual(expected);
  });

  test("does not look into comments, strings and patterns", () => {
    const text = [
      "// Date and Promise",
      "/* Math.random */",
      'const a = "Date";',
      "const b = `Promise $" + "{Math.floor(1)} await`;",
      "const c = /Date/.test(a);",
      "const d = { version: 1 };",
    ].join("\n");
    expect(coreViolations("a.ts", text)).toEqual([]);
  });

  test("looks into what a template computes", () => {
    expect(coreViolations("a.ts", "const b = `at $" + "{{ now: Date.now() }.now} ms`;\n")).toHaveLength(1);
  });
});
