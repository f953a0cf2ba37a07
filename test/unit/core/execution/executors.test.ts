// The kinds that this version executes.

import { expect, test } from "bun:test";
import { isEnabled } from "../../../../src/core/execution/executors.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";

test("transfers, deploys and calls are executed, and nothing else yet", () => {
  const enabled = Object.values(ORDINARY_TRANSACTIONS).filter(isEnabled);
  expect(enabled.map(({ type }) => type)).toEqual(["transfer", "deploy", "call"]);
});
