// Port: everything that outlives the process. Records are bytes with the keys they are found by, so that the store knows
// no encoding of the protocol. Reading and writing are synchronous; a write is durable when its call returns.

import type { Bytes, Hash, Height } from "../primitives/index.ts";

/** A block as it is kept: canonical encodings, and what it is found by. */
export interface StoredBlock {
  readonly hash: Hash;
  readonly height: Height;
  readonly parentHash: Hash;
  /** Sum of the work of the chain that ends in this block. */
  readonly totalWork: bigint;
  readonly header: Bytes;
  readonly body: Bytes;
  /** Encoded list of receipts. */
  readonly receipts: Bytes;
  /** In the order of the body. Derived from it, and kept because deriving costs a digest each. */
  readonly transactionHashes: readonly Hash[];
}

/** One changed state value; undefined stands for absent. */
export interface StateChange {
  readonly key: Bytes;
  readonly value: Bytes | undefined;
  readonly previous: Bytes | undefined;
}

/** One changed page of the state tree; an undefined body deletes it. */
export interface PageChange {
  /** Hex digits of the page's prefix, without `0x`; empty for the root page. */
  readonly prefix: string;
  readonly body: Bytes | undefined;
}

/** All that the import of one block writes, atomically. Its block becomes the head. */
export interface BlockCommit {
  readonly block: StoredBlock;
  readonly state: readonly StateChange[];
  readonly pages: readonly PageChange[];
}

/** All that taking back the head block writes, atomically. Its parent becomes the head; the block itself is kept. */
export interface RevertCommit {
  readonly height: Height;
  /** `value` is what the state returns to. */
  readonly state: readonly StateChange[];
  readonly pages: readonly PageChange[];
}

export interface ChainPosition {
  readonly height: Height;
  readonly hash: Hash;
}

export interface StoreReader {
  /** The last block of the canonical chain; undefined in an empty store. */
  head(): ChainPosition | undefined;
  /** The canonical block's hash at `height`. */
  hashAt(height: Height): Hash | undefined;
  block(hash: Hash): StoredBlock | undefined;
  /** The encoded header alone, and the chain's work up to it. */
  header(hash: Hash): { readonly header: Bytes; readonly totalWork: bigint } | undefined;
  /** Where the canonical chain holds a transaction. */
  transactionPosition(hash: Hash): { readonly height: Height; readonly index: number } | undefined;
  /** Another number after each commit, in stores that tell so faster than they read. */
  version?(): number;
  /** The current value of a state key. */
  stateValue(key: Bytes): Bytes | undefined;
  /** The value that a key had after the block at `height`, which must not be above the head or below the kept undo. */
  stateValueAt(key: Bytes, height: Height): Bytes | undefined;
  /** The keys that the canonical block at `height` changed, each once; undefined when its undo record is not kept. */
  changedKeysAt(height: Height): readonly Bytes[] | undefined;
  /** The current body of a page of the state tree. */
  treePage(prefix: string): Bytes | undefined;
  /** Runs `read` so that all its reads see one committed state, whatever is written meanwhile. */
  snapshot<Value>(read: () => Value): Value;
  /** All current state values in ascending byte order of their keys; for checks, since it reads everything. */
  stateEntries(): Iterable<{ readonly key: Bytes; readonly value: Bytes }>;
}

export interface Store extends StoreReader {
  /** The changes that the canonical block at `height` made, with `value` as it was after and `previous` as before it. */
  changesAt(height: Height): readonly StateChange[];
  commitBlock(commit: BlockCommit): void;
  revertHead(commit: RevertCommit): void;
}
