// Reads an answer with headers: each must continue the one before, the first a hash of the locator, and all must be valid.
// Those that the node has are passed over.

import { sha256 } from "../../crypto/index.ts";
import { type Bytes, bytesToHash, type Hash } from "../../primitives/index.ts";
import { decodeHeader } from "../../protocol/index.ts";
import type { ChainAccess, TracedHeader } from "../chainAccess.ts";
import type { InvalidHashes } from "./invalidHashes.ts";

export interface HeadersAnswer {
  /** The last block or pending header before the first new header; undefined when there is no header at all. */
  readonly base: Hash | undefined;
  /** Valid and new, in ascending height. */
  readonly headers: readonly TracedHeader[];
  /** Why the rest of the answer was not read. */
  readonly end: "all" | "early" | "overtaken" | { readonly invalid: string };
}

export function readHeaders(options: {
  answer: readonly Bytes[];
  locator: ReadonlySet<Hash>;
  chain: ChainAccess;
  /** Headers that are checked and not kept yet. */
  known: (hash: Hash) => TracedHeader | undefined;
  invalidHashes: InvalidHashes;
}): HeadersAnswer {
  const { answer, locator, chain, known, invalidHashes } = options;
  const fresh = new Map<Hash, TracedHeader>();
  const overlay = (hash: Hash) => fresh.get(hash) ?? known(hash);
  let base: Hash | undefined;
  let previous: Hash | undefined;
  const result = (end: HeadersAnswer["end"]): HeadersAnswer => ({ base, headers: [...fresh.values()], end });
  for (const encoded of answer) {
    const decoded = decodeHeader(encoded);
    if (!decoded.ok) return result({ invalid: `a header does not decode: ${decoded.reason}` });
    const header = decoded.value;
    // A header has one encoding, so its hash is that of the bytes that came.
    const hash = bytesToHash(sha256(encoded));
    const connects = previous === undefined ? locator.has(header.parentHash) : header.parentHash === previous;
    if (!connects) return result({ invalid: `header ${hash} does not continue what came before it` });
    if (invalidHashes.has(hash)) return result({ invalid: `header ${hash} is known to be invalid` });
    previous = hash;
    base ??= header.parentHash;
    if (fresh.size === 0 && (chain.header(hash) ?? known(hash)) !== undefined) {
      base = hash;
      continue;
    }
    const verdict = chain.checkHeader(header, overlay);
    switch (verdict.kind) {
      case "valid":
        fresh.set(hash, verdict.header);
        break;
      case "early":
        return result("early");
      case "unknown_parent":
        // What was pending when the locator was made has been dropped since; nothing is wrong with the answer.
        return result("overtaken");
      case "invalid":
        invalidHashes.add(hash);
        return result({ invalid: `header ${hash}: ${verdict.message}` });
    }
  }
  return result("all");
}
