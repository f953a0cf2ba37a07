// A campaign: 100,000 generated modules, each metered and checked against its original and against a naive meter, then shown
// again in a Worker and by this program compiled into an executable. Run by `make soak-metering`; `--modules`, `--seed`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type MeteringRange, type MeteringReport, runModules } from "../support/meteringRuns.ts";
import { runModulesInWorker } from "../support/meteringWorker.ts";

const CHUNK = 5000;

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    modules: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    // Only prints the reports of the metered runs; what the compiled executable is called with.
    show: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const modules = Number(values.modules);

function chunks(mode: MeteringRange["mode"]): readonly MeteringRange[] {
  const count = Math.ceil(modules / CHUNK);
  return Array.from({ length: count }, (_, index) => {
    const start = index * CHUNK;
    return { seed: seed + start, modules: Math.min(CHUNK, modules - start), mode };
  });
}

/** What is left of a report when it is compared: a check runs modules more often. */
function comparable({ digest, kinds, gasUsed }: MeteringReport): string {
  return JSON.stringify({ digest, kinds, gasUsed });
}

function succeed(command: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command]);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return stdout.toString();
}

function reportsOfExecutable(): readonly MeteringReport[] {
  const folder = mkdtempSync(join(tmpdir(), "aureon-metering-"));
  try {
    const executable = join(folder, "fuzzMetering");
    succeed([process.execPath, "build", "--compile", import.meta.path, "--outfile", executable]);
    return JSON.parse(succeed([executable, "--show", "--modules", `${modules}`, "--seed", `${seed}`]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Main thread and Worker at the same time; the Worker has less to do. */
async function checkChunk(range: MeteringRange): Promise<MeteringReport> {
  const shown = runModulesInWorker({ ...range, mode: "show" });
  const checked = runModules(range);
  if (comparable(await shown) !== comparable(checked)) throw new Error(`seeds from ${range.seed}: a Worker differs`);
  return checked;
}

async function checkAll(): Promise<readonly MeteringReport[]> {
  const reports: MeteringReport[] = [];
  let runs = 0;
  for (const range of chunks("check")) {
    const report = await checkChunk(range);
    reports.push(report);
    runs += report.runs;
    const seconds = (performance.now() / 1000).toFixed(0);
    console.log(`${seconds} s: ${range.seed + range.modules - seed} modules, ${runs} runs`, report.kinds);
  }
  return reports;
}

if (values.show) {
  console.log(JSON.stringify(chunks("show").map(runModules)));
  process.exit(0);
}
console.log(`metering: seed ${seed}, ${modules} modules`);
const reports = await checkAll();
console.log(
  "results and memory as the originals', gas as counted by instruction; the gas used is enough, one less is not",
);
console.log("cold, hot and in a Worker: the same");
const differing = reportsOfExecutable().filter((report, index) => {
  const checked = reports[index];
  return checked === undefined || comparable(report) !== comparable(checked);
});
console.log(`in a compiled executable: ${differing.length === 0 ? "the same" : "NOT the same"}`);
process.exit(differing.length === 0 ? 0 : 1);
