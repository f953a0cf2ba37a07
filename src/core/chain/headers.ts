// Headers by hash, through a bounded cache: engines look back over the same few at every block.

import type { Ancestry } from "../consensus/index.ts";
import type { StoreReader } from "../ports/index.ts";
import { assert, type Hash } from "../primitives/index.ts";
import { decodeHeader, type Header } from "../protocol/index.ts";

const CACHED_HEADERS_MAX = 512;

export interface ChainHeader {
  readonly hash: Hash;
  readonly header: Header;
  /** Sum of the work of the chain that ends in this header. */
  readonly totalWork: bigint;
}

/** Headers that are checked and not kept, such as those of a sync under way. */
export type HeaderOverlay = (hash: Hash) => ChainHeader | undefined;

/** Reads a header from the store; one that doesn't decode is a damaged store. */
export function loadHeader(store: StoreReader, hash: Hash): ChainHeader | undefined {
  const stored = store.header(hash);
  if (stored === undefined) return undefined;
  const decoded = decodeHeader(stored.header);
  assert(decoded.ok, "a stored header decodes");
  return { hash, header: decoded.value, totalWork: stored.totalWork };
}

export class HeaderChain {
  private readonly store: StoreReader;
  /** Oldest first; headers of kept blocks alone. */
  private readonly cache = new Map<Hash, ChainHeader>();

  constructor(store: StoreReader) {
    this.store = store;
  }

  get(hash: Hash): ChainHeader | undefined {
    const cached = this.cache.get(hash);
    if (cached !== undefined) return cached;
    const loaded = loadHeader(this.store, hash);
    if (loaded !== undefined) this.add(loaded);
    return loaded;
  }

  add(header: ChainHeader): void {
    this.cache.set(header.hash, header);
    for (const oldest of this.cache.keys()) {
      if (this.cache.size <= CACHED_HEADERS_MAX) return;
      this.cache.delete(oldest);
    }
  }

  /** The store does not keep these blocks any more. */
  drop(hashes: readonly Hash[]): void {
    for (const hash of hashes) this.cache.delete(hash);
  }

  /** What was read may not be in the store any more. */
  forget(): void {
    this.cache.clear();
  }

  /** What an engine sees from a block whose parent is `parent`. The overlay is asked before the store. */
  ancestry(parent: ChainHeader, overlay?: HeaderOverlay): Ancestry {
    const seen: Header[] = [parent.header];
    return {
      header: (distance) => {
        while (seen.length <= distance) {
          const last = seen[seen.length - 1] as Header;
          if (last.height === 0) return undefined;
          const next = overlay?.(last.parentHash) ?? this.get(last.parentHash);
          if (next === undefined) return undefined;
          seen.push(next.header);
        }
        return seen[distance];
      },
    };
  }
}
