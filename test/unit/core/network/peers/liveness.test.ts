// Pings, round-trip times and silence.

import { expect, test } from "bun:test";
import { Liveness, PING_INTERVAL_MS, SILENCE_MAX_MS } from "../../../../../src/core/network/peers/liveness.ts";
import { createSeededRng } from "../../../../support/seededRng.ts";

const rng = createSeededRng(1);

function pingAt(liveness: Liveness, nowMs: number): number {
  const step = liveness.check(nowMs, rng);
  if (step?.kind !== "ping") throw new Error(`no ping at ${nowMs}`);
  return step.nonce;
}

test("pings come at once and then in their interval, one at a time, with numbers that are not foreseen", () => {
  const liveness = new Liveness(0);
  const first = pingAt(liveness, 0);
  expect(liveness.check(1, rng)).toBeUndefined();
  expect(liveness.roundTripMs).toBeUndefined();
  expect([liveness.onPong(first + 1, 40), liveness.onPong(first, 40), liveness.onPong(first, 41)]).toEqual([
    false,
    true,
    false,
  ]);
  expect(liveness.roundTripMs).toBe(40);
  expect(liveness.check(PING_INTERVAL_MS - 1, rng)).toBeUndefined();
  expect(pingAt(liveness, PING_INTERVAL_MS)).not.toBe(first);
});

test("a peer is gone after its time of silence, and not while it says anything", () => {
  const liveness = new Liveness(0);
  pingAt(liveness, 0);
  expect(liveness.check(SILENCE_MAX_MS - 1, rng)).toBeUndefined();
  expect(liveness.check(SILENCE_MAX_MS, rng)).toEqual({ kind: "dead" });
  liveness.heard(SILENCE_MAX_MS);
  expect(liveness.check(2 * SILENCE_MAX_MS - 1, rng)).toBeUndefined();
  expect(liveness.check(2 * SILENCE_MAX_MS, rng)).toEqual({ kind: "dead" });
});

test("after a jump of the clock a peer is asked before it is given up", () => {
  const liveness = new Liveness(0);
  liveness.onPong(pingAt(liveness, 0), 10);
  const nonce = pingAt(liveness, 3_600_000);
  expect(liveness.check(3_600_000 + 1_000, rng)).toBeUndefined();
  expect(liveness.onPong(nonce, 3_600_000 + 1_000)).toBe(true);
});
