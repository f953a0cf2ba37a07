// What is tolerated within a window of time.

import { expect, test } from "bun:test";
import { EventWindow } from "../../../../../src/core/network/gossip/eventWindow.ts";
import type { TimestampMs } from "../../../../../src/core/primitives/index.ts";

const at = (nowMs: number) => nowMs as TimestampMs;

test("tolerates its bound, and says so at one past it, again and again", () => {
  const window = new EventWindow({ countMax: 2, windowMs: 100 });
  expect([1, 2, 3, 4, 5, 6].map(() => window.add(at(50)))).toEqual([false, false, true, false, false, true]);
});

test("counts several at once", () => {
  const window = new EventWindow({ countMax: 10, windowMs: 100 });
  expect(window.add(at(0), 10)).toBe(false);
  expect(window.add(at(0), 1)).toBe(true);
  expect(window.add(at(0), 11)).toBe(true);
});

test("begins anew when its time is over, and when the clock jumps back", () => {
  const window = new EventWindow({ countMax: 1, windowMs: 100 });
  expect(window.add(at(1000))).toBe(false);
  expect(window.add(at(1100))).toBe(false);
  expect(window.add(at(1099))).toBe(false);
  expect(window.add(at(1198))).toBe(true);
});
