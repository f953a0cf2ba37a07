// Time that has passed, whatever is done to the clock.

import { expect, test } from "bun:test";
import { CLOCK_STEP_MS_MAX } from "../../../../../src/core/network/sync/bounds.ts";
import { ElapsedTime } from "../../../../../src/core/network/sync/elapsedTime.ts";
import type { TimestampMs } from "../../../../../src/core/primitives/index.ts";

test("follows the clock, never back, and not over its jumps", () => {
  let clockMs = 5_000_000;
  const time = new ElapsedTime({ nowMs: () => clockMs as TimestampMs });
  const at = (ms: number) => {
    clockMs = ms;
    return time.nowMs();
  };
  expect(at(5_000_100)).toBe(100);
  expect(at(4_000_000)).toBe(100);
  expect(at(4_000_050)).toBe(150);
  expect(at(4_000_050 + CLOCK_STEP_MS_MAX)).toBe(150 + CLOCK_STEP_MS_MAX);
  expect(at(9_000_000_000)).toBe(150 + 2 * CLOCK_STEP_MS_MAX);
});
