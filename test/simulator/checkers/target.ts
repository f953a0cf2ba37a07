// The target that a block must have, by docs/spec/proof-of-work.md, over the headers before it.

import type { SeenHeader } from "./reading.ts";

const EASIEST = (1n << 252n) - 1n;

export interface TargetRules {
  readonly difficulty: number;
  readonly retarget: boolean;
  readonly blockTimeMs: number;
}

export function genesisTarget(rules: TargetRules): bigint {
  return (1n << BigInt(256 - 4 * rules.difficulty)) - 1n;
}

function atMostEasiest(target: bigint): bigint {
  return target > EASIEST ? EASIEST : target;
}

/**
 * The target of a child of `parent` with this timestamp.
 * @param parentOf the header before a header; undefined before block 0
 */
export function targetOfChild(options: {
  parent: SeenHeader;
  parentOf: (header: SeenHeader) => SeenHeader | undefined;
  timestampMs: number;
  rules: TargetRules;
}): bigint {
  const { parent, parentOf, timestampMs, rules } = options;
  const initial = genesisTarget(rules);
  if (!rules.retarget) return atMostEasiest(initial);
  const blockTimeMs = BigInt(rules.blockTimeMs);
  let [targets, times, weights, count] = [0n, 0n, 0n, 0n];
  let header = parent;
  for (let weight = 60n; weight > 0n; weight--) {
    const before = parentOf(header);
    if (before === undefined) break;
    const solveTimeMs = BigInt(header.timestampMs - before.timestampMs);
    const clamped = solveTimeMs < 1n ? 1n : solveTimeMs > 6n * blockTimeMs ? 6n * blockTimeMs : solveTimeMs;
    targets += header.target;
    times += weight * clamped;
    weights += weight;
    count++;
    header = before;
  }
  let mean = count === 0n ? initial : (targets * times) / (count * weights * blockTimeMs);
  mean = mean < 1n ? 1n : atMostEasiest(mean);
  const lateMs = timestampMs - parent.timestampMs;
  const doublings = lateMs <= 0 ? 0 : Math.min(Math.floor(lateMs / (10 * rules.blockTimeMs)), 252);
  return atMostEasiest(mean << BigInt(doublings));
}
