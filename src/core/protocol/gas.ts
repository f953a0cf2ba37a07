// What transactions cost before anything of theirs runs. One gas is about one nanosecond of the reference machine
// (docs/spec/gas.md): recovery of the signature, the state changes, their share of the root and of the commit.

/** Covers a whole transfer, also one that creates the receiving account, so a transfer's gas never varies. */
export const TRANSACTION_GAS = 100_000;
/** For each byte of code, arguments and function name: hashing, relaying and keeping it. */
export const DATA_GAS_PER_BYTE = 40;
/** For each byte of a deploy's module besides: validating, metering and compiling it. */
export const MODULE_GAS_PER_BYTE = 200;
/** Prices are in micro-units of the token for one gas. */
export const GAS_PRICE_DIVISOR = 1_000_000;
