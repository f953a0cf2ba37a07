// How long to wait before an endpoint is tried again: twice as long after each failure, up to a bound, and a random part
// less, so that nodes that lost the same peer do not all come back in the same moment.

import type { Rng } from "../../ports/index.ts";
import { assert } from "../../primitives/index.ts";
import { randomBelow } from "./chance.ts";

const BACK_OFF_MIN_MS = 1_000;
/** A bootstrap peer that comes back is found within a minute. */
export const BACK_OFF_BOOTSTRAP_MAX_MS = 60_000;
/** An endpoint that somebody told of costs an attempt in ten minutes at most. */
export const BACK_OFF_LEARNED_MAX_MS = 600_000;

/** From half to the whole of 1 s doubled by each failure after the first, at most half to the whole of `maxMs`. */
export function backOffMs(options: { failures: number; maxMs: number; rng: Rng }): number {
  const { failures, maxMs, rng } = options;
  assert(failures >= 1, "one waits after a failure");
  let wholeMs = BACK_OFF_MIN_MS;
  for (let count = 1; count < failures && wholeMs < maxMs; count++) wholeMs *= 2;
  wholeMs = Math.min(wholeMs, maxMs);
  const halfMs = wholeMs / 2;
  return halfMs + randomBelow(rng, halfMs + 1);
}
