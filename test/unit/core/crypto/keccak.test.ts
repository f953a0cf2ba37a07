// Keccak-256 with Ethereum's padding, not SHA3-256.

import { expect, test } from "bun:test";
import { keccak256, keccak256Text } from "../../../../src/core/crypto/index.ts";

test("known answers", () => {
  expect(keccak256(new Uint8Array(0)).toHex()).toBe("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  expect(keccak256Text("abc").toHex()).toBe("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  expect(keccak256Text("é")).toEqual(keccak256(Uint8Array.of(0xc3, 0xa9)));
});

test("text with a lone surrogate crashes", () => {
  expect(() => keccak256Text("\ud800")).toThrow("lone surrogate");
});
