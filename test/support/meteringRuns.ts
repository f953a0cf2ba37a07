// Many generated modules one after the other, and one digest over all that they have shown: equal runs elsewhere, in a Worker
// or in a compiled executable, give the same digest.

import { createHash } from "node:crypto";
import { checkModule, type MeteringCase, showModule } from "./meteringCase.ts";

export interface MeteringRange {
  readonly seed: number;
  readonly modules: number;
  /** Check each module in all ways, or only show what it does when it is metered. */
  readonly mode: "check" | "show";
}

export interface MeteringReport {
  readonly digest: string;
  /** By outcome. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly gasUsed: number;
  readonly runs: number;
}

/** Every so many modules one is run until the engine has compiled it. */
const HOT_EVERY = 100;
const HOT_REPEATS = 100;
const REPEATS = 1;
/** Every so many modules one may trap. */
const TRAPS_EVERY = 3;

function caseOf(seed: number, mode: MeteringRange["mode"]): { shown: MeteringCase; runs: number } {
  const traps = seed % TRAPS_EVERY === 0;
  if (mode === "show") return { shown: showModule(seed, { traps }), runs: 1 };
  const repeats = seed % HOT_EVERY === 0 ? HOT_REPEATS : REPEATS;
  return { shown: checkModule(seed, { traps, repeats }), runs: 1 + repeats };
}

/** @throws MeteringMismatch in the mode "check" */
export function runModules({ seed, modules, mode }: MeteringRange): MeteringReport {
  const hash = createHash("sha256");
  const kinds: Record<string, number> = {};
  let gasUsed = 0;
  let runsTotal = 0;
  for (let current = seed; current < seed + modules; current++) {
    const { shown, runs } = caseOf(current, mode);
    kinds[shown.kind] = (kinds[shown.kind] ?? 0) + 1;
    gasUsed += shown.gasUsed;
    runsTotal += runs;
    hash.update(`${current} ${shown.kind} ${shown.gasUsed} ${shown.shown.outcome} ${shown.shown.memory}\n`);
  }
  return { digest: hash.digest("hex"), kinds, gasUsed, runs: runsTotal };
}
