// The names that a metered module exports. The contract's own names are left out: the engine never sees them.

/** Under which name the metered module exports a function of the contract. */
export function functionExport(functionIndex: number): string {
  return `f${functionIndex}`;
}

export const METERED_EXPORTS = {
  /** What was the start function, if there was one; the host calls it once gas and stack are set. */
  start: "__start",
  /** Sets every global of the contract to its initial value. */
  reset: "__reset",
  /** (gas low, gas high, slots, pages): sets the counters. So far may the memory grow, whatever the module declares. */
  enter: "__enter",
  /** (low, high) -> i32: takes gas and gives 1, or takes none and gives 0 when there is not so much. */
  charge: "__charge",
  /** (one of COUNTER) -> i32 */
  read: "__read",
} as const;

/** What the host can read of an instance. */
export const COUNTER = {
  /** The halves of the gas that is left, an i64 below zero when there was not enough. */
  gasLow: 0,
  gasHigh: 1,
  /** Slots of the stack that are left, below zero when there were not enough. */
  stack: 2,
  /** 1 once the engine has not given pages that the rules grant, which is a fault of this node. */
  fault: 3,
} as const;
