// Port: chance, for what must not be foreseen (challenges) or not happen everywhere at once (jitter). Nothing that nodes
// agree on rests on it. A simulator gives it from a seed.

import type { Bytes } from "../primitives/index.ts";

export interface Rng {
  /** `count` bytes, 0 to 1,024, that nobody can guess. */
  bytes(count: number): Bytes;
}
