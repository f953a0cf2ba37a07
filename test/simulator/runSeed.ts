// One seed as the command and the campaigns run it: every tenth one twice, since what differs between two runs could not
// be replayed.

import { runSimulation, type SimulationResult } from "./simulation.ts";

export interface SeedOptions {
  readonly nodeCount: number;
  readonly minutes: number;
}

/** Not the seeds that are thorough (simulation.ts), which take long as it is. */
const REPEATED_EVERY = 10;
const REPEATED_FIRST = 5;

export function runSeed(seed: number, options: SeedOptions): SimulationResult {
  const result = runSimulation({ seed, ...options });
  if (!result.ok || seed % REPEATED_EVERY !== REPEATED_FIRST) return result;
  const again = runSimulation({ seed, ...options });
  if (again.traceHash === result.traceHash) return result;
  return {
    seed,
    ok: false,
    check: "deterministic",
    message: `two runs of the seed have the traces ${result.traceHash} and ${again.traceHash}`,
    timeline: again.ok ? [] : again.timeline,
    traceHash: again.traceHash,
    figures: again.figures,
  };
}
