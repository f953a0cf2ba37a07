// Records for tests of a store, which knows no encoding: blocks, state values and pages of a few bytes.

import type { BlockCommit, PageChange, StateChange, StoredBlock } from "../../src/core/ports/index.ts";
import { type Address, type Bytes, type Hash, type Height, ZERO_HASH } from "../../src/core/primitives/index.ts";

export const bytes = (...values: number[]): Bytes => Uint8Array.from(values);

export function hashOf(name: number): Hash {
  return `0x${name.toString(16).padStart(64, "0")}` as Hash;
}

/** Block hashes are their numbers; a transaction's is past all of them. */
export function transactionHash(name: number): Hash {
  return hashOf(1_000_000 + name);
}

export function block(fields: {
  name: number;
  height: number;
  parent?: number;
  transactions?: readonly number[];
  body?: Bytes;
}): StoredBlock {
  const { name, height, parent, transactions = [], body = bytes(name, 2, 3) } = fields;
  return {
    hash: hashOf(name),
    height: height as Height,
    parentHash: parent === undefined ? ZERO_HASH : hashOf(parent),
    totalWork: 2n ** 70n + BigInt(name),
    header: bytes(1, name),
    body,
    receipts: bytes(name, 9),
    transactionHashes: transactions.map(transactionHash),
  };
}

export function change(key: number, options: { from?: number; to?: number }): StateChange {
  const { from, to } = options;
  return {
    key: bytes(1, key),
    value: to === undefined ? undefined : bytes(to),
    previous: from === undefined ? undefined : bytes(from),
  };
}

export function commit(
  stored: StoredBlock,
  changes: {
    state?: readonly StateChange[];
    pages?: readonly PageChange[];
    undoHeightMin?: number;
    eventSources?: readonly Address[];
  } = {},
): BlockCommit {
  const { state = [], pages = [], undoHeightMin = 0, eventSources = [] } = changes;
  return { block: stored, state, pages, undoHeightMin: undoHeightMin as Height, eventSources };
}

/** A page that breaks whoever reads it: what a store meets when a commit fails in its middle. */
export const POISONED_PAGE: PageChange = {
  prefix: "f",
  get body(): Bytes {
    throw new RangeError("poisoned");
  },
};
