// Time that has passed, out of a clock that may jump: timeouts must not all end at once when the clock is set, or when the
// machine wakes up.

import type { Clock } from "../../ports/index.ts";
import { CLOCK_STEP_MS_MAX } from "./bounds.ts";

export class ElapsedTime {
  private readonly clock: Clock;
  private clockMs: number;
  private elapsedMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.clockMs = clock.nowMs();
  }

  /** Never falls, and rises by at most `CLOCK_STEP_MS_MAX` from one call to the next. */
  nowMs(): number {
    const clockMs = this.clock.nowMs();
    this.elapsedMs += Math.min(Math.max(clockMs - this.clockMs, 0), CLOCK_STEP_MS_MAX);
    this.clockMs = clockMs;
    return this.elapsedMs;
  }
}
