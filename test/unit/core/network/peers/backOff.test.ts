// The schedule of attempts: doubling, bounded, with a random part.

import { expect, test } from "bun:test";
import {
  BACK_OFF_BOOTSTRAP_MAX_MS,
  BACK_OFF_LEARNED_MAX_MS,
  backOffMs,
} from "../../../../../src/core/network/peers/backOff.ts";
import { createSeededRng } from "../../../../support/seededRng.ts";

test.each([
  [BACK_OFF_BOOTSTRAP_MAX_MS, [1, 2, 4, 8, 16, 32, 60, 60, 60]],
  [BACK_OFF_LEARNED_MAX_MS, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]],
])("up to %d ms, each wait is between half and the whole of its step", (maxMs, seconds) => {
  const rng = createSeededRng(1);
  for (const [index, whole] of seconds.entries()) {
    const waits = Array.from({ length: 300 }, () => backOffMs({ failures: index + 1, maxMs, rng }));
    const least = Math.min(...waits);
    const most = Math.max(...waits);
    expect(least).toBeGreaterThanOrEqual(whole * 500);
    expect(most).toBeLessThanOrEqual(whole * 1_000);
    // The random part is used: most of it is met in 300 draws.
    expect(most - least).toBeGreaterThan(whole * 400);
    expect(waits.every(Number.isSafeInteger)).toBe(true);
  }
});

test("many failures wait no longer, and no failure is a bug", () => {
  const rng = createSeededRng(1);
  expect(backOffMs({ failures: 1e9, maxMs: 60_000, rng })).toBeLessThanOrEqual(60_000);
  expect(() => backOffMs({ failures: 0, maxMs: 60_000, rng })).toThrow("after a failure");
});
