// Both ends judge alike, whatever came first at each.

import { expect, test } from "bun:test";
import { judgeDuplicate } from "../../../../../src/core/network/peers/duplicates.ts";
import { orderedIdentities } from "./harness.ts";

const keys = orderedIdentities(2).map((identity) => identity.nodeKey);

test.each([
  // [own is lower, old opened by us, new opened by us, verdict]
  [true, true, false, "keep_old"],
  [true, false, true, "keep_new"],
  [false, true, false, "keep_new"],
  [false, false, true, "keep_old"],
  [true, true, true, "keep_old"],
  [false, true, true, "keep_old"],
  [true, false, false, "wait"],
  [false, false, false, "wait"],
] as const)("own is lower %p, old by us %p, new by us %p: %s", (isLower, isOldByUs, isNewByUs, verdict) => {
  const [ownKey, otherKey] = isLower ? keys : keys.toReversed();
  if (ownKey === undefined || otherKey === undefined) throw new Error("two identities were made");
  const judged = judgeDuplicate({
    ownKey,
    otherKey,
    oldDirection: isOldByUs ? "outbound" : "inbound",
    newDirection: isNewByUs ? "outbound" : "inbound",
  });
  expect(judged).toBe(verdict);
});
