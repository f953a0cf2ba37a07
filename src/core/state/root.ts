// From changed state values to the changed leaves of the tree.

import { sha256 } from "../crypto/index.ts";
import { type LeafChange, pathOf } from "../merkle/index.ts";
import type { Bytes } from "../primitives/index.ts";

/** The leaves that state changes come to. */
export function leafChanges(
  changes: Iterable<{ readonly key: Bytes; readonly value: Bytes | undefined }>,
): LeafChange[] {
  return Array.from(changes, ({ key, value }) => ({
    path: pathOf(key).toHex(),
    valueHash: value === undefined ? undefined : sha256(value),
  }));
}
