// `make bench`: runs every benchmark, each in a process of its own, and writes their tables to dist/bench.md.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const BENCHMARKS = [
  "crypto",
  "transfers",
  "contractCalls",
  "contractCosts",
  "importStages",
  "tree",
  "reads",
  "latency",
  "startup",
  "disk",
  "sync",
  "metering",
];
const OUTPUT_FOLDER = "dist";
const OUTPUT = join(OUTPUT_FOLDER, "bench.md");

const folder = mkdtempSync(join(tmpdir(), "aureon-bench-"));
const failed: string[] = [];
const parts = [
  `# Benchmarks\n\n${availableParallelism()} cores, Bun ${Bun.version}. docs/benchmarks.md says how to read them.\n`,
];
try {
  for (const name of BENCHMARKS) {
    const path = join(folder, `${name}.md`);
    const child = Bun.spawn([process.execPath, join(import.meta.dir, `${name}.ts`)], {
      env: { ...process.env, BENCH_TABLE_PATH: path },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    const printed = await new Response(child.stdout).text();
    console.log(printed);
    if ((await child.exited) !== 0) failed.push(name);
    // A benchmark that leaves no table of its own is quoted as it printed.
    else
      parts.push(existsSync(path) ? readFileSync(path, "utf8") : `## ${name}\n\n\`\`\`\n${printed.trim()}\n\`\`\`\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
mkdirSync(OUTPUT_FOLDER, { recursive: true });
writeFileSync(OUTPUT, parts.join("\n"));
console.log(`written to ${OUTPUT}`);
if (failed.length > 0) {
  console.error(`these benchmarks failed: ${failed.join(", ")}`);
  process.exit(1);
}
