// Compiles the kernels of bench/kernels into bench/kernels/kernels.json: `bun scripts/benchKernels.ts`. They are checked in
// compiled, so that a benchmark measures the same code with any version of the compiler.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const COMPILER = "assemblyscript@0.28.20";
const NAMES = ["sha256", "sieve", "fib", "sort", "matrix", "map"] as const;
const FLAGS = ["-O3", "--runtime", "stub", "--use", "abort=", "--exportStart", "_start", "--importMemory"];
const FOLDER = join(import.meta.dir, "../bench/kernels");

function compile(name: string, folder: string): string {
  const source = join(folder, `${name}.ts`);
  const output = join(folder, `${name}.wasm`);
  writeFileSync(source, readFileSync(join(FOLDER, `${name}.as`)));
  const command = [process.execPath, "x", "--package", COMPILER, "asc", source, ...FLAGS, "--outFile", output];
  const { exitCode, stderr } = Bun.spawnSync(command, { cwd: folder });
  if (exitCode !== 0) throw new Error(`${name} does not compile: ${stderr}`);
  return readFileSync(output).toString("base64");
}

const folder = mkdtempSync(join(tmpdir(), "aureon-kernels-"));
try {
  const compiled = Object.fromEntries(NAMES.map((name) => [name, compile(name, folder)]));
  writeFileSync(join(FOLDER, "kernels.json"), `${JSON.stringify(compiled, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
