// What is remembered of invalid blocks: refusals that hold for a hash, and as many as the bound allows.

import { expect, test } from "bun:test";
import { InvalidBlocks } from "../../../../src/core/chain/invalidBlocks.ts";
import { hashOf } from "../../../support/storeRecords.ts";

test("a refusal that holds for good is remembered, one that may pass is not", () => {
  const invalid = new InvalidBlocks();
  invalid.add(hashOf(1), { code: "gas_mismatch", message: "" });
  invalid.add(hashOf(2), { code: "invalid_parent", message: "" });
  for (const code of ["timestamp_ahead", "body_mismatch", "unknown_parent", "reorg_too_deep"] as const) {
    invalid.add(hashOf(3), { code, message: "" });
  }
  expect([1, 2, 3].map((name) => invalid.get(hashOf(name))?.code)).toEqual([
    "gas_mismatch",
    "invalid_parent",
    undefined,
  ]);
});

test("of more than 1,024 the oldest are forgotten", () => {
  const invalid = new InvalidBlocks();
  for (let name = 0; name <= 1024; name++) invalid.add(hashOf(name), { code: "state_mismatch", message: "" });
  expect([0, 1, 1024].map((name) => invalid.get(hashOf(name))?.code)).toEqual([
    undefined,
    "state_mismatch",
    "state_mismatch",
  ]);
});
