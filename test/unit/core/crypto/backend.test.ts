// The choice of a backend, and the checks that one passes before it is used.

import { afterEach, expect, test } from "bun:test";
import { cryptoBackend, nobleBackend, sha256, useCryptoBackend } from "../../../../src/core/crypto/index.ts";

afterEach(() => useCryptoBackend(nobleBackend));

test("SHA-256 gives the known answers of FIPS 180-4", () => {
  expect(sha256(new Uint8Array(0)).toHex()).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const twoBlocks = new TextEncoder().encode("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
  expect(sha256(twoBlocks).toHex()).toBe("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
});

test("a given output is written and returned", () => {
  const output = new Uint8Array(32);
  expect(sha256(Uint8Array.of(1), output)).toBe(output);
  expect(output.toHex()).toBe(sha256(Uint8Array.of(1)).toHex());
});

test("a backend in use answers for the whole thread", () => {
  const named = { ...nobleBackend, name: "another name" };
  useCryptoBackend(named);
  expect(cryptoBackend()).toBe(named);
});

test("a backend that is wrong is not taken", () => {
  const wrongHash = { ...nobleBackend, name: "wrong hash", sha256: () => new Uint8Array(32) };
  const wrongKeccak = { ...nobleBackend, name: "SHA-3", keccak256: nobleBackend.sha256 };
  const recoversNothing = { ...nobleBackend, name: "recovers nothing", recoverPublicKey: () => undefined };
  const wrongKey = { ...nobleBackend, name: "wrong key", recoverPublicKey: () => new Uint8Array(65).fill(4) };
  for (const backend of [wrongHash, wrongKeccak, recoversNothing, wrongKey]) {
    expect(() => useCryptoBackend(backend)).toThrow(backend.name);
    expect(cryptoBackend()).toBe(nobleBackend);
  }
});
