// A campaign: 100,000 generated modules, each metered and checked against its original and against a naive meter, then shown
// again in a Worker and by this program compiled into an executable. Run by `make soak-metering`; `--modules`, `--seed`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type MeteringReport, runModules } from "../support/meteringRuns.ts";
import { runModulesInWorker } from "../support/meteringWorker.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    modules: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    // Only prints the report of the metered runs; what the compiled executable is called with.
    show: { type: "boolean", default: false },
  },
});
const range = { seed: Number(values.seed), modules: Number(values.modules) };

/** What is left of a report when it is compared: a check runs modules more often. */
function comparable({ digest, kinds, gasUsed }: MeteringReport): string {
  return JSON.stringify({ digest, kinds, gasUsed });
}

function succeed(command: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command]);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return stdout.toString();
}

function reportOfExecutable(): MeteringReport {
  const folder = mkdtempSync(join(tmpdir(), "aureon-metering-"));
  try {
    const executable = join(folder, "fuzzMetering");
    succeed([process.execPath, "build", "--compile", import.meta.path, "--outfile", executable]);
    const args = ["--show", "--modules", `${range.modules}`, "--seed", `${range.seed}`];
    return JSON.parse(succeed([executable, ...args])) as MeteringReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.show) {
  console.log(JSON.stringify(runModules({ ...range, mode: "show" })));
  process.exit(0);
}

console.log(`metering: seed ${range.seed}, ${range.modules} modules`);
const startMs = performance.now();
const inWorker = runModulesInWorker({ ...range, mode: "show" });
const checked = runModules({ ...range, mode: "check" });
const seconds = (performance.now() - startMs) / 1000;
console.log(
  `${checked.runs} runs beside the originals in ${seconds.toFixed(1)} s, ${checked.gasUsed} gas`,
  checked.kinds,
);
console.log(
  "results and memory as the originals', gas as counted by instruction; the gas used is enough, one less is not",
);
const others = { "in a Worker": await inWorker, "in a compiled executable": reportOfExecutable() };
let differs = false;
for (const [where, report] of Object.entries(others)) {
  const isSame = comparable(report) === comparable(checked);
  differs ||= !isSame;
  console.log(`${where}: ${isSame ? "the same" : "NOT the same"}, digest ${report.digest}`);
}
process.exit(differs ? 1 : 0);
