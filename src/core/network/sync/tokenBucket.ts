// A rate with a burst: tokens come in with time up to a limit, and what is done takes out what it has cost. The last thing
// may cost more than was there, and is paid off before the next.

export class TokenBucket {
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  private filledMs: number;

  constructor(options: { perSecond: number; burst: number; nowMs: number }) {
    this.perSecond = options.perSecond;
    this.burst = options.burst;
    this.tokens = options.burst;
    this.filledMs = options.nowMs;
  }

  isOpen(nowMs: number): boolean {
    const gained = Math.floor(((nowMs - this.filledMs) * this.perSecond) / 1000);
    if (gained > 0) {
      this.tokens = Math.min(this.tokens + gained, this.burst);
      this.filledMs = nowMs;
    }
    return this.tokens > 0;
  }

  spend(count: number): void {
    this.tokens -= count;
  }
}
