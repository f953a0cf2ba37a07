#!/usr/bin/env bun
// Makes the test data of test/vectors/wasm from the WebAssembly test suite with wabt's wast2json:
// `bun scripts/wasmSuite.ts FOLDER_OF_WAST`. Its README says where the suite is from and what the data holds.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { executionOf, modulesOf, type SuiteCommand } from "./wasmSuite/commands.ts";
import { reduceToIntegers } from "./wasmSuite/reduce.ts";

const OUTPUT = join(import.meta.dir, "../test/vectors/wasm");

/** The commands of one file, each with its module's bytes; undefined when wabt cannot read it. */
function convert(name: string, text: string): readonly SuiteCommand[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), "wasm-suite-"));
  try {
    const source = join(folder, `${name}.wast`);
    const target = join(folder, `${name}.json`);
    writeFileSync(source, text);
    // Modules that only become invalid by the reduction are sorted out later.
    if (spawnSync("wast2json", ["--no-check", source, "-o", target]).status !== 0) return undefined;
    const { commands } = JSON.parse(readFileSync(target, "utf8")) as { commands: SuiteCommand[] };
    return commands.map((command) =>
      command.filename?.endsWith(".wasm")
        ? { ...command, wasm: new Uint8Array(readFileSync(join(folder, command.filename))) }
        : command,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One entry a line, so that a change can be read. */
function write(path: string, head: string, entries: readonly object[]): void {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  writeFileSync(path, `{\n  ${head},\n  "modules": [\n${lines}\n  ]\n}\n`);
}

function convertFile(path: string): string {
  const name = basename(path, ".wast");
  const text = readFileSync(path, "utf8");
  const head = `"source": ${JSON.stringify(`${name}.wast`)}`;
  const whole = convert(name, text);
  const modules = whole === undefined ? [] : modulesOf(whole);
  if (modules.length > 0) write(join(OUTPUT, "modules", `${name}.json`), head, modules);
  const reduced = convert(name, reduceToIntegers(text)) ?? whole;
  const runs = reduced === undefined ? [] : executionOf(reduced);
  if (runs.length > 0) write(join(OUTPUT, "execution", `${name}.json`), head, runs);
  const calls = runs.reduce((sum, module) => sum + module.commands.length, 0);
  const state = whole === undefined ? "not read by wabt" : `${modules.length} modules`;
  return `${name}: ${state}; ${reduced === undefined ? "not read reduced" : `${runs.length} run, ${calls} commands`}`;
}

const suite = process.argv[2];
if (suite === undefined) {
  console.error("usage: bun scripts/wasmSuite.ts FOLDER_OF_WAST");
  process.exit(2);
}
for (const kind of ["modules", "execution"]) {
  rmSync(join(OUTPUT, kind), { recursive: true, force: true });
  mkdirSync(join(OUTPUT, kind), { recursive: true });
}
const files = readdirSync(suite).filter((name) => name.endsWith(".wast"));
for (const name of files.sort()) console.log(convertFile(join(suite, name)));
