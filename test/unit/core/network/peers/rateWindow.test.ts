// So many times in a window, and again in the next.

import { expect, test } from "bun:test";
import { RateWindow } from "../../../../../src/core/network/peers/rateWindow.ts";

test("the bound holds to the end of the window", () => {
  const rate = new RateWindow({ countMax: 2, windowMs: 1_000 });
  const taken = [5, 6, 7, 1_004, 1_005, 1_006, 1_007].map((nowMs) => rate.take(nowMs));
  expect(taken).toEqual([true, true, false, false, true, true, false]);
});
