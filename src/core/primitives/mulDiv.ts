// Products and quotients whose intermediate value passes 2^53 go through bigint here and nowhere else.

import { assert } from "./assert.ts";
import { isUint } from "./brands.ts";

/**
 * ceil(left * right / divisor), exact.
 * @throws AssertionError when an operand is no safe integer, the divisor is zero, or the result passes 2^53-1
 */
export function mulDivCeil(options: { left: number; right: number; divisor: number }): number {
  const { left, right, divisor } = options;
  assert(isUint(left) && isUint(right) && isUint(divisor), "mulDiv takes non-negative safe integers");
  assert(divisor > 0, "mulDiv divides by more than zero");
  const product = left * right;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const remainder = product % divisor;
    return (product - remainder) / divisor + (remainder === 0 ? 0 : 1);
  }
  const wide = (BigInt(left) * BigInt(right) + BigInt(divisor) - 1n) / BigInt(divisor);
  assert(wide <= BigInt(Number.MAX_SAFE_INTEGER), "mulDiv's result is a safe integer");
  return Number(wide);
}
