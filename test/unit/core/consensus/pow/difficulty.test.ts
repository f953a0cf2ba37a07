// How hard the next block is: vectors of the average, of its clamps and of the relief, and a hash rate that falls a
// thousandfold and comes back.

import { describe, expect, test } from "bun:test";
import {
  LWMA_BLOCKS,
  nextTarget,
  type PowRules,
  TARGET_EASIEST,
  targetOfDifficulty,
  workOfTarget,
} from "../../../../../src/core/consensus/pow/difficulty.ts";
import { encodePowSeal } from "../../../../../src/core/consensus/pow/seal.ts";
import type { TimestampMs } from "../../../../../src/core/primitives/index.ts";
import type { Header } from "../../../../../src/core/protocol/index.ts";

const BLOCK_TIME_MS = 5000;
const INITIAL = targetOfDifficulty(8);
const rules: PowRules = { initialTarget: INITIAL, retarget: true, blockTimeMs: BLOCK_TIME_MS };

type Past = { target: bigint; timestampMs: number };

function ancestryOf(past: readonly Past[]) {
  return {
    header: (distance: number): Header | undefined => {
      const block = past[past.length - 1 - distance];
      return (
        block && ({ timestampMs: block.timestampMs, seal: encodePowSeal({ target: block.target, nonce: 0 }) } as Header)
      );
    },
  };
}

/** Block 0 at time 0, then one block after each of the solve times, all with one target. */
function chainOf(solveTimesMs: readonly number[], target = INITIAL): Past[] {
  const past = [{ target, timestampMs: 0 }];
  for (const solveTimeMs of solveTimesMs) {
    past.push({ target, timestampMs: (past.at(-1) as Past).timestampMs + solveTimeMs });
  }
  return past;
}

function targetAfter(past: readonly Past[], options: { waitMs?: number; rules?: Partial<PowRules> } = {}): bigint {
  const timestampMs = ((past.at(-1) as Past).timestampMs + (options.waitMs ?? BLOCK_TIME_MS)) as TimestampMs;
  return nextTarget({ timestampMs, ancestry: ancestryOf(past), rules: { ...rules, ...options.rules } });
}

const times = (count: number, solveTimeMs: number) => Array.from({ length: count }, () => solveTimeMs);

describe("targets and work", () => {
  test("of leading zero hex digits", () => {
    expect(targetOfDifficulty(1)).toBe(TARGET_EASIEST);
    expect(targetOfDifficulty(2)).toBe(BigInt(`0x00${"f".repeat(62)}`));
    expect(targetOfDifficulty(63)).toBe(15n);
  });

  test("work is the expected count of hashes", () => {
    expect([1, 2, 8, 63].map((digits) => workOfTarget(targetOfDifficulty(digits)))).toEqual([
      16n,
      256n,
      16n ** 8n,
      16n ** 63n,
    ]);
    expect(workOfTarget(1n)).toBe(2n ** 255n);
  });
});

describe("the average over the last blocks", () => {
  test("block 1 has the genesis target", () => {
    expect(targetAfter(chainOf([]))).toBe(INITIAL);
  });

  test.each([1, 2, 59, 60, 61, 200])("constant solve times leave the target, on a chain of %p", (count) => {
    expect(targetAfter(chainOf(times(count, BLOCK_TIME_MS)))).toBe(INITIAL);
  });

  test.each([1, 30, 60, 100])("twice as fast makes the target half, on a chain of %p", (count) => {
    expect(targetAfter(chainOf(times(count, BLOCK_TIME_MS / 2)))).toBe(INITIAL / 2n);
  });

  test("a solve time counts as six block times at most, and as 1 ms at least", () => {
    expect(targetAfter(chainOf(times(60, 6 * BLOCK_TIME_MS)))).toBe(INITIAL * 6n);
    expect(targetAfter(chainOf(times(60, 6 * BLOCK_TIME_MS + 1)))).toBe(INITIAL * 6n);
    expect(targetAfter(chainOf(times(60, 1000 * BLOCK_TIME_MS)))).toBe(INITIAL * 6n);
    expect(targetAfter(chainOf(times(60, 1)))).toBe(INITIAL / BigInt(BLOCK_TIME_MS));
  });

  test("the newest block weighs 60, the one before it 59", () => {
    const weightSum = 1830n;
    const slowLast = targetAfter(chainOf([...times(59, BLOCK_TIME_MS), 2 * BLOCK_TIME_MS]));
    expect(slowLast).toBe((INITIAL * (weightSum + 60n)) / weightSum);
    const slowBefore = targetAfter(chainOf([...times(58, BLOCK_TIME_MS), 2 * BLOCK_TIME_MS, BLOCK_TIME_MS]));
    expect(slowBefore).toBe((INITIAL * (weightSum + 59n)) / weightSum);
    const slowFirst = targetAfter(chainOf([2 * BLOCK_TIME_MS, ...times(59, BLOCK_TIME_MS)]));
    expect(slowFirst).toBe((INITIAL * (weightSum + 1n)) / weightSum);
  });

  test("a chain of two blocks weighs 60 and 59 alone", () => {
    expect(targetAfter(chainOf([BLOCK_TIME_MS, 3 * BLOCK_TIME_MS]))).toBe((INITIAL * (60n * 3n + 59n)) / 119n);
  });

  test(`blocks before the last ${LWMA_BLOCKS} don't count`, () => {
    const past = chainOf([...times(40, 1), ...times(60, BLOCK_TIME_MS)]);
    expect(targetAfter(past)).toBe(INITIAL);
    const easier = past.map((block, index) => (index < 41 ? { ...block, target: TARGET_EASIEST } : block));
    expect(targetAfter(easier)).toBe(INITIAL);
  });

  test("it is the mean of the targets", () => {
    const past = chainOf(times(60, BLOCK_TIME_MS)).map((block, index) => ({
      ...block,
      target: index % 2 === 0 ? 100n * INITIAL : 300n * INITIAL,
    }));
    expect(targetAfter(past)).toBe(200n * INITIAL);
  });

  test("it stays from 1 to the easiest target", () => {
    expect(targetAfter(chainOf(times(60, 6 * BLOCK_TIME_MS), TARGET_EASIEST))).toBe(TARGET_EASIEST);
    expect(targetAfter(chainOf(times(60, 6 * BLOCK_TIME_MS), TARGET_EASIEST / 6n))).toBe((TARGET_EASIEST / 6n) * 6n);
    expect(targetAfter(chainOf(times(60, 1), 1n))).toBe(1n);
  });
});

describe("the relief of a stale chain", () => {
  const past = chainOf(times(60, BLOCK_TIME_MS));
  const afterBlockTimes = (count: number, extraMs = 0) =>
    targetAfter(past, { waitMs: count * BLOCK_TIME_MS + extraMs });

  test("doubles the target for each ten block times since the parent", () => {
    expect(afterBlockTimes(10, -1)).toBe(INITIAL);
    expect(afterBlockTimes(10)).toBe(2n * INITIAL);
    expect(afterBlockTimes(20, -1)).toBe(2n * INITIAL);
    expect(afterBlockTimes(20)).toBe(4n * INITIAL);
    expect(afterBlockTimes(100)).toBe(1024n * INITIAL);
  });

  test("ends at the easiest target, after weeks as after years", () => {
    expect(afterBlockTimes(290)).toBe(TARGET_EASIEST);
    expect(targetAfter(past, { waitMs: Number.MAX_SAFE_INTEGER - 60 * BLOCK_TIME_MS })).toBe(TARGET_EASIEST);
    const hardest = chainOf(times(60, BLOCK_TIME_MS), 1n);
    expect(targetAfter(hardest, { waitMs: 251 * 10 * BLOCK_TIME_MS })).toBe(2n ** 251n);
    expect(targetAfter(hardest, { waitMs: 252 * 10 * BLOCK_TIME_MS })).toBe(TARGET_EASIEST);
  });

  test("helps block 1 of a chain whose genesis is old", () => {
    expect(targetAfter(chainOf([]), { waitMs: 10 * BLOCK_TIME_MS })).toBe(2n * INITIAL);
  });

  test("a timestamp that is not after the parent's gets none, and is refused elsewhere", () => {
    expect(targetAfter(past, { waitMs: -100 * BLOCK_TIME_MS })).toBe(INITIAL);
  });
});

test("without retargeting the genesis target stays, however fast, slow or stale", () => {
  for (const solveTimeMs of [1, BLOCK_TIME_MS, 100 * BLOCK_TIME_MS]) {
    const past = chainOf(times(60, solveTimeMs), 12345n);
    expect(targetAfter(past, { waitMs: 1e9, rules: { retarget: false } })).toBe(INITIAL);
  }
});

describe("a simulated network", () => {
  /** Numbers from 0 to 1, the same at each run. */
  function createChance(): () => number {
    let state = 12_345;
    return () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return (state + 0.5) / 2 ** 31;
    };
  }

  /** Mines on `past` with a hash rate in hashes a millisecond; gives each block's solve time in block times. */
  function createNetwork() {
    const chance = createChance();
    const past = chainOf([]);
    let nowMs = 0;
    const stepMs = BLOCK_TIME_MS / 5;
    function mineOne(hashesPerMs: number): number {
      const startMs = nowMs;
      const parentMs = (past.at(-1) as Past).timestampMs;
      let luck = -Math.log(chance());
      for (;;) {
        const timestampMs = Math.max(Math.floor(nowMs), parentMs + 1) as TimestampMs;
        const target = nextTarget({ timestampMs, ancestry: ancestryOf(past), rules });
        const neededMs = (luck * Number(workOfTarget(target))) / hashesPerMs;
        if (neededMs <= stepMs) {
          nowMs += neededMs;
          past.push({ target, timestampMs });
          return (nowMs - startMs) / BLOCK_TIME_MS;
        }
        luck *= 1 - stepMs / neededMs;
        nowMs += stepMs;
      }
    }
    return (blocks: number, hashesPerMs: number) => Array.from({ length: blocks }, () => mineOne(hashesPerMs));
  }

  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test("settles, survives the loss of 999 of 1000 miners, and finds back when they return", () => {
    const mineBlocks = createNetwork();
    const rate = Number(workOfTarget(INITIAL)) / BLOCK_TIME_MS;
    const steady = mineBlocks(400, rate);
    expect(mean(steady.slice(200))).toBeWithin(0.8, 1.25);

    const fallen = mineBlocks(400, rate / 1000);
    // Each doubling takes ten block times, so ten doublings bring the first block.
    expect(Math.max(...fallen)).toBeLessThan(150);
    expect(mean(fallen.slice(0, 30))).toBeLessThan(60);
    expect(mean(fallen.slice(200))).toBeWithin(0.8, 1.25);

    const returned = mineBlocks(500, rate);
    expect(Math.max(...returned)).toBeLessThan(12);
    expect(mean(returned.slice(300))).toBeWithin(0.8, 1.25);
  });
});
