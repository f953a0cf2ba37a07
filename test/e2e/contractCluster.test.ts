// Three compiled nodes run mixed deployments and calls with failures of each kind, and agree on every root and receipt.
// `make soak-contracts` runs thousands.

import { beforeAll, expect, test } from "bun:test";
import { runContractCampaign } from "../support/contractCampaign.ts";
import { useFastCrypto } from "../support/fastCrypto.ts";

const CALLS = 300;
/** All that a transaction can come to which nodes take in; `insufficientBalance` and the like are of nested calls alone. */
const REASONS = [
  ...["none", "revert", "outOfGas", "trap", "noContract", "noFunction", "badArguments"],
  ...["hostRange", "stackExhausted", "limitExceeded", "refund"],
];

beforeAll(useFastCrypto);

test(`${CALLS} transactions come to the same on three nodes, and to what the model says`, async () => {
  const { sent, reasons } = await runContractCampaign({ calls: CALLS, seed: 1 });
  expect(sent).toBe(CALLS);
  expect([...reasons.keys()].toSorted()).toEqual(REASONS.toSorted());
}, 120_000);
