// Points: the table's sense, and how they fade.

import { expect, test } from "bun:test";
import { pointsOf, SCORE_DECAY_MS, SCORE_LIMIT, Score } from "../../../../../src/core/network/peers/scoring.ts";

test("what no honest node does ends it at once, what a slow line does takes many times", () => {
  const atOnce = ["invalid_block", "invalid_header", "invalid_signature", "line_too_long"] as const;
  expect(atOnce.map(pointsOf)).toEqual([SCORE_LIMIT, SCORE_LIMIT, SCORE_LIMIT, SCORE_LIMIT]);
  const cheap = ["invalid_transaction", "unanswered", "unrequested", "unknown_parents", "short_connection"] as const;
  expect(Math.max(...cheap.map(pointsOf))).toBeLessThanOrEqual(SCORE_LIMIT / 10);
  expect(pointsOf("flood") * 4).toBe(SCORE_LIMIT);
});

test("a point fades in its time, to the millisecond, and not below zero", () => {
  const score = new Score({ points: 3, nowMs: 500 });
  const at = [500, 500 + SCORE_DECAY_MS - 1, 500 + SCORE_DECAY_MS, 500 + 3 * SCORE_DECAY_MS, 500 + 9 * SCORE_DECAY_MS];
  expect(at.map((nowMs) => score.at(nowMs))).toEqual([3, 3, 2, 0, 0]);
  expect(score.add(5, 500 + 9 * SCORE_DECAY_MS)).toBe(5);
  expect(score.at(499 + 10 * SCORE_DECAY_MS)).toBe(5);
  expect(score.at(500 + 10 * SCORE_DECAY_MS)).toBe(4);
});

test("asking often does not stop the fading", () => {
  const score = new Score({ points: 10, nowMs: 0 });
  for (let nowMs = 0; nowMs <= 5 * SCORE_DECAY_MS; nowMs += 999) score.at(nowMs);
  expect(score.at(5 * SCORE_DECAY_MS)).toBe(5);
});

test("the limit is the most there is", () => {
  const score = new Score({ points: 60, nowMs: 0 });
  expect([score.add(39, 0), score.add(1, 0), score.add(500, 0)]).toEqual([99, 100, 100]);
});
