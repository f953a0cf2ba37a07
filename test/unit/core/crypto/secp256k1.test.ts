// Keys, signatures and the recovery of signers.

import { expect, test } from "bun:test";
import { isSecretKey, recoverSigner, secretKeyToAddress, sha256, sign } from "../../../../src/core/crypto/index.ts";
import { bytesToSignature, hexToBytes, type Signature } from "../../../../src/core/primitives/index.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const digest = sha256(Uint8Array.of(1, 2, 3));
const secretKey = sha256(Uint8Array.of(4));
const signer = secretKeyToAddress(secretKey);
const signature = sign({ digest, secretKey });

function word(value: bigint): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(64, "0"));
}

/** The signature with another value in place of some of its bytes. */
function changed(part: { at: number; bytes: Uint8Array }): Signature {
  const bytes = hexToBytes(signature);
  bytes.set(part.bytes, part.at);
  return bytesToSignature(bytes);
}

test("secret keys are 32 bytes from 1 to n-1", () => {
  expect(isSecretKey(word(1n))).toBe(true);
  expect(isSecretKey(word(ORDER - 1n))).toBe(true);
  expect(isSecretKey(word(0n))).toBe(false);
  expect(isSecretKey(word(ORDER))).toBe(false);
  expect(isSecretKey(new Uint8Array(31).fill(1))).toBe(false);
  expect(isSecretKey(new Uint8Array(33).fill(1))).toBe(false);
});

test("a signature is deterministic, canonical and its signer's", () => {
  expect(sign({ digest, secretKey })).toBe(signature);
  expect(recoverSigner({ digest, signature })).toBe(signer);
});

test("over another digest, or by another key, it is somebody else's or nobody's", () => {
  expect(recoverSigner({ digest: digest.with(0, 0), signature })).not.toBe(signer);
  expect(recoverSigner({ digest, signature: sign({ digest, secretKey: word(9n) }) })).toBe(
    secretKeyToAddress(word(9n)),
  );
});

test("the twin with a high S and the other parity, which the curve allows, is refused", () => {
  const bytes = hexToBytes(signature);
  const s = BigInt(`0x${bytes.subarray(32, 64).toHex()}`);
  bytes.set(word(ORDER - s), 32);
  bytes[64] = (bytes[64] as number) ^ 1;
  expect(recoverSigner({ digest, signature: bytesToSignature(bytes) })).toBeUndefined();
});

test("the greatest S is half of the order", () => {
  expect(recoverSigner({ digest, signature: changed({ at: 32, bytes: word(ORDER / 2n) }) })).toBeDefined();
  expect(recoverSigner({ digest, signature: changed({ at: 32, bytes: word(ORDER / 2n + 1n) }) })).toBeUndefined();
});

test("a signature has one written form: upper case, by which S would be compared wrongly, is refused", () => {
  const upper = `0x${signature.slice(2).toUpperCase()}` as Signature;
  expect(upper).not.toBe(signature);
  expect(recoverSigner({ digest, signature: upper })).toBeUndefined();
});

test("a parity past 1 is refused: the forms 2, 3, 27 and 28 would be second encodings", () => {
  for (let parity = 2; parity < 256; parity++) {
    expect(recoverSigner({ digest, signature: changed({ at: 64, bytes: Uint8Array.of(parity) }) })).toBeUndefined();
  }
  const other = Number(signature.at(-1)) ^ 1;
  expect(recoverSigner({ digest, signature: changed({ at: 64, bytes: Uint8Array.of(other) }) })).not.toBe(signer);
});

test("r and s of zero or past the order are refused", () => {
  for (const value of [0n, ORDER, 2n ** 256n - 1n]) {
    expect(recoverSigner({ digest, signature: changed({ at: 0, bytes: word(value) }) })).toBeUndefined();
    expect(recoverSigner({ digest, signature: changed({ at: 32, bytes: word(value) }) })).toBeUndefined();
  }
});

test("a signature of another length is nobody's", () => {
  for (const text of ["0x", signature.slice(0, -2), `${signature}00`, `${signature}0`, signature.slice(2)]) {
    expect(recoverSigner({ digest, signature: text as Signature })).toBeUndefined();
  }
});
