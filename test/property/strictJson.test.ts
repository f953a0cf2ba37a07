// The strict JSON parser against JSON.parse: equal where both accept, and never laxer.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson } from "../../src/app/json/index.ts";
import { checkProperty } from "./checkProperty.ts";

const encoder = new TextEncoder();

/** Values whose numbers are integers from 0 to 2^53-1 and whose strings have UTF-8 forms. */
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "toString")), tie("value"), {
      maxKeys: 5,
    }),
  ),
}));

function parseOrUndefined(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

test("what JSON.stringify writes is read as JSON.parse reads it", () => {
  checkProperty(
    fc.property(anyValue, fc.constantFrom(0, 1, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parsed = parseJson(encoder.encode(text));
      expect(parsed.ok).toBe(true);
      // Written again, both must be the same text: this compares `__proto__` keys and their order too.
      expect(JSON.stringify((parsed as { value: unknown }).value)).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 2_000 },
  );
});

test("a text with one character changed is never accepted where JSON.parse refuses, nor read as another value", () => {
  const character = fc.oneof(fc.constantFrom(...'{}[]",:\\0123456789.-+eEtfnu \n\u0000'), fc.string({ maxLength: 2 }));
  checkProperty(
    fc.property(anyValue, fc.nat(), character, fc.boolean(), (value, at, other, isInserted) => {
      const text = JSON.stringify(value);
      const index = at % (text.length + 1);
      const changed = (text.slice(0, index) + other + text.slice(isInserted ? index : index + 1)).toWellFormed();
      const parsed = parseJson(encoder.encode(changed));
      if (!parsed.ok) return;
      const reference = parseOrUndefined(changed);
      expect(reference).toBeDefined();
      expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(reference?.value));
    }),
    { numRuns: 5_000 },
  );
});

test("any bytes at all give a value or a refusal", () => {
  checkProperty(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const parsed = parseJson(bytes);
      if (!parsed.ok) expect(parsed.refusal.message.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});
