// Refusals carry a code, a sentence and figures.

import { expect, test } from "bun:test";
import { accept, refuse } from "../../../../src/core/primitives/index.ts";

test("an accepted value is handed on", () => {
  expect(accept(7)).toEqual({ ok: true, value: 7 });
});

test("a refusal has details only when there are some", () => {
  expect(refuse("too_low", "1 is below 2", { value: 1 })).toEqual({
    ok: false,
    refusal: { code: "too_low", message: "1 is below 2", details: { value: 1 } },
  });
  expect(Object.keys(refuse("too_low", "1 is below 2").refusal)).toEqual(["code", "message"]);
});
