// Holds the workflows of GitHub to the schema of the format, to the rules of workflowRules.ts and to what they name in
// this repository, and the rules to examples of what they must find.

import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validateWorkflow } from "@action-validator/core";
import packageJson from "../../package.json" with { type: "json" };
import { TARGETS } from "../../scripts/build/targets.ts";
import { REPOSITORY, readSources, type Sources } from "./sources.ts";
import {
  actionViolations,
  artifactViolations,
  bunViolations,
  jobViolations,
  makeTargets,
  parseWorkflow,
  scriptPaths,
  smokedTargets,
  type Workflow,
} from "./workflowRules.ts";

const FOLDER = ".github/workflows";
const BUN_VERSION = packageJson.packageManager.replace("bun@", "");
const texts: Sources = readSources(FOLDER, [".yml", ".yaml"]);
const workflows = new Map([...texts].map(([path, text]) => [path, parseWorkflow(text)]));

function collect<Source>(sources: ReadonlyMap<string, Source>, find: (source: Source) => readonly string[]): string[] {
  return [...sources].flatMap(([path, source]) => find(source).map((violation) => `${path}: ${violation}`));
}

describe("the workflows", () => {
  test("are those of tests, image and release, and each opens with its purpose", () => {
    expect([...texts.keys()]).toEqual(["image", "release", "test"].map((name) => `${FOLDER}/${name}.yml`));
    expect([...texts].filter(([, text]) => !text.startsWith("# ")).map(([path]) => path)).toEqual([]);
  });

  test("fit the schema", () => {
    expect(collect(texts, (text) => validateWorkflow(text).errors.map((error) => JSON.stringify(error)))).toEqual([]);
  });

  test("bound what their jobs may do and take", () => {
    expect(collect(workflows, jobViolations)).toEqual([]);
  });

  test("pin the actions, each to one commit", () => {
    expect(collect(texts, actionViolations)).toEqual([]);
    const used = new Set([...texts.values()].flatMap((text) => text.match(/(?<=uses: )\S+/g) ?? []));
    expect(used.size).toBeGreaterThan(5);
    const names = [...used].map((action) => action.replace(/@.*/, ""));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("leave Bun's version to package.json", () => {
    expect(BUN_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
    expect(collect(texts, (text) => bunViolations(text, BUN_VERSION))).toEqual([]);
  });

  test("take artifacts that there are", () => {
    expect(collect(workflows, artifactViolations)).toEqual([]);
  });

  test("name targets of make and scripts that there are", () => {
    const makefile = readFileSync(join(REPOSITORY, "Makefile"), "utf8");
    const known = new Set([...makefile.matchAll(/^([a-z][\w-]*):(?!=)/gm)].map(([, name]) => name));
    const targets = [...workflows.values()].flatMap(makeTargets);
    expect(targets).toContain("release");
    expect(targets.filter((target) => !known.has(target))).toEqual([]);
    const scripts = [...workflows.values()].flatMap(scriptPaths);
    expect(scripts).toContain("scripts/smoke.ts");
    expect(scripts.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
  });

  test("try every executable that is released before they publish any", () => {
    const release = workflows.get(`${FOLDER}/release.yml`) as Workflow;
    const built = TARGETS.map(({ name, suffix = "" }) => `${name}${suffix}`);
    expect([...smokedTargets(release, ["smoke", "smoke-musl"])].sort()).toEqual(built.sort());
    for (const job of ["publish-image", "publish"]) {
      expect(release.jobs[job]?.needs).toEqual(expect.arrayContaining(["smoke", "smoke-musl"]));
    }
  });
});

/** A workflow of one job, which keeps to all rules, with lines of its own. */
function example(lines: { readonly job?: string; readonly steps?: string; readonly more?: string } = {}): string {
  return `on: push
permissions: {}
jobs:
  first:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {}
${lines.job ?? ""}
    steps:
      - run: make check
${lines.steps ?? ""}
${lines.more ?? ""}`;
}

const UPLOAD = `      - uses: actions/upload-artifact@v1
        with: { name: "made-\${{ matrix.kind }}" }`;
const MATRIX = "    strategy: { matrix: { include: [{ kind: a }, { kind: b }] } }";

function taker(inputs: string, needs = "first"): string {
  return `  second:
    needs: ${needs}
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v1
        with: { ${inputs} }`;
}

describe("the rules find", () => {
  test("nothing in an example that keeps to them", () => {
    expect(validateWorkflow(example()).errors).toEqual([]);
    expect(jobViolations(parseWorkflow(example()))).toEqual([]);
  });

  test("what the schema does not have", () => {
    expect(validateWorkflow(example({ steps: "      - runs: make" })).errors).not.toEqual([]);
  });

  test("jobs without bounds", () => {
    const text = example()
      .replace("    timeout-minutes: 5\n", "")
      .replaceAll(/^ *permissions: \{\}\n/gm, "");
    expect(jobViolations(parseWorkflow(text))).toEqual([
      "the workflow does not begin with no permission",
      "first has no timeout-minutes",
      "first does not list its permissions",
    ]);
    expect(jobViolations(parseWorkflow(example({ job: "    needs: [zeroth]" })))).toHaveLength(1);
    const expression = `      - run: echo \${{ github.head_ref }}`;
    expect(jobViolations(parseWorkflow(example({ steps: expression })))).toHaveLength(1);
  });

  test("actions that may change, or do not say what they are", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    expect(actionViolations("      - uses: a/b@v1")).toHaveLength(1);
    expect(actionViolations(`        uses: a/b@${commit}`)).toHaveLength(1);
    expect(actionViolations(`        uses: a/b@${commit} # v1.2.3`)).toEqual([]);
  });

  test("a second place for Bun's version", () => {
    const setup = (inputs: string) =>
      example({ steps: `      - uses: oven-sh/setup-bun@v2\n        with: { ${inputs} }` });
    expect(bunViolations(setup("bun-version-file: package.json"), "7.8.9")).toEqual([]);
    expect(bunViolations(setup("bun-version: 7.8.9"), "7.8.9")).toHaveLength(2);
    expect(bunViolations(setup("bun-version: latest"), "7.8.9")).toHaveLength(1);
  });

  test("artifacts that nothing has made", () => {
    const violations = (more: string) =>
      artifactViolations(parseWorkflow(example({ job: MATRIX, steps: UPLOAD, more })));
    expect(violations(taker("name: made-b"))).toEqual([]);
    expect(violations(taker("pattern: made-*"))).toEqual([]);
    expect(violations(taker("name: made-c"))).toHaveLength(1);
    expect(violations(taker("pattern: maid-*"))).toHaveLength(1);
    expect(violations(taker("name: made-b", "[]"))).toHaveLength(1);
  });

  test("what commands name", () => {
    const workflow = parseWorkflow(
      example({ steps: "      - run: make -s A=1 print-bun && bash .ci/run && bun scripts/a/b.ts c" }),
    );
    expect(makeTargets(workflow)).toEqual(["check", "print-bun"]);
    expect(scriptPaths(workflow)).toEqual([".ci/run", "scripts/a/b.ts"]);
  });
});
