// A signature holds a transaction together: what is signed survives every way of writing it, and no change of it by
// anybody else is taken.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson } from "../../src/app/json/index.ts";
import { transactionFromJson, transactionToJson } from "../../src/client/json/index.ts";
import { type Bytes, bytesToHash, type Hash, type Signature } from "../../src/core/primitives/index.ts";
import {
  createSigningDomain,
  decodeTransaction,
  encodeTransaction,
  type SignedTransaction,
  signTransaction,
  transactionHash,
  type VerifiedTransaction,
  verifyTransaction,
} from "../../src/core/protocol/index.ts";
import { testAccount } from "../support/chainFixture.ts";
import { anySignedTransaction } from "./arbitraries.ts";
import { checkProperty } from "./checkProperty.ts";

// The order of the curve's group (SEC 2, section 2.4.1).
const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const anyHash: fc.Arbitrary<Hash> = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHash);

/** A transaction of any kind, signed by its sender. */
const anyVerified = fc
  .tuple(anySignedTransaction, fc.nat(9), anyHash)
  .map(([{ transaction }, index, genesisHash]): { signed: VerifiedTransaction; genesisHash: Hash } => {
    const { address, secretKey } = testAccount(index);
    const domain = createSigningDomain(genesisHash);
    return {
      signed: signTransaction({ transaction: { ...transaction, from: address }, secretKey, domain }),
      genesisHash,
    };
  });

/** Whether a node of the chain would take these bytes for a transaction of the one who signed it. */
function isTaken(bytes: Bytes, genesisHash: Hash): boolean {
  const decoded = decodeTransaction(bytes);
  return decoded.ok && verifyTransaction(decoded.value, createSigningDomain(genesisHash)).ok;
}

function withSignature({ transaction }: SignedTransaction, signature: string): SignedTransaction {
  return { transaction, signature: signature as Signature };
}

test("what is signed is the same after its encoding, and after its JSON", () => {
  checkProperty(
    fc.property(anyVerified, ({ signed, genesisHash }) => {
      const domain = createSigningDomain(genesisHash);
      const { transaction, signature, hash, encoded } = signed;
      expect(encodeTransaction(signed)).toEqual(encoded);
      expect(decodeTransaction(encoded)).toEqual({ ok: true, value: { transaction, signature } });
      const body = new TextEncoder().encode(JSON.stringify(transactionToJson({ signed, hash })));
      const parsed = parseJson(body);
      if (!parsed.ok) throw new RangeError(parsed.refusal.message);
      const read = transactionFromJson(parsed.value, domain);
      expect(read).toEqual({ ok: true, value: { transaction, signature } });
      expect(verifyTransaction({ transaction, signature }, domain)).toEqual({ ok: true, value: signed });
      expect(transactionHash(transaction, domain)).toBe(hash);
    }),
    { numRuns: 60 },
  );
});

test("no change of a byte is taken", () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 8, maxLength: 8 });
  checkProperty(
    fc.property(anyVerified, changes, ({ signed: { encoded }, genesisHash }, drawn) => {
      expect(isTaken(encoded, genesisHash)).toBe(true);
      for (const [at, mask] of drawn) {
        const index = at % encoded.length;
        const changed = encoded.with(index, (encoded[index] as number) ^ mask);
        if (isTaken(changed, genesisHash)) throw new Error(`byte ${index} of ${encoded.toHex()} with ${mask}`);
      }
    }),
    { numRuns: 60 },
  );
});

test("nor the other form of the signature, nor the signature of another transaction or chain", () => {
  checkProperty(
    fc.property(anyVerified, anyVerified, ({ signed, genesisHash }, other) => {
      fc.pre(other.genesisHash !== genesisHash);
      const { signature } = signed;
      const highS = (GROUP_ORDER - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
      const parity = signature.endsWith("00") ? "01" : "00";
      const forms = [
        `${signature.slice(0, 66)}${highS}${parity}`,
        `${signature.slice(0, 66)}${highS}${signature.slice(130)}`,
        `${signature.slice(0, 130)}${parity}`,
        other.signed.signature,
      ];
      for (const form of forms) {
        expect(isTaken(encodeTransaction(withSignature(signed, form)), genesisHash)).toBe(false);
      }
      expect(isTaken(signed.encoded, other.genesisHash)).toBe(false);
    }),
    { numRuns: 40 },
  );
});
