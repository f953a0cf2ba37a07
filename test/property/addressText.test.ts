// Addresses as text: every writing of one address is read as that address, and no slip of a mixed-case one gets by.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { checksumAddress, parseAddress } from "../../src/core/crypto/index.ts";
import { type Address, bytesToAddress } from "../../src/core/primitives/index.ts";
import { checkProperty } from "./checkProperty.ts";

const anyAddress: fc.Arbitrary<Address> = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToAddress);
const isMixed = (text: string) => /[a-f]/.test(text.slice(2)) && /[A-F]/.test(text);

test("lower case, upper case and the checksum's case are one address", () => {
  checkProperty(
    fc.property(anyAddress, (address) => {
      for (const text of [address, `0x${address.slice(2).toUpperCase()}`, checksumAddress(address)]) {
        expect(parseAddress(text)).toEqual({ ok: true, value: address });
      }
    }),
    { numRuns: 500 },
  );
});

test("of mixed case, only the checksum's own is read", () => {
  checkProperty(
    fc.property(anyAddress, fc.bigInt({ min: 0n, max: 2n ** 40n - 1n }), (address, mask) => {
      const turned = (digit: string, index: number) => ((mask >> BigInt(index)) & 1n ? digit.toUpperCase() : digit);
      const text = `0x${Array.from(address.slice(2), turned).join("")}`;
      const isRight = !isMixed(text) || text === checksumAddress(address);
      expect(parseAddress(text).ok).toBe(isRight);
    }),
    { numRuns: 500 },
  );
});

test("any other text is refused", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEFxX") }));
  checkProperty(
    fc.property(text, fc.constantFrom("", "0x", "0X"), (rest, prefix) => {
      const parsed = parseAddress(prefix + rest);
      expect(parsed.ok && (prefix + rest).length !== 42).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("so is an address that is cut, that goes on, or that has one digit of another alphabet", () => {
  checkProperty(
    fc.property(anyAddress, fc.nat(41), fc.string({ minLength: 1, maxLength: 3 }), (address, at, piece) => {
      expect(parseAddress(address.slice(0, at)).ok).toBe(false);
      expect(parseAddress(address + piece).ok).toBe(false);
      const replaced = `${address.slice(0, at)}${piece[0]}${address.slice(at + 1)}`;
      if (!/^0x[0-9a-fA-F]{40}$/.test(replaced)) expect(parseAddress(replaced).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});
