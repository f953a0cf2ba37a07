// Points for what a peer does wrong, and how they fade (docs/spec/handshake-and-peers.md, "Points"). What no honest node
// of this version can do costs all at once; what slow lines, races or restarts can cause costs little.

import type { Offence } from "../peer.ts";

/** Offences that only this folder sees. */
export type ConnectionOffence =
  /** A proof by another key, or over another connection. */
  | "wrong_proof"
  /** Something else than hello and proof, in this order. */
  | "handshake_violation"
  /** A connection that ended as soon as it was opened: one alone is nothing. */
  | "short_connection";

/** At this many points the connection ends and its address is banned. */
export const SCORE_LIMIT = 100;
/** One point fades in this time, so all of them in less than 17 minutes. */
export const SCORE_DECAY_MS = 10_000;

const POINTS: Readonly<Record<Offence | ConnectionOffence, number>> = {
  // Checked by every node before it sends them on, against rules that both ends share.
  invalid_block: 100,
  invalid_header: 100,
  invalid_signature: 100,
  // No honest sender passes the limit: it is computed from the genesis.
  line_too_long: 100,
  flood: 25,
  malformed_message: 25,
  wrong_proof: 25,
  unexpected_message: 20,
  handshake_violation: 20,
  // May be a branch that was given up meanwhile.
  false_head: 20,
  line_too_slow: 20,
  // A user's mistake that a node passed on before it looked.
  invalid_transaction: 10,
  // May be the late answer to a request that was given up.
  unrequested: 10,
  // May be a slow line.
  unanswered: 10,
  too_many_requests: 10,
  // May be the new blocks of a chain that we are still reading.
  unknown_parents: 5,
  // A node that restarts often, or a probe of the port, each of them less often than points fade.
  short_connection: 1,
};

export function pointsOf(offence: Offence | ConnectionOffence): number {
  return POINTS[offence];
}

/** A count of points that fades. */
export class Score {
  private points: number;
  private fadedAtMs: number;

  constructor(options: { points: number; nowMs: number }) {
    this.points = options.points;
    this.fadedAtMs = options.nowMs;
  }

  at(nowMs: number): number {
    const faded = Math.floor((nowMs - this.fadedAtMs) / SCORE_DECAY_MS);
    this.fadedAtMs += faded * SCORE_DECAY_MS;
    this.points = Math.max(0, this.points - faded);
    return this.points;
  }

  /** @returns the points with those added, at most the limit */
  add(points: number, nowMs: number): number {
    this.points = Math.min(SCORE_LIMIT, this.at(nowMs) + points);
    return this.points;
  }
}
