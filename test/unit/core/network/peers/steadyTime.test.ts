// Time that never goes back.

import { expect, test } from "bun:test";
import { SteadyTime } from "../../../../../src/core/network/peers/steadyTime.ts";
import { TestClock } from "./harness.ts";

test("it goes on with the clock and stands still while the clock jumps back", () => {
  const clock = new TestClock();
  const time = new SteadyTime(clock);
  const seen = [0, 5, 5, -1_000_000, 7, 0].map((change) => {
    clock.ms += change;
    return time.nowMs();
  });
  expect(seen).toEqual([0, 5, 10, 10, 17, 17]);
});
