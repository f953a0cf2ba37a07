// Time for intervals: it goes on with the clock, and stands still where the clock jumps back, so that no timeout waits
// for the clock to catch up.

import type { Clock } from "../../ports/index.ts";

export class SteadyTime {
  private readonly clock: Clock;
  private elapsedMs = 0;
  private lastMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.lastMs = clock.nowMs();
  }

  /** Milliseconds since this object was made; never less than before. */
  nowMs(): number {
    const clockMs = this.clock.nowMs();
    this.elapsedMs += Math.max(0, clockMs - this.lastMs);
    this.lastMs = clockMs;
    return this.elapsedMs;
  }
}
