// One node's clock: virtual time with an offset, which jumps, and a drift.

import type { Clock } from "../../src/core/ports/index.ts";
import type { TimestampMs } from "../../src/core/primitives/index.ts";
import type { Scheduler } from "./scheduler.ts";

export class SimulatedClock implements Clock {
  /** Milliseconds that this clock is ahead; negative when it is behind. */
  offsetMs = 0;
  /** Milliseconds that it gains in a million. */
  driftPpm = 0;
  private highestMs = 0;
  private readonly scheduler: Scheduler;
  private readonly startMs: number;

  /** @param options.startMs Unix time at the beginning of the simulation */
  constructor(options: { scheduler: Scheduler; startMs: number }) {
    this.scheduler = options.scheduler;
    this.startMs = options.startMs;
  }

  nowMs(): TimestampMs {
    const { nowMs } = this.scheduler;
    const driftedMs = Math.trunc((nowMs * this.driftPpm) / 1_000_000);
    const time = Math.max(this.startMs + nowMs + driftedMs + this.offsetMs, 0);
    this.highestMs = Math.max(this.highestMs, time);
    return time as TimestampMs;
  }

  /** The latest time that it has ever shown. */
  get latestMs(): number {
    this.nowMs();
    return this.highestMs;
  }
}
