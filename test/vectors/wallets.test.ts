// Independent checks of the golden vectors: viem and ethers know nothing of this code, and come to the same domain
// separators, type hashes, digests, signatures, addresses and checksums.

import { expect, test } from "bun:test";
import * as ethers from "ethers";
import * as viem from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { TypedField } from "../../src/core/crypto/index.ts";
import { TRANSACTION_KINDS } from "../../src/core/protocol/index.ts";
import addressVectors from "./addresses.json";
import vectors from "./transactions.json";

type Vector = (typeof vectors.transactions)[number];

const domain = { ...vectors.domain, salt: vectors.domain.salt as viem.Hex };
const account = privateKeyToAccount(vectors.secretKey as viem.Hex);
const wallet = new ethers.Wallet(vectors.secretKey);

function typedDataOf(vector: Vector) {
  const kind = TRANSACTION_KINDS.find(({ type }) => type === vector.type);
  const { name, fields } = kind?.struct ?? { name: "", fields: [] };
  const types: Record<string, TypedField[]> = { [name]: [...fields] };
  return { primaryType: name, types, message: { ...vector.fields } };
}

/** The signature as the wallets write it: v is 27 plus the parity. */
function walletForm(signature: string): string {
  return `${signature.slice(0, -2)}${signature.endsWith("01") ? "1c" : "1b"}`;
}

test("every kind has vectors", () => {
  const kinds = new Set(vectors.transactions.map(({ type }) => type));
  expect([...kinds].toSorted()).toEqual(TRANSACTION_KINDS.map(({ type }) => type).toSorted());
});

for (const [index, vector] of vectors.transactions.entries()) {
  const { primaryType, types, message } = typedDataOf(vector);

  test(`viem agrees on transaction ${index}, a ${vector.type}`, async () => {
    const data = { domain, types, primaryType, message } as Parameters<typeof viem.hashTypedData>[0];
    expect(viem.hashTypedData(data)).toBe(vector.digest as viem.Hex);
    expect(await account.signTypedData(data)).toBe(walletForm(vector.signature) as viem.Hex);
    expect(viem.keccak256(viem.stringToHex(vector.structType))).toBe(vector.typeHash as viem.Hex);
  });

  test(`ethers agrees on transaction ${index}, a ${vector.type}`, async () => {
    const encoder = ethers.TypedDataEncoder.from(types);
    expect(encoder.primaryType).toBe(primaryType);
    expect(encoder.encodeType(primaryType)).toBe(vector.structType);
    expect(encoder.hash(message)).toBe(vector.structHash);
    expect(ethers.TypedDataEncoder.hash(domain, types, message)).toBe(vector.digest);
    expect(await wallet.signTypedData(domain, types, message)).toBe(walletForm(vector.signature));
  });
}

test("both agree on the domain separator", () => {
  expect(viem.domainSeparator({ domain })).toBe(vectors.domainSeparator as viem.Hex);
  expect(ethers.TypedDataEncoder.hashDomain(domain)).toBe(vectors.domainSeparator);
});

test("both agree on addresses and checksums", () => {
  for (const { secretKey, address, checksummed } of addressVectors.addresses) {
    expect(privateKeyToAccount(secretKey as viem.Hex).address).toBe(checksummed as viem.Hex);
    expect(ethers.computeAddress(secretKey)).toBe(checksummed);
    expect(viem.getAddress(address)).toBe(checksummed as viem.Hex);
  }
});
