// Encodings are canonical: encoding and decoding are inverse, and bytes that are accepted are the only ones of their
// value, so nobody can write one transaction, header, body, receipt or account in two ways.

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Bytes, Decoded } from "../../src/core/primitives/index.ts";
import {
  decodeBody,
  decodeHeader,
  decodeReceipt,
  decodeTransaction,
  encodeBody,
  encodeHeader,
  encodeReceipt,
  encodeTransaction,
} from "../../src/core/protocol/index.ts";
import { decodeAccount, encodeAccount } from "../../src/core/state/index.ts";
import { anyAccount, anyBody, anyHeader, anyReceipt, anySignedTransaction } from "./arbitraries.ts";
import { checkProperty } from "./checkProperty.ts";

interface Format<Value> {
  readonly name: string;
  readonly values: fc.Arbitrary<Value>;
  readonly encode: (value: Value) => Bytes | undefined;
  readonly decode: (bytes: Bytes) => Decoded<Value>;
}

/** Decodes, and where that is accepted holds the bytes to be the value's own. */
function isRefusedOrCanonical<Value>(format: Format<Value>, bytes: Bytes): boolean {
  const decoded = format.decode(bytes);
  return !decoded.ok || format.encode(decoded.value)?.toHex() === bytes.toHex();
}

function holdFormat<Value>(format: Format<Value>): void {
  const { name, values, encode, decode } = format;
  const encoded = (value: Value) => encode(value) ?? new Uint8Array(0);

  test(`${name}: what is encoded decodes to itself`, () => {
    checkProperty(
      fc.property(values, (value) => {
        expect(decode(encoded(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 500 },
    );
  });

  test(`${name}: every change of one byte is refused or is the encoding of another value`, () => {
    checkProperty(
      fc.property(values, fc.integer({ min: 1, max: 255 }), (value, mask) => {
        const bytes = encoded(value);
        for (let at = 0; at < bytes.length; at++) {
          const mutated = bytes.with(at, (bytes[at] as number) ^ mask);
          if (!isRefusedOrCanonical(format, mutated)) throw new Error(`byte ${at} of ${bytes.toHex()} with ${mask}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: a cut or a longer encoding is refused`, () => {
    checkProperty(
      fc.property(values, fc.uint8Array({ minLength: 1, maxLength: 4 }), (value, more) => {
        const bytes = encoded(value);
        for (let length = 0; length < bytes.length; length++) {
          // A cut of one that ends in a count can leave another whole value; it is canonical then.
          if (!isRefusedOrCanonical(format, bytes.subarray(0, length))) throw new Error(`cut to ${length}`);
        }
        expect(decode(Uint8Array.of(...bytes, ...more)).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: any bytes are refused or canonical`, () => {
    checkProperty(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isSparse) => {
        // Bytes that are mostly zero get past the counts more often.
        const input = isSparse ? bytes.map((byte) => (byte < 240 ? 0 : byte & 3)) : bytes;
        expect(isRefusedOrCanonical(format, input)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
}

holdFormat({
  name: "transaction",
  values: anySignedTransaction,
  encode: encodeTransaction,
  decode: decodeTransaction,
});
holdFormat({ name: "header", values: anyHeader, encode: encodeHeader, decode: decodeHeader });
holdFormat({ name: "body", values: anyBody, encode: encodeBody, decode: decodeBody });
holdFormat({ name: "receipt", values: anyReceipt, encode: encodeReceipt, decode: decodeReceipt });
holdFormat({ name: "account", values: anyAccount, encode: encodeAccount, decode: decodeAccount });

test("an account of zeros without code is absent, so 25 zero bytes are no account", () => {
  expect(decodeAccount(new Uint8Array(25)).ok).toBe(false);
});
