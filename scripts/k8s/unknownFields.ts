// Finds fields that a kind does not have, and values that its fields do not take. Every field of every object becomes a
// line of TypeScript that asks the kind's type for it, and the compiler says which lines are wrong: all of them in one
// run of less than a second, where a literal of a whole object would show its first unknown field only.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, titleOf } from "./manifests.ts";
import { moduleOf } from "./schema.ts";

const REPOSITORY = join(import.meta.dir, "../..");
/** Inside of the repository, so that the compiler finds the packages; ignored by Git. */
const PROBE_FOLDER = join(REPOSITORY, ".tools");
const TSC = join(REPOSITORY, "node_modules/typescript/bin/tsc");
const OPTIONS = [
  ...["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--pretty", "false", "--types", ""],
  ...["--target", "esnext", "--module", "preserve", "--moduleResolution", "bundler"],
];
const DIAGNOSTIC = /^.*\((?<line>\d+),\d+\): error TS\d+: (?<message>.*)$/;

/** The lines of the probe, and for each what a finding on it is about. */
class Probe {
  readonly lines: string[] = [];
  readonly places: string[] = [];
  private typeCount = 0;

  addManifest(manifest: Manifest): void {
    const type = this.addType(`import("${moduleOf(manifest)}").I${manifest.kind}`, titleOf(manifest));
    this.addValue(manifest, { type, place: titleOf(manifest), separator: ": " });
  }

  private addLine(text: string, place: string): void {
    this.lines.push(text);
    this.places.push(place);
  }

  private addType(expression: string, place: string): string {
    const name = `T${this.typeCount++}`;
    this.addLine(`type ${name} = NonNullable<${expression}>;`, place);
    return name;
  }

  private addValue(value: unknown, options: { type: string; place: string; separator: string }): void {
    const { type, place, separator } = options;
    const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!isNested) {
      this.addLine(`void (${JSON.stringify(value)} satisfies ${type});`, place);
    } else if (Array.isArray(value)) {
      const element = this.addType(`${type}[number]`, place);
      for (const [index, item] of value.entries()) {
        this.addValue(item, { type: element, place: `${place}[${index}]`, separator: "." });
      }
    } else {
      for (const [key, item] of Object.entries(value)) {
        const field = `${place}${separator}${key}`;
        const fieldType = this.addType(`${type}[${JSON.stringify(key)}]`, field);
        this.addValue(item, { type: fieldType, place: field, separator: "." });
      }
    }
  }
}

function readDiagnostics(output: string, places: readonly string[]): readonly string[] {
  const findings = output
    .split("\n")
    .map((line) => DIAGNOSTIC.exec(line)?.groups)
    .filter((groups) => groups !== undefined)
    // The probe's own names of types tell nothing.
    .map(({ line, message = "" }) => `${places[Number(line) - 1]}: ${message.replace(/type 'T\d+'/, "type")}`);
  return [...new Set(findings)];
}

export function checkUnknownFields(manifests: readonly Manifest[]): readonly string[] {
  const probe = new Probe();
  for (const manifest of manifests) probe.addManifest(manifest);
  mkdirSync(PROBE_FOLDER, { recursive: true });
  const path = join(PROBE_FOLDER, `k8s-fields-${process.pid}.ts`);
  try {
    writeFileSync(path, `${probe.lines.join("\n")}\nexport {};\n`);
    const run = Bun.spawnSync([process.execPath, TSC, ...OPTIONS, path], { cwd: REPOSITORY });
    const findings = readDiagnostics(run.stdout.toString(), probe.places);
    if (run.exitCode !== 0 && findings.length === 0) {
      throw new Error(`the compiler ended with ${run.exitCode}: ${run.stdout}${run.stderr}`);
    }
    return findings;
  } finally {
    rmSync(path, { force: true });
  }
}
