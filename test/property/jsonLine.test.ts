// Lines against JSON.parse and against the strict parser of request bodies: equal where both accept, and never laxer.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson } from "../../src/app/json/index.ts";
import { parseJsonLine } from "../../src/io/tcp/index.ts";
import { checkProperty } from "./checkProperty.ts";

const word = fc.string({ unit: fc.constantFrom(..."ab0 {}[]:,"), maxLength: 6 });
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(null, true, false),
    fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)),
    word,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(word, tie("value"), { maxKeys: 4 }),
  ),
}));
const anyLine = fc.dictionary(word, anyValue, { maxKeys: 5 }).map((value) => JSON.stringify(value));

test("what JSON.stringify writes is read as JSON.parse reads it", () => {
  checkProperty(
    fc.property(anyLine, (line) => {
      expect(parseJsonLine(line)).toEqual({ ok: true, value: JSON.parse(line) });
    }),
    { numRuns: 3_000 },
  );
});

test("a line with one part changed is never taken where the strict parser of bodies refuses it", () => {
  const part = fc.oneof(
    fc.constantFrom(...'{}[]",:\\0123456789.-+eEtfnu \n\u0000é'),
    fc.string({ maxLength: 3 }),
    word,
  );
  checkProperty(
    fc.property(anyLine, fc.nat(), part, fc.nat(3), (line, at, other, removed) => {
      const index = at % (line.length + 1);
      const changed = (line.slice(0, index) + other + line.slice(index + removed)).toWellFormed();
      const parsed = parseJsonLine(changed);
      if (!parsed.ok) return;
      const strict = parseJson(new TextEncoder().encode(changed));
      expect(strict.ok).toBe(true);
      if (strict.ok) expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(strict.value));
    }),
    { numRuns: 10_000 },
  );
});
