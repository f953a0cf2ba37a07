// Under what key gossip remembers bytes that it has seen: the SHA-256 of all of them. A transaction's hash leaves its
// signature out and a block's its body, so neither can tell right bytes from wrong ones.

import { sha256 } from "../../crypto/index.ts";
import { type Bytes, bytesToHash, type Hash } from "../../primitives/index.ts";

export function wireIdOf(encoded: Bytes): Hash {
  return bytesToHash(sha256(encoded));
}
