// Transactions survive the way to JSON and back, and each change of a field is noticed by the hash that goes with them.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { transactionFromJson, transactionToJson } from "../../src/client/json/index.ts";
import { ZERO_HASH } from "../../src/core/primitives/index.ts";
import { createSigningDomain, type SignedTransaction, transactionHash } from "../../src/core/protocol/index.ts";
import { anySignedTransaction } from "./arbitraries.ts";
import { checkProperty } from "./checkProperty.ts";

const domain = createSigningDomain(ZERO_HASH);

/** With a signature that has the one form that is accepted: parity 0 or 1, low S. */
const anyTransaction: fc.Arbitrary<SignedTransaction> = fc
  .tuple(anySignedTransaction, fc.constantFrom("00", "01"))
  .map(([signed, parity]) => {
    const { transaction, signature } = signed;
    return { transaction, signature: `${signature.slice(0, 66)}00${signature.slice(68, 130)}${parity}` as never };
  });

function toText(signed: SignedTransaction): string {
  return JSON.stringify(transactionToJson({ signed, hash: transactionHash(signed.transaction, domain) }));
}

test("to JSON and back is the identity", () => {
  checkProperty(
    fc.property(anyTransaction, (signed) => {
      expect(transactionFromJson(JSON.parse(toText(signed)), domain)).toEqual({ ok: true, value: signed });
    }),
    { numRuns: 1_000 },
  );
});

test("any signed field changed to another valid value no longer fits the hash", () => {
  checkProperty(
    fc.property(anyTransaction, fc.constantFrom("nonce", "gasLimit", "gasPrice", "expiry"), (signed, field) => {
      const json = JSON.parse(toText(signed));
      json[field] = json[field] === 7 ? 8 : 7;
      expect(transactionFromJson(json, domain)).toMatchObject({ ok: false, refusal: { code: "hash_mismatch" } });
    }),
    { numRuns: 500 },
  );
});

test("any field taken away is missing, but for those that are not signed", () => {
  checkProperty(
    fc.property(anyTransaction, fc.nat(), (signed, at) => {
      const json = JSON.parse(toText(signed));
      const names = Object.keys(json).filter((name) => name !== "hash" && name !== "type");
      const name = names[at % names.length] as string;
      delete json[name];
      expect(transactionFromJson(json, domain)).toMatchObject({
        ok: false,
        refusal: { code: "missing_field", details: { field: name } },
      });
    }),
    { numRuns: 500 },
  );
});
