// Builds the node in one executable: `bun run build` makes dist/aureon for this machine, `bun run build --all` the files
// of a release in dist/release, `bun run build --target=linux-arm64` one of them.

import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildExecutable } from "./build/executable.ts";
import { readIdentity } from "./build/identity.ts";
import { buildRelease, RELEASE_FOLDER } from "./build/release.ts";
import { TARGETS } from "./build/targets.ts";

const OUTPUT = "dist/aureon";

function fail(message: string): never {
  console.error(`${message}; usage: bun run build [--all | --target=NAME]`);
  process.exit(2);
}

function readArguments(): { readonly all: boolean; readonly target: string | undefined } {
  try {
    const { values } = parseArgs({ options: { all: { type: "boolean" }, target: { type: "string" } } });
    return { all: values.all ?? false, target: values.target };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { all, target: name } = readArguments();
if (all && name !== undefined) fail("--all and --target exclude each other");

if (all) {
  rmSync(RELEASE_FOLDER, { recursive: true, force: true });
  await buildRelease(TARGETS, readIdentity());
} else if (name !== undefined) {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) {
    fail(`"${name}" is no target; expected one of ${TARGETS.map((candidate) => candidate.name).join(", ")}`);
  }
  await buildRelease([target], readIdentity());
} else {
  await buildExecutable({ output: OUTPUT, identity: readIdentity() });
}
