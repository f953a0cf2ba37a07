// Times of the chain as people read them.

// The last millisecond that a Date can hold, which is less than a timestamp of the protocol may be.
const DATE_MS_MAX = 8_640_000_000_000_000;

/** A timestamp in UTC, as ISO 8601 writes it. */
export function formatTime(timestampMs: number): string {
  return timestampMs > DATE_MS_MAX ? "after the year 275760" : new Date(timestampMs).toISOString();
}
