// Arithmetic that reverts where plain operators would wrap around, and decimal digits.

import { utf8Decode } from "./bytes";
import { require } from "./control";

/** 2^64-1 has as many. */
const DIGITS_MAX: i32 = 20;

/** Like `toString()`, which would bring tables of 3 KB along. */
export function toDecimal(value: u64): string {
  const digits = new Uint8Array(DIGITS_MAX);
  let start = DIGITS_MAX;
  let rest = value;
  do {
    start -= 1;
    digits[start] = <u8>(0x30 + (rest % 10));
    rest /= 10;
  } while (rest > 0);
  return utf8Decode(digits.subarray(start));
}

export function add(left: u64, right: u64): u64 {
  const sum = left + right;
  require(sum >= left, "a sum is too large");
  return sum;
}

export function subtract(left: u64, right: u64): u64 {
  require(left >= right, "a difference is below zero");
  return left - right;
}

export function multiply(left: u64, right: u64): u64 {
  require(left === 0 || right <= u64.MAX_VALUE / left, "a product is too large");
  return left * right;
}
