// Choices made with the Rng port: a number, one of a list, some of a list.

import type { Rng } from "../../ports/index.ts";
import { assert } from "../../primitives/index.ts";

// With 48 bits, a number below 2^16 is off an equal chance by less than one part in 2^32.
const DRAW_SIZE_BYTES = 6;
const BELOW_MAX = 2 ** 32;

/** An integer from 0 to `below` - 1; `below` is from 1 to 2^32. */
export function randomBelow(rng: Rng, below: number): number {
  assert(Number.isInteger(below) && below >= 1 && below <= BELOW_MAX, "a choice is between 1 and 2^32 things");
  let value = 0;
  for (const byte of rng.bytes(DRAW_SIZE_BYTES)) value = value * 256 + byte;
  return value % below;
}

/** One of `items`; undefined when there are none. */
export function pickOne<Item>(rng: Rng, items: readonly Item[]): Item | undefined {
  return items.length === 0 ? undefined : items[randomBelow(rng, items.length)];
}

/** At most `countMax` different ones of `items`, in random order (Fisher and Yates' shuffle, ended early). */
export function pickSome<Item>(rng: Rng, items: readonly Item[], countMax: number): readonly Item[] {
  const pool = [...items];
  const count = Math.min(countMax, pool.length);
  for (let index = 0; index < count; index++) {
    const other = index + randomBelow(rng, pool.length - index);
    const taken = pool[other] as Item;
    pool[other] = pool[index] as Item;
    pool[index] = taken;
  }
  return pool.slice(0, count);
}
