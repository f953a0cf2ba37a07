// Port: the time of day. The core asks for it here and nowhere else, so a simulator can hold it still or skew it.

import type { TimestampMs } from "../primitives/index.ts";

export interface Clock {
  /** Milliseconds since the Unix epoch. May jump in either direction. */
  nowMs(): TimestampMs;
}
