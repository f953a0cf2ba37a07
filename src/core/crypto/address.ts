// Addresses: the last 20 bytes of Keccak-256 of the uncompressed public key (Ethereum yellow paper, appendix F), written
// in lower case; mixed case carries the checksum of EIP-55.

import { type Address, accept, assert, type Bytes, bytesToAddress, type Result, refuse } from "../primitives/index.ts";
import { keccak256, keccak256Text } from "./keccak.ts";

const UNCOMPRESSED_KEY_SIZE_BYTES = 65;
const ADDRESS_PATTERN = /^0x[0-9a-fA-F]{40}$/;

/** @param publicKey 65 bytes, starting with 4 */
export function publicKeyToAddress(publicKey: Bytes): Address {
  assert(publicKey.length === UNCOMPRESSED_KEY_SIZE_BYTES && publicKey[0] === 4, "an uncompressed public key");
  return bytesToAddress(keccak256(publicKey.subarray(1)).subarray(12));
}

/** The mixed-case form of EIP-55, as wallets show it. */
export function checksumAddress(address: Address): string {
  const digits = address.slice(2);
  const hash = keccak256Text(digits).toHex();
  let text = "0x";
  for (let index = 0; index < digits.length; index++) {
    const digit = digits[index] as string;
    const upper = digit >= "a" && Number.parseInt(hash[index] as string, 16) >= 8;
    text += upper ? String.fromCharCode(digit.charCodeAt(0) - 32) : digit;
  }
  return text;
}

function toLowerHex(text: string): string {
  return text.replace(/[A-F]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 32));
}

/** Reads `0x` and 40 hex digits: all of one case, or mixed with a right checksum. */
export function parseAddress(text: string): Result<Address, "invalid_address" | "invalid_checksum"> {
  if (!ADDRESS_PATTERN.test(text)) {
    return refuse("invalid_address", "an address is 0x and 40 hex digits");
  }
  const lower = toLowerHex(text) as Address;
  const hasLower = /[a-f]/.test(text.slice(2));
  const hasUpper = /[A-F]/.test(text);
  if (hasLower && hasUpper) {
    const expected = checksumAddress(lower);
    if (expected !== text) {
      return refuse("invalid_checksum", `the address's checksum is wrong; ${expected} would be right`, { expected });
    }
  }
  return accept(lower);
}
