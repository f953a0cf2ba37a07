// Choices by chance: in their bounds, each possible, the same from the same seed.

import { expect, test } from "bun:test";
import { pickOne, pickSome, randomBelow } from "../../../../../src/core/network/peers/chance.ts";
import { createSeededRng } from "../../../../support/seededRng.ts";

test("numbers below a bound, each about as often as the others", () => {
  const rng = createSeededRng(1);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let count = 0; count < 10_000; count++) {
    const drawn = randomBelow(rng, 10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  expect(counts).toHaveLength(10);
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
  expect(randomBelow(rng, 1)).toBe(0);
  expect(randomBelow(rng, 2 ** 32)).toBeLessThan(2 ** 32);
  for (const below of [0, -1, 1.5, 2 ** 32 + 1]) expect(() => randomBelow(rng, below)).toThrow("a choice");
});

test("one of a list, and none of an empty one", () => {
  const rng = createSeededRng(1);
  expect(pickOne(rng, [])).toBeUndefined();
  expect(new Set(Array.from({ length: 100 }, () => pickOne(rng, ["a", "b", "c"])))).toEqual(new Set(["a", "b", "c"]));
});

test("some of a list, each once, and the list stays as it is", () => {
  const rng = createSeededRng(1);
  const items = [1, 2, 3, 4, 5];
  for (const countMax of [0, 1, 4, 5, 9]) {
    const some = pickSome(rng, items, countMax);
    expect(some).toHaveLength(Math.min(5, countMax));
    expect(new Set(some).size).toBe(some.length);
  }
  expect(items).toEqual([1, 2, 3, 4, 5]);
  expect(pickSome(createSeededRng(7), items, 5)).toEqual(pickSome(createSeededRng(7), items, 5));
});
