// A bound on how often something happens: at most so many times in each window of time. A window begins with the first
// time after the one before has passed, so twice the bound may fall around its edge; the bounds allow for that.

export class RateWindow {
  private readonly countMax: number;
  private readonly windowMs: number;
  private startedAtMs = 0;
  private count = 0;

  constructor(options: { countMax: number; windowMs: number }) {
    this.countMax = options.countMax;
    this.windowMs = options.windowMs;
  }

  /** Counts one more; false when it is past the bound. */
  take(nowMs: number): boolean {
    if (this.count === 0 || nowMs - this.startedAtMs >= this.windowMs) {
      this.startedAtMs = nowMs;
      this.count = 0;
    }
    this.count++;
    return this.count <= this.countMax;
  }
}
