// When a node may mine: its bootstrap peers are heard first, and what they have is fetched first.

import { expect, test } from "bun:test";
import { MiningGate } from "../../../../src/core/network/miningGate.ts";
import type { TimestampMs } from "../../../../src/core/primitives/index.ts";

const START_MS = 1_000_000 as TimestampMs;
const later = (ms: number) => (START_MS + ms) as TimestampMs;
const LEVEL = { untriedCount: 0, isLevel: true, height: 5, targetHeight: 5 };

test("a node without bootstrap peers mines at once", () => {
  expect(new MiningGate(START_MS).obstacle(LEVEL, START_MS)).toBeUndefined();
});

test("a bootstrap peer that was not heard yet holds mining up, for 15 seconds at most", () => {
  const gate = new MiningGate(START_MS);
  const view = { ...LEVEL, untriedCount: 2 };
  expect(gate.obstacle(view, later(14_999))).toContain("2 of its bootstrap peers");
  expect(gate.obstacle(view, later(15_000))).toBeUndefined();
});

test("a jump of the clock backwards does not hold mining up for longer", () => {
  const gate = new MiningGate(START_MS);
  expect(gate.obstacle({ ...LEVEL, untriedCount: 1 }, later(-15_000))).toBeUndefined();
});

test("a node that was never level waits until it is", () => {
  const gate = new MiningGate(START_MS);
  const behind = { untriedCount: 0, isLevel: false, height: 4, targetHeight: 5 };
  expect(gate.obstacle(behind, START_MS)).toContain("height 4, its peers are at 5");
  expect(gate.obstacle(LEVEL, START_MS)).toBeUndefined();
});

test("a node that was level mines on while it is six blocks behind, and stops at seven", () => {
  const gate = new MiningGate(START_MS);
  expect(gate.obstacle(LEVEL, START_MS)).toBeUndefined();
  expect(gate.obstacle({ untriedCount: 0, isLevel: false, height: 10, targetHeight: 16 }, START_MS)).toBeUndefined();
  expect(gate.obstacle({ untriedCount: 0, isLevel: false, height: 10, targetHeight: 17 }, START_MS)).toContain("17");
  // A restarted attempt at a bootstrap peer does not close the gate again.
  expect(gate.obstacle({ ...LEVEL, untriedCount: 1 }, START_MS)).toBeUndefined();
});
