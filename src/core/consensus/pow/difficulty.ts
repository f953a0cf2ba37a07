// How hard the next block is: LWMA (zawy12, "Difficulty algorithms", LWMA-1) in integers, over at most 60 blocks, and the
// relief that lets a chain whose miners left go on (docs/spec/proof-of-work.md).

import type { TimestampMs } from "../../primitives/index.ts";
import type { Ancestry } from "../engine.ts";
import { loadPowSeal } from "./seal.ts";

/** 2^252-1: one leading zero hex digit. */
export const TARGET_EASIEST = 2n ** 252n - 1n;
export const LWMA_BLOCKS = 60;
const SOLVE_TIME_BLOCK_TIMES_MAX = 6;
const RELIEF_BLOCK_TIMES = 10;
// 252 doublings lead from any target to the easiest one.
const RELIEF_DOUBLINGS_MAX = 252;

export interface PowRules {
  readonly initialTarget: bigint;
  readonly retarget: boolean;
  readonly blockTimeMs: number;
}

/** 2^(256-4d)-1: a target that asks for `difficulty` leading zero hex digits. */
export function targetOfDifficulty(difficulty: number): bigint {
  return 2n ** BigInt(256 - 4 * difficulty) - 1n;
}

/** The expected count of hashes that a target takes. */
export function workOfTarget(target: bigint): bigint {
  return 2n ** 256n / (target + 1n);
}

function clampTarget(target: bigint): bigint {
  if (target > TARGET_EASIEST) return TARGET_EASIEST;
  return target < 1n ? 1n : target;
}

/** The mean target of the last blocks, scaled by their solve times, of which later ones weigh more. */
function weightedTarget(ancestry: Ancestry, rules: PowRules): bigint {
  const solveTimeMsMax = SOLVE_TIME_BLOCK_TIMES_MAX * rules.blockTimeMs;
  let targetSum = 0n;
  let weightedTimeSum = 0n;
  let weightSum = 0n;
  let count = 0;
  for (; count < LWMA_BLOCKS; count++) {
    const header = ancestry.header(count);
    const parent = ancestry.header(count + 1);
    if (header === undefined || parent === undefined) break;
    const solveTimeMs = Math.min(Math.max(header.timestampMs - parent.timestampMs, 1), solveTimeMsMax);
    // The newest block has the weight 60; a shorter chain is weighed as if its missing blocks had weight 0.
    const weight = BigInt(LWMA_BLOCKS - count);
    targetSum += loadPowSeal(header.seal).target;
    weightedTimeSum += weight * BigInt(solveTimeMs);
    weightSum += weight;
  }
  if (count === 0) return rules.initialTarget;
  return (targetSum * weightedTimeSum) / (BigInt(count) * weightSum * BigInt(rules.blockTimeMs));
}

/** The target that a child of the ancestry's parent with this timestamp must have. */
export function nextTarget(options: { timestampMs: TimestampMs; ancestry: Ancestry; rules: PowRules }): bigint {
  const { timestampMs, ancestry, rules } = options;
  if (!rules.retarget) return clampTarget(rules.initialTarget);
  const target = clampTarget(weightedTarget(ancestry, rules));
  const parent = ancestry.header(0);
  if (parent === undefined) return target;
  const lateMs = Math.max(timestampMs - parent.timestampMs, 0);
  const doublings = Math.min(Math.floor(lateMs / (RELIEF_BLOCK_TIMES * rules.blockTimeMs)), RELIEF_DOUBLINGS_MAX);
  return clampTarget(target << BigInt(doublings));
}
