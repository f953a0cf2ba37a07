// An account or a contract: 20 bytes.

import { bytesEqual, fromHex, toHex, unitAt, utf8Encode } from "./bytes";
import * as env from "./env";

export const ADDRESS_SIZE: i32 = 20;

/** Whether the case of the 40 digits is the checksum of EIP-55. */
function hasChecksum(digits: string): bool {
  const lower = utf8Encode(digits);
  for (let index = 0; index < lower.length; index++) {
    // Only digits and letters are here, and digits have this bit anyway.
    lower[index] = unchecked(lower[index]) | 0x20;
  }
  const hash = new Uint8Array(32);
  env.keccak256(lower.dataStart, lower.length, hash.dataStart);
  for (let index = 0; index < digits.length; index++) {
    const code = unitAt(digits, index);
    if (code <= 0x39) continue;
    const nibble = index % 2 === 0 ? hash[index / 2] >> 4 : hash[index / 2] & 15;
    if (code < 0x61 !== nibble > 7) return false;
  }
  return true;
}

/** Of `0x` and hexadecimal digits. */
function isOneCase(text: string): bool {
  let cases = 0;
  for (let index = 2; index < text.length; index++) {
    const code = unitAt(text, index);
    if (code > 0x39) cases |= code < 0x61 ? 1 : 2;
  }
  return cases !== 3;
}

export class Address {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    assert(bytes.length === ADDRESS_SIZE);
    this.bytes = bytes;
  }

  /** The account that has no key. */
  static zero(): Address {
    return new Address(new Uint8Array(ADDRESS_SIZE));
  }

  /** Of `0x` and 40 digits; null for anything else, and for mixed case that is not the checksum of EIP-55. */
  static parse(text: string): Address | null {
    const bytes = fromHex(text);
    if (bytes === null || bytes.length !== ADDRESS_SIZE) return null;
    return isOneCase(text) || hasChecksum(text.substring(2)) ? new Address(bytes) : null;
  }

  isZero(): bool {
    for (let index = 0; index < ADDRESS_SIZE; index++) {
      if (unchecked(this.bytes[index]) !== 0) return false;
    }
    return true;
  }

  /** `0x` and 40 lower-case digits. */
  toString(): string {
    return toHex(this.bytes);
  }

  equals(other: Address): bool {
    return bytesEqual(this.bytes, other.bytes);
  }

  // Without these two, `==` would ask whether both are one object.
  @operator("==")
  protected static isEqual(left: Address | null, right: Address | null): bool {
    const first = changetype<usize>(left);
    const second = changetype<usize>(right);
    if (first === 0 || second === 0) return first === second;
    return changetype<Address>(first).equals(changetype<Address>(second));
  }

  @operator("!=")
  protected static isDifferent(left: Address | null, right: Address | null): bool {
    return !Address.isEqual(left, right);
  }
}
