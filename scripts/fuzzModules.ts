#!/usr/bin/env bun
// A campaign: many spoilt modules through the validator, held to the engine's. `--mutations`, `--seed`; exits with 1 when
// the validator throws or accepts what the engine refuses.

import { parseArgs } from "node:util";
import { fuzzModules } from "../test/support/moduleFuzz.ts";

const { values } = parseArgs({
  options: {
    mutations: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
  },
});
const seed = Number(values.seed);
console.log(`modules: seed ${seed}`);
const startMs = performance.now();
const report = fuzzModules({ seed, mutations: Number(values.mutations) });
const seconds = (performance.now() - startMs) / 1000;
console.log(`${report.mutations} modules in ${seconds.toFixed(1)} s, the slowest ${report.slowestMs.toFixed(1)} ms`);
console.log(`accepted ${report.accepted}; refused`, report.refused);
console.log("stricter than the engine", report.stricter);
console.log(`faults ${report.faults.length}`);
for (const fault of report.faults.slice(0, 20)) console.log(fault);
process.exit(report.faults.length === 0 ? 0 : 1);
