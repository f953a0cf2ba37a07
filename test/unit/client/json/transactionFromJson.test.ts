// Signed transactions from JSON: field by field, what is refused and how it is said.

import { describe, expect, test } from "bun:test";
import { JsonText, readTransactionFields, transactionFromJson } from "../../../../src/client/json/index.ts";
import { checksumAddress } from "../../../../src/core/crypto/index.ts";
import { ZERO_HASH } from "../../../../src/core/primitives/index.ts";
import { createSigningDomain } from "../../../../src/core/protocol/index.ts";
import { signedTransfer, testAccount } from "../../../support/chainFixture.ts";

const domain = createSigningDomain(ZERO_HASH);
const to = testAccount(1).address;
const signed = signedTransfer({ sender: testAccount(0), to, amount: 5, nonce: 0, domain });
const json = { ...signed.transaction, signature: signed.signature } as const;

function refusal(changes: Record<string, unknown>) {
  const read = transactionFromJson({ ...json, ...changes }, domain);
  return read.ok ? undefined : { code: read.refusal.code, field: read.refusal.details?.field };
}

describe("accepts", () => {
  test("a transaction, with its hash or without", () => {
    const expected = { ok: true, value: { transaction: signed.transaction, signature: signed.signature } } as const;
    expect(transactionFromJson(json, domain)).toEqual(expected);
    expect(transactionFromJson({ ...json, hash: signed.hash.toUpperCase().replace("X", "x") }, domain)).toEqual(
      expected,
    );
  });

  test("a transfer that does not name its type", () => {
    const { type: _type, ...rest } = json;
    expect(transactionFromJson(rest, domain)).toMatchObject({ ok: true, value: { transaction: { type: "transfer" } } });
  });

  test("v as 27 and 28, and upper-case digits", () => {
    const v = signed.signature.endsWith("00") ? "1B" : "1C";
    const read = transactionFromJson({ ...json, signature: `${signed.signature.slice(0, 130)}${v}` }, domain);
    expect(read).toMatchObject({ ok: true, value: { signature: signed.signature } });
  });

  test("an address with its checksum, as lower case", () => {
    const read = transactionFromJson({ ...json, to: checksumAddress(to) }, domain);
    expect(read).toMatchObject({ ok: true, value: { transaction: { to: to } } });
  });

  test("arguments as text as they are, and without a signature a value in their place as its shortest text", () => {
    const { signature, ...unsigned } = json;
    const call = { ...unsigned, type: "call", function: "f" };
    const argsOf = (args: unknown) => {
      const read = readTransactionFields({ ...call, args });
      return read.ok ? read.value.request.args : read;
    };
    expect(argsOf('{ "a": 1 }')).toBe('{ "a": 1 }');
    expect(argsOf({ a: [1, "x", null] })).toBe('{"a":[1,"x",null]}');
    expect(argsOf(null)).toBe("null");
    expect(argsOf(7)).toBe("7");
    expect(argsOf(new JsonText("[1e3,-0.50]"))).toBe("[1e3,-0.50]");
    const signedAs = (args: unknown) => readTransactionFields({ ...call, args, signature });
    expect(signedAs('{ "a": 1 }')).toMatchObject({ ok: true, value: { request: { args: '{ "a": 1 }' } } });
    for (const args of [{ a: 1 }, null, 7, new JsonText("7")]) {
      expect(signedAs(args)).toMatchObject({
        ok: false,
        refusal: { code: "invalid_type", details: { field: "args" } },
      });
    }
  });
});

describe("refuses", () => {
  for (const value of [undefined, null, 1, "text", [json]]) {
    test(`${JSON.stringify(value)} as a transaction`, () => {
      expect(transactionFromJson(value, domain)).toMatchObject({ ok: false, refusal: { code: "invalid_type" } });
    });
  }

  const cases: readonly (readonly [name: string, changes: Record<string, unknown>, code: string])[] = [
    ["type", { type: "mint" }, "invalid_field"],
    ["type", { type: "constructor" }, "invalid_field"],
    ["type", { type: 1 }, "invalid_type"],
    ["data", { data: "0x" }, "unknown_field"],
    ["code", { code: "0x00" }, "unknown_field"],
    ["__proto__", JSON.parse('{"__proto__": 1}'), "unknown_field"],
    ["from", { from: 1 }, "invalid_type"],
    ["from", { from: "0x12" }, "invalid_address"],
    ["to", { to: `0x${"g".repeat(40)}` }, "invalid_address"],
    ["to", { to: to.slice(2) }, "invalid_address"],
    ["to", { to: null }, "invalid_type"],
    ["to", { to: "0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266" }, "invalid_checksum"],
    ["amount", { amount: "5" }, "invalid_type"],
    ["amount", { amount: null }, "invalid_type"],
    ["amount", { amount: true }, "invalid_type"],
    ["amount", { amount: -1 }, "invalid_number"],
    ["amount", { amount: -0 }, "invalid_number"],
    ["amount", { amount: 1.5 }, "invalid_number"],
    ["amount", { amount: 2 ** 53 }, "invalid_number"],
    ["amount", { amount: Number.NaN }, "invalid_number"],
    ["nonce", { nonce: {} }, "invalid_type"],
    ["gasLimit", { gasLimit: [] }, "invalid_type"],
    ["gasPrice", { gasPrice: undefined }, "missing_field"],
    ["expiry", { expiry: undefined }, "missing_field"],
    ["to", { to: undefined }, "missing_field"],
    ["signature", { signature: undefined }, "missing_field"],
    ["signature", { signature: 1 }, "invalid_type"],
    ["signature", { signature: "0x" }, "invalid_signature"],
    ["signature", { signature: `${json.signature}00` }, "invalid_signature"],
    ["signature", { signature: `${json.signature.slice(0, 130)}02` }, "invalid_signature"],
    ["signature", { signature: `0x${"1".repeat(64)}${"f".repeat(64)}00` }, "invalid_signature"],
    ["code", { type: "deploy", to: undefined, args: "{}", code: "0x0" }, "invalid_field"],
    ["code", { type: "deploy", to: undefined, args: "{}", code: "00" }, "invalid_field"],
    ["code", { type: "deploy", to: undefined, args: "{}", code: [0] }, "invalid_type"],
    ["function", { type: "call", function: 1, args: "" }, "invalid_type"],
    ["function", { type: "call", function: "\ud800", args: "" }, "invalid_field"],
    ["args", { type: "call", function: "f", args: "\udc00" }, "invalid_field"],
    ["args", { type: "call", function: "f" }, "missing_field"],
    ["hash", { hash: 1 }, "invalid_type"],
    ["hash", { hash: "0x12" }, "invalid_hash"],
  ];
  for (const [field, changes, code] of cases) {
    test(`${JSON.stringify(changes)} as ${code}`, () => {
      const found = refusal(changes);
      expect(found).toEqual({ code, field } as never);
    });
  }

  test("a hash of other fields or of another chain", () => {
    expect(refusal({ hash: ZERO_HASH })?.code).toBe("hash_mismatch");
    const elsewhere = createSigningDomain(signed.hash);
    expect(transactionFromJson({ ...json, hash: signed.hash }, elsewhere)).toMatchObject({
      ok: false,
      refusal: { code: "hash_mismatch", details: { given: signed.hash } },
    });
  });
});
