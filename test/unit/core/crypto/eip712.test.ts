// Typed data. The digests that wallets come to are in test/vectors/wallets.test.ts; here are the parts and their edges.

import { expect, test } from "bun:test";
import {
  hashDomain,
  hashStruct,
  keccak256,
  type TypedStruct,
  typedDataDigest,
  typeHash,
} from "../../../../src/core/crypto/index.ts";
import { concatBytes, UINT_MAX } from "../../../../src/core/primitives/index.ts";

const struct: TypedStruct = {
  name: "Sample",
  fields: [
    { name: "who", type: "address" },
    { name: "count", type: "uint64" },
    { name: "words", type: "string" },
    { name: "data", type: "bytes" },
  ],
};
const WHO = `0x${"ab".repeat(20)}`;

function word(digits: string): Uint8Array {
  return Uint8Array.fromHex(digits.padStart(64, "0"));
}

function hashOf(values: readonly (string | number | Uint8Array)[]): string {
  return hashStruct({ struct, typeHash: typeHash(struct), values }).toHex();
}

test("a type's hash is that of its declaration", () => {
  const declaration = "Sample(address who,uint64 count,string words,bytes data)";
  expect(typeHash(struct)).toEqual(keccak256(new TextEncoder().encode(declaration)));
});

test("a struct's hash is that of its type and of one word a field", () => {
  for (const [count, digits] of [
    [0, ""],
    [1, "01"],
    [256, "0100"],
    [2 ** 32, "0100000000"],
    [UINT_MAX, "1fffffffffffff"],
  ] as const) {
    const expected = keccak256(
      concatBytes(
        typeHash(struct),
        word("ab".repeat(20)),
        word(digits),
        keccak256(new TextEncoder().encode("hé")),
        keccak256(Uint8Array.of(1, 2)),
      ),
    );
    expect(hashOf([WHO, count, "hé", Uint8Array.of(1, 2)])).toBe(expected.toHex());
  }
});

test("every field changes the hash", () => {
  const data = Uint8Array.of(1);
  const hashes = [
    hashOf([WHO, 1, "a", data]),
    hashOf([`0x${"ac".repeat(20)}`, 1, "a", data]),
    hashOf([WHO, 2, "a", data]),
    hashOf([WHO, 1, "b", data]),
    hashOf([WHO, 1, "a", Uint8Array.of(2)]),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("values that do not fit their fields crash", () => {
  const data = Uint8Array.of(1);
  expect(() => hashOf([WHO, 1, "a"])).toThrow("a value for each field");
  expect(() => hashOf([1, 1, "a", data])).toThrow("who is an address");
  expect(() => hashOf([WHO, "1", "a", data])).toThrow("count is an integer");
  expect(() => hashOf([WHO, 1, 2, data])).toThrow("words is text");
  expect(() => hashOf([WHO, 1, "a", "0x01"])).toThrow("data is bytes");
});

test.each([
  ["an address of 19 bytes", [`0x${"ab".repeat(19)}`, 1, "a", Uint8Array.of(1)]],
  ["an address of 21 bytes", [`0x${"ab".repeat(21)}`, 1, "a", Uint8Array.of(1)]],
  ["a negative number", [WHO, -1, "a", Uint8Array.of(1)]],
  ["a fraction", [WHO, 1.5, "a", Uint8Array.of(1)]],
  ["2^53", [WHO, 2 ** 53, "a", Uint8Array.of(1)]],
] as const)("%s crashes instead of being hashed as another value", (_, values) => {
  expect(() => hashOf(values)).toThrow();
});

test("a domain takes a salt of 32 bytes, and each part changes it", () => {
  const salt = new Uint8Array(32);
  const separator = hashDomain({ name: "Aureon", version: "1", salt }).toHex();
  expect(hashDomain({ name: "aureon", version: "1", salt }).toHex()).not.toBe(separator);
  expect(hashDomain({ name: "Aureon", version: "2", salt }).toHex()).not.toBe(separator);
  expect(hashDomain({ name: "Aureon", version: "1", salt: salt.with(31, 1) }).toHex()).not.toBe(separator);
  expect(() => hashDomain({ name: "Aureon", version: "1", salt: salt.subarray(1) })).toThrow("32 bytes");
});

test("a digest is that of the prefix of EIP-191, the domain and the struct", () => {
  const domainSeparator = word("01");
  const structHash = word("02");
  const expected = keccak256(concatBytes(Uint8Array.of(0x19, 0x01), domainSeparator, structHash));
  expect(typedDataDigest({ domainSeparator, structHash })).toEqual(expected);
});
