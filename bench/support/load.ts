// Runs the load generator (bench/loadGenerator.ts) in a process of its own, phase by phase.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  /** For each phase and client the bodies of its requests, in order. */
  readonly phases: readonly (readonly (readonly string[])[])[];
}

export interface PhaseReport {
  /** From the first request to the last answer. */
  readonly sentMs: number;
  readonly failures: readonly string[];
}

export interface LoadGenerator {
  /** Runs the next phase to its last answer. @throws RangeError when a request was refused */
  runPhase(): Promise<PhaseReport>;
  stop(): Promise<void>;
}

const GENERATOR = new URL("../loadGenerator.ts", import.meta.url).pathname;

/** Starts the process; it has made its requests and is connected when this returns. */
export async function startLoad(plan: LoadPlan): Promise<LoadGenerator> {
  const folder = mkdtempSync(join(tmpdir(), "aureon-load-"));
  const planPath = join(folder, "plan.json");
  await Bun.write(planPath, JSON.stringify(plan));
  const child = Bun.spawn([process.execPath, GENERATOR, planPath], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = linesOf(child.stdout);
  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new RangeError("the load generator has ended");
    return value;
  };
  await nextLine();
  rmSync(folder, { recursive: true });
  return {
    runPhase: async () => {
      child.stdin.write("go\n");
      await child.stdin.flush();
      const report = JSON.parse(await nextLine()) as PhaseReport;
      if (report.failures.length > 0) throw new RangeError(`requests failed:\n${report.failures.join("\n")}`);
      return report;
    },
    stop: async () => {
      child.kill();
      await child.exited;
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
