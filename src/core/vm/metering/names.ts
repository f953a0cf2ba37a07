// The names that a metered module exports. The contract's own names are left out: the engine never sees them.

/** Under which name the metered module exports a function of the contract. */
export function functionExport(functionIndex: number): string {
  return `f${functionIndex}`;
}

export const METERED_EXPORTS = {
  /** What was the start function, if there was one; the host calls it once gas and stack are set. */
  start: "__start",
  /** () -> i32: the halves of the gas that is left, an i64 below zero when there was not enough. */
  gasLow: "__gas_low",
  gasHigh: "__gas_high",
  /** (low, high) */
  setGas: "__set_gas",
  /** () -> i32: slots of the stack that are left, below zero when there were not enough. */
  stack: "__stack",
  setStack: "__set_stack",
  /** (pages): how far the memory may grow now, whatever the module declares. */
  setPagesMax: "__set_pages_max",
  /** () -> i32: 1 once the engine has not given pages that the rules grant, which is a fault of this node. */
  fault: "__fault",
} as const;
