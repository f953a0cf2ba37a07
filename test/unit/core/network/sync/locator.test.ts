// Locators: dense near the tip, sparse further down, block 0 last, never past their bound.

import { describe, expect, test } from "bun:test";
import { LOCATOR_HASHES_MAX } from "../../../../../src/core/network/limits.ts";
import { chainLocator, extendedLocator } from "../../../../../src/core/network/sync/locator.ts";
import { PendingHeaders } from "../../../../../src/core/network/sync/pendingHeaders.ts";
import type { Hash, Height } from "../../../../../src/core/primitives/index.ts";
import { GENESIS_BLOCK, makeBranch } from "../../../../support/syncFakeChain.ts";

const hashOf = (height: number) => `0x${height.toString(16).padStart(64, "0")}` as Hash;

function chainOf(height: number) {
  return {
    head: () => ({ height: height as Height, hash: hashOf(height), totalWork: BigInt(height) }),
    hashAt: (at: Height) => hashOf(at),
  };
}

describe("a chain's locator", () => {
  test.each([
    [0, [0]],
    [1, [1, 0]],
    [9, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    [30, [30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 19, 15, 7, 0]],
  ])("at height %p", (height, heights) => {
    expect(chainLocator(chainOf(height))).toEqual(heights.map(hashOf));
  });

  test("keeps to its bound at the greatest height", () => {
    const locator = chainLocator(chainOf(Number.MAX_SAFE_INTEGER));
    expect(locator.length).toBeLessThanOrEqual(LOCATOR_HASHES_MAX);
    expect(locator.at(-1)).toBe(hashOf(0));
  });
});

test("goes on after what is pending, within the bound", () => {
  const pending = new PendingHeaders();
  const branch = makeBranch({ parent: GENESIS_BLOCK.traced, count: 200 });
  for (const { traced } of branch) pending.append(traced);
  const front = [hashOf(7)];
  const locator = extendedLocator({ front, pending, chain: chainOf(2 ** 40) });
  expect(locator[0]).toBe(hashOf(7));
  expect(locator[1] as Hash).toBe(branch[199]?.traced.hash as Hash);
  expect(locator).toContain(branch[0]?.traced.hash as Hash);
  expect(locator).toContain(hashOf(2 ** 40));
  expect(locator.length).toBe(LOCATOR_HASHES_MAX);
  expect(locator.at(-1)).toBe(hashOf(0));
});
