// The machine's clock.

import type { Clock } from "../../core/ports/index.ts";
import type { TimestampMs } from "../../core/primitives/index.ts";

export const systemClock: Clock = {
  nowMs: () => Date.now() as TimestampMs,
};
