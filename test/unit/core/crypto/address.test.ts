// Addresses: the golden ones, checksums, and texts that are refused.

import { expect, test } from "bun:test";
import { checksumAddress, parseAddress, publicKeyToAddress } from "../../../../src/core/crypto/index.ts";
import { type Address, hexToBytes } from "../../../../src/core/primitives/index.ts";
import vectors from "../../../vectors/addresses.json";

// The all-caps, all-lower and normal examples of EIP-55.
const EIP_55 = [
  "0x52908400098527886E0F7030069857D2E4169EE7",
  "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
  "0xde709f2102306220921060314715629080e2fb77",
  "0x27b1fdb04752bbc536007a920d24acb045561c26",
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
  "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
];

test("the examples of EIP-55 are accepted and written again", () => {
  for (const text of EIP_55) {
    const parsed = parseAddress(text);
    expect(parsed).toEqual({ ok: true, value: text.toLowerCase() as Address });
    expect(checksumAddress(text.toLowerCase() as Address)).toBe(text);
  }
});

test("one case alone needs no checksum", () => {
  for (const text of vectors.accepted) {
    expect(parseAddress(text)).toEqual({ ok: true, value: text.toLowerCase() as Address });
  }
});

test("other texts are refused", () => {
  for (const text of vectors.refused) expect(parseAddress(text).ok).toBe(false);
});

test("every single flip of a letter's case is refused, and the right form is named", () => {
  const right = EIP_55[4] as string;
  for (let at = 2; at < right.length; at++) {
    const digit = right[at] as string;
    const flipped = digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase();
    if (flipped === digit) continue;
    const parsed = parseAddress(right.slice(0, at) + flipped + right.slice(at + 1));
    expect(parsed).toMatchObject({ ok: false, refusal: { code: "invalid_checksum", details: { expected: right } } });
  }
});

test("only an uncompressed key has an address", () => {
  const generator = hexToBytes(
    "0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
  );
  expect(publicKeyToAddress(generator)).toBe("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf" as Address);
  expect(() => publicKeyToAddress(generator.subarray(1))).toThrow("uncompressed");
  expect(() => publicKeyToAddress(generator.with(0, 6))).toThrow("uncompressed");
});
