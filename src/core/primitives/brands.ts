// Branded types of the quantities that travel through the node, so that a height never lands where an amount belongs.
// All numbers are non-negative safe integers (0 to 2^53-1 inclusive); see docs/spec/encoding.md, "Numbers".

declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** `0x` and 64 lower-case hex digits: the SHA-256 of something, or a transaction's EIP-712 digest. */
export type Hash = Brand<`0x${string}`, "Hash">;
/** `0x` and 40 lower-case hex digits: the last 20 bytes of Keccak-256 of the uncompressed public key. */
export type Address = Brand<`0x${string}`, "Address">;
/** `0x` and 130 lower-case hex digits: r, s and the parity of R's y coordinate (`00` or `01`). */
export type Signature = Brand<`0x${string}`, "Signature">;
/** Base units of the token. */
export type Amount = Brand<number, "Amount">;
/** Distance from the genesis block, which has height 0. */
export type Height = Brand<number, "Height">;
/** Count of transactions that an account has sent; the next transaction carries it. */
export type Nonce = Brand<number, "Nonce">;
/** Units of execution cost; one is about a nanosecond of the reference machine. */
export type Gas = Brand<number, "Gas">;
/** Micro-units of the token for one gas. */
export type GasPrice = Brand<number, "GasPrice">;
/** Milliseconds since the Unix epoch. */
export type TimestampMs = Brand<number, "TimestampMs">;

/** The largest value of any number in the protocol, 2^53-1. */
export const UINT_MAX = Number.MAX_SAFE_INTEGER;

/** True for integers from 0 to 2^53-1 inclusive; -0 is not one of them. */
export function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}
