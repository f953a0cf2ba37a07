// Runs a property from a seed that is printed, so that any failure can be run again: AUREON_TEST_SEED=<seed>.

import fc from "fast-check";

const seed = Number(process.env.AUREON_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`properties: AUREON_TEST_SEED=${seed}`);

/** fc.assert with the seed of this run. */
export function checkProperty<Values>(property: fc.IProperty<Values>, options: { numRuns: number }): void {
  fc.assert(property, { ...options, seed });
}
