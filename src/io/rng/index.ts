// The Rng port over the system's generator.

import type { Rng } from "../../core/ports/index.ts";

export function createSystemRng(): Rng {
  return { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
}
