// A token bucket: so much at once, and so much a second. It may be overdrawn, so that what is larger than the bucket passes
// once and is waited for afterwards.

import type { Rate } from "./limits.ts";

const SECOND_MS = 1000;

export class TokenBucket {
  private readonly rate: Rate;
  private tokens: number;
  private updatedMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.rate = rate;
    this.tokens = rate.burst;
    this.updatedMs = nowMs;
  }

  private refill(nowMs: number): void {
    const gained = ((nowMs - this.updatedMs) * this.rate.perSecond) / SECOND_MS;
    this.tokens = Math.min(this.rate.burst, this.tokens + gained);
    this.updatedMs = nowMs;
  }

  /** Takes `count` if at least one token is there. */
  take(count: number, nowMs: number): boolean {
    this.refill(nowMs);
    if (this.tokens < 1) return false;
    this.tokens -= count;
    return true;
  }

  /** Whether nothing is missing: the bucket of somebody who has been quiet. */
  isFull(nowMs: number): boolean {
    this.refill(nowMs);
    return this.tokens >= this.rate.burst;
  }
}
