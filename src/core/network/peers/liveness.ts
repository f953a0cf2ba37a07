// Whether the other end is still there: pings, round-trip times, silence.

import type { Rng } from "../../ports/index.ts";
import { randomBelow } from "./chance.ts";

export const PING_INTERVAL_MS = 15_000;
/** Three pings' time without a word. */
export const SILENCE_MAX_MS = 45_000;
/** A ping has waited for so long before silence counts, so that a jump of the clock alone ends no connection. */
const PING_PATIENCE_MS = 30_000;
const NONCES = 2 ** 32;

export type LivenessStep = { readonly kind: "ping"; readonly nonce: number } | { readonly kind: "dead" };

export class Liveness {
  private heardAtMs: number;
  private pending: { readonly nonce: number; readonly sentAtMs: number } | undefined;
  private nextPingAtMs: number;
  private lastRoundTripMs: number | undefined;

  constructor(nowMs: number) {
    this.heardAtMs = nowMs;
    this.nextPingAtMs = nowMs;
  }

  /** Of the last ping that was answered; undefined before the first. */
  get roundTripMs(): number | undefined {
    return this.lastRoundTripMs;
  }

  /** Something came from the other end. */
  heard(nowMs: number): void {
    this.heardAtMs = nowMs;
  }

  /** What is due: a ping, which is taken to be sent, or the end. One ping is under way at a time. */
  check(nowMs: number, rng: Rng): LivenessStep | undefined {
    if (this.pending !== undefined) {
      const isSilent = nowMs - this.heardAtMs >= SILENCE_MAX_MS && nowMs - this.pending.sentAtMs >= PING_PATIENCE_MS;
      return isSilent ? { kind: "dead" } : undefined;
    }
    if (nowMs < this.nextPingAtMs) return undefined;
    // Nobody can answer early, to seem nearer than he is, without knowing the number.
    const nonce = randomBelow(rng, NONCES);
    this.pending = { nonce, sentAtMs: nowMs };
    this.nextPingAtMs = nowMs + PING_INTERVAL_MS;
    return { kind: "ping", nonce };
  }

  /** False when the answer is to no ping of ours. */
  onPong(nonce: number, nowMs: number): boolean {
    if (this.pending?.nonce !== nonce) return false;
    this.lastRoundTripMs = nowMs - this.pending.sentAtMs;
    this.pending = undefined;
    return true;
  }
}
