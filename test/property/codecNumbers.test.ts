// Numbers agree with bigint: their encoding, and products divided and rounded up.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeWith, type Gas, type GasPrice, mulDivCeil, UINT_MAX, Writer } from "../../src/core/primitives/index.ts";
import { feeOf } from "../../src/core/protocol/index.ts";
import { checkProperty } from "./checkProperty.ts";

// All magnitudes alike, with the neighbourhood of the powers of two.
const uint = fc.oneof(
  fc.maxSafeNat(),
  fc.tuple(fc.integer({ min: 0, max: 53 }), fc.integer({ min: -2, max: 2 })).map(([power, offset]) => {
    return Math.min(UINT_MAX, Math.max(0, 2 ** power + offset));
  }),
);
const LARGEST = BigInt(UINT_MAX);

function ceilBig(left: number, right: number, divisor: number): bigint {
  return (BigInt(left) * BigInt(right) + BigInt(divisor) - 1n) / BigInt(divisor);
}

test("mulDivCeil is exact, or crashes where the result passes 2^53-1", () => {
  checkProperty(
    fc.property(uint, uint, uint, (left, right, below) => {
      const divisor = Math.max(1, below);
      const exact = ceilBig(left, right, divisor);
      const run = () => mulDivCeil({ left, right, divisor });
      if (exact <= LARGEST) expect(run()).toBe(Number(exact));
      else expect(run).toThrow("safe integer");
    }),
    { numRuns: 20_000 },
  );
});

test("a fee is exact, or none where it passes 2^53-1", () => {
  checkProperty(
    fc.property(uint, uint, (gas, price) => {
      const exact = ceilBig(gas, price, 1_000_000);
      const fee: number | undefined = feeOf({ gas: gas as Gas, price: price as GasPrice });
      expect(fee).toBe(exact <= LARGEST ? Number(exact) : undefined);
    }),
    { numRuns: 20_000 },
  );
});

test("eight bytes decode to their value below 2^53, and to nothing from there", () => {
  checkProperty(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 0, max: 63 }), (wide, shift) => {
      const value = wide >> BigInt(shift);
      const bytes = Uint8Array.fromHex(value.toString(16).padStart(16, "0"));
      const decoded = decodeWith(bytes, (reader) => reader.u64());
      expect(decoded.ok).toBe(value <= LARGEST);
      if (!decoded.ok) return;
      expect(decoded.value).toBe(Number(value));
      expect(new Writer().u64(decoded.value).finish()).toEqual(bytes);
    }),
    { numRuns: 20_000 },
  );
});
