// Counts what a peer does within a window of time, so that what is tolerable once is not tolerated without end.

import { assert, type TimestampMs } from "../../primitives/index.ts";

export class EventWindow {
  private readonly countMax: number;
  private readonly windowMs: number;
  private count = 0;
  private startMs: number | undefined;

  constructor(options: { countMax: number; windowMs: number }) {
    assert(options.countMax >= 1 && options.windowMs >= 1, "a window has a length and tolerates something");
    this.countMax = options.countMax;
    this.windowMs = options.windowMs;
  }

  /**
   * Counts `count` events at `nowMs`. A window begins with its first event, and anew when the clock jumps back.
   * @returns true when that makes more than `countMax`; the count then begins at 0 again
   */
  add(nowMs: TimestampMs, count = 1): boolean {
    if (this.startMs === undefined || nowMs < this.startMs || nowMs - this.startMs >= this.windowMs) {
      this.startMs = nowMs;
      this.count = 0;
    }
    this.count += count;
    if (this.count <= this.countMax) return false;
    this.count = 0;
    return true;
  }
}
