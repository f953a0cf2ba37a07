// Assertions: a failed one is a bug of ours and crashes the node. A broken rule of a peer or user is a Refusal instead.

/** Thrown by `assert`; nothing in core catches it. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Crashes when `condition` is false.
 * @param message what was expected, as a sentence that a developer reads in a crash report
 * @throws AssertionError
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Returns `value`, which must not be undefined. */
export function defined<T>(value: T | undefined, message: string): T {
  assert(value !== undefined, message);
  return value;
}
