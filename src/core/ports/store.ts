// Port: everything that outlives the process. Records are bytes with the keys they are found by, so that the store knows
// no encoding of the protocol. Reading and writing are synchronous; a write is durable when its call returns.

import type { Address, Bytes, Hash, Height } from "../primitives/index.ts";

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
  /**
   * Undo records of blocks below this height are dropped, a few blocks' at each commit; 0 keeps all. Not above the
   * block's own height. Block 0, which is never taken back, has none.
   */
  readonly undoHeightMin: Height;
  /** The contracts that announced events in the block, each once. */
  readonly eventSources: readonly Address[];
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
  /** Heights of canonical blocks in which a contract announced events, lowest first: at most `countMax` of the range. */
  eventHeights(options: {
    readonly address: Address;
    readonly heightMin: Height;
    readonly heightMax: Height;
    readonly countMax: number;
  }): readonly Height[];
  /** Another number after each commit, in stores that tell so faster than they read. */
  version?(): number;
  /** The current value of a state key. */
  stateValue(key: Bytes): Bytes | undefined;
  /** The lowest height whose block can still be taken back; one above the head where none can. */
  undoHeightMin(): Height;
  /** The value that a key had after the block at `height`, from the one below `undoHeightMin` up to the head. */
  stateValueAt(key: Bytes, height: Height): Bytes | undefined;
  /** The keys that the canonical block at `height` changed, each once; undefined when its undo record is not kept. */
  changedKeysAt(height: Height): readonly Bytes[] | undefined;
  /** The current body of a page of the state tree. */
  treePage(prefix: string): Bytes | undefined;
  /** A small record that is no part of the chain, such as the nodes that were met last. */
  note(name: string): Bytes | undefined;
  /** Runs `read` so that all its reads see one committed state, whatever is written meanwhile. */
  snapshot<Value>(read: () => Value): Value;
  /** All current state values in ascending byte order of their keys; for checks, since it reads everything. */
  stateEntries(): Iterable<{ readonly key: Bytes; readonly value: Bytes }>;
}

export interface Store extends StoreReader {
  /**
   * The changes that the canonical block at `height` made, with `value` as it was after and `previous` as before it;
   * from `undoHeightMin` up to the head.
   */
  changesAt(height: Height): readonly StateChange[];
  commitBlock(commit: BlockCommit): void;
  revertHead(commit: RevertCommit): void;
  /**
   * Makes all that `write` writes durable at once, when it returns true; when it returns false or throws, nothing of it
   * is left. Inside another `atomically` it is a part of that one, and undone alone when it returns false or throws.
   */
  atomically(write: () => boolean): boolean;
  /** Keeps a block beside the canonical chain, with empty receipts. One that is kept already stays as it is. */
  keepSideBlock(block: StoredBlock): void;
  /** Hashes of the kept blocks that are not canonical, lowest first. */
  sideBlocks(): readonly { readonly hash: Hash; readonly height: Height }[];
  /** Forgets blocks that are not canonical; those that are not kept are passed over. */
  dropSideBlocks(hashes: readonly Hash[]): void;
  saveNote(name: string, value: Bytes): void;
}
