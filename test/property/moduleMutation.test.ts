// Spoilt modules: the validator never throws, and accepts nothing that the engine refuses. scripts/fuzzModules.ts runs more.

import { expect, test } from "bun:test";
import { fuzzModules } from "../support/moduleFuzz.ts";

test("modules spoilt at random", () => {
  const seed = Number(process.env.AUREON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const report = fuzzModules({ seed, mutations: 20_000 });
  console.log(`spoilt modules: AUREON_TEST_SEED=${seed}: accepted ${report.accepted}; refused`, report.refused);
  expect(report.faults).toEqual([]);
  // A mutation that spoils nothing, or everything, would show nothing.
  expect(report.accepted).toBeGreaterThan(500);
  expect(report.refused.invalid_module).toBeGreaterThan(500);
});
