// Which of two connections to the same node stays, so that both ends keep the same one without asking each other.

import type { ConnectionDirection } from "../../ports/index.ts";
import type { Address } from "../../primitives/index.ts";

/** `wait`: the other end opened both, and knows best which is older; it ends one of them. */
export type DuplicateVerdict = "keep_old" | "keep_new" | "wait";

/**
 * The connection opened by the node with the lower key stays; of two with the same opener the older one, by the opener's
 * view. The end that accepted both must not judge by its own view, since the two may have overtaken each other.
 */
export function judgeDuplicate(options: {
  ownKey: Address;
  otherKey: Address;
  oldDirection: ConnectionDirection;
  newDirection: ConnectionDirection;
}): DuplicateVerdict {
  const { ownKey, otherKey, oldDirection, newDirection } = options;
  if (oldDirection === newDirection) return newDirection === "outbound" ? "keep_old" : "wait";
  const isOldByUs = oldDirection === "outbound";
  // Keys are lower-case hex of one length, so their order as text is that of their bytes.
  return isOldByUs === ownKey < otherKey ? "keep_old" : "keep_new";
}
