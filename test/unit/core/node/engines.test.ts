// The engine that a genesis asks for.

import { expect, test } from "bun:test";
import { decodePowSeal } from "../../../../src/core/consensus/pow/index.ts";
import { createEngine } from "../../../../src/core/node/engines.ts";
import { testGenesis } from "../../../support/chainFixture.ts";

test("proof of work of the genesis' difficulty", () => {
  const engine = createEngine(testGenesis({ consensus: { engine: "pow", difficulty: 3, retarget: true } }));
  expect(engine.name).toBe("pow");
  expect(decodePowSeal(engine.genesisSeal)).toEqual({ target: 2n ** 244n - 1n, nonce: 0 });
});
