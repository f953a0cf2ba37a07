// Locators: hashes of a chain from its tip down, dense at first and then ever sparser, so that another node finds the last
// block that both have.

import { assert, defined, type Hash, type Height } from "../../primitives/index.ts";
import type { ChainAccess } from "../chainAccess.ts";
import { LOCATOR_HASHES_MAX } from "../limits.ts";
import type { PendingHeaders } from "./pendingHeaders.ts";

/** Hashes of the tip and those right before it, where chains differ most often. */
const DENSE_HASHES = 10;

/** Positions from `last` down to 0: ten in a row, then each twice as far as the one before. */
function positions(last: number): number[] {
  const found: number[] = [];
  let step = 1;
  for (let position = last; position > 0; position -= step) {
    found.push(position);
    if (found.length >= DENSE_HASHES) step *= 2;
  }
  found.push(0);
  return found;
}

/** Hashes of the canonical chain: the head and nine before it, then steps that double, and block 0. */
export function chainLocator(chain: Pick<ChainAccess, "head" | "hashAt">): Hash[] {
  const hashes = positions(chain.head().height).map((height) =>
    defined(chain.hashAt(height as Height), "the canonical chain has a hash at every height up to its head"),
  );
  assert(hashes.length <= LOCATOR_HASHES_MAX, "ten, 53 doublings and block 0 are within the bound");
  return hashes;
}

/** The locator that goes on after `front` and the pending headers: their hashes, then those of the canonical chain. */
export function extendedLocator(options: {
  front: readonly Hash[];
  pending: PendingHeaders;
  chain: Pick<ChainAccess, "head" | "hashAt">;
}): Hash[] {
  const { front, pending, chain } = options;
  const hashes = [...front];
  if (pending.count > 0) {
    for (const index of positions(pending.count - 1)) hashes.push(defined(pending.at(index), "it is pending").hash);
  }
  const onChain = chainLocator(chain);
  // What is left out at the end of a chain of 2^30 blocks lies between its sparsest hashes.
  return [...hashes, ...onChain].slice(0, LOCATOR_HASHES_MAX - 1).concat(onChain.slice(-1));
}
