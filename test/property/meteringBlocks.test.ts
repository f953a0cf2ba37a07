// Metering over generated modules: results as without it, gas by blocks equal to gas by instructions, the gas used is enough
// and one less is not, cold and compiled, in a Worker and on the main thread. `make soak-metering` runs many more.
// AUREON_TEST_SEED repeats a run.

import { expect, test } from "bun:test";
import { runModules } from "../support/meteringRuns.ts";
import { runModulesInWorker } from "../support/meteringWorker.ts";

const MODULES = 1000;
const MODULES_IN_WORKER = 300;

const seed = Number(process.env.AUREON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`meteringBlocks: AUREON_TEST_SEED=${seed}`);

test("generated modules do the same metered, for gas that is exact", () => {
  const { kinds, runs } = runModules({ seed, modules: MODULES, mode: "check" });
  expect(Object.values(kinds).reduce((sum, count) => sum + count, 0)).toBe(MODULES);
  // Many end with a value and some trap, so that both are tested.
  expect(kinds.value).toBeGreaterThan(MODULES / 2);
  expect(kinds.trap).toBeGreaterThan(MODULES / 100);
  expect(runs).toBeGreaterThan(2 * MODULES);
}, 180_000);

test("a Worker shows the same", async () => {
  const range = { seed, modules: MODULES_IN_WORKER, mode: "show" } as const;
  expect(await runModulesInWorker(range)).toEqual(runModules(range));
}, 180_000);
