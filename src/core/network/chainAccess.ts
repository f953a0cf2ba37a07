// What the network needs of the chain and the mempool; the replica gives it. All calls are synchronous.

import type { Address, Bytes, Hash, Height } from "../primitives/index.ts";
import type { Block, Header, SignedTransaction, VerifiedTransaction } from "../protocol/index.ts";
import type { PeerHead } from "./wire/message.ts";

/** A header with the work of the chain that ends in it. */
export interface TracedHeader {
  readonly hash: Hash;
  readonly header: Header;
  readonly totalWork: bigint;
}

export type HeaderVerdict =
  | { readonly kind: "valid"; readonly header: TracedHeader }
  /** Its parent is neither kept nor in the overlay. */
  | { readonly kind: "unknown_parent" }
  /** Its time has not come; nothing is wrong with it. */
  | { readonly kind: "early" }
  | { readonly kind: "invalid"; readonly code: string; readonly message: string };

export type BlockVerdict =
  /** On the canonical chain now. */
  | { readonly kind: "adopted" }
  /** Kept beside the canonical chain. */
  | { readonly kind: "kept" }
  | { readonly kind: "known" }
  | { readonly kind: "unknown_parent" }
  | { readonly kind: "early" }
  /** It would take back more blocks than this node does. */
  | { readonly kind: "too_deep" }
  /** `isHashInvalid` is false where another body or signature may fit the same header. */
  | { readonly kind: "invalid"; readonly code: string; readonly message: string; readonly isHashInvalid: boolean };

export interface ImportItem {
  readonly block: Block;
  /** In the order of the body. */
  readonly transactions: readonly VerifiedTransaction[];
}

export interface ChainAccess {
  head(): PeerHead;
  /** The canonical chain's hash at a height. */
  hashAt(height: Height): Hash | undefined;
  /** The header of any kept block, canonical or not. */
  header(hash: Hash): TracedHeader | undefined;
  /** Any kept block's canonical encoding (`encodeBlock`). */
  block(hash: Hash): Bytes | undefined;
  /** Whether a chain with this tip should be the head in place of the one that is. */
  isBetter(tip: Pick<PeerHead, "hash" | "totalWork">): boolean;
  /** The lowest height whose block this node would still replace. */
  reorgHeightMin(): Height;
  /** Checks a header as far as its ancestors allow, which `overlay` adds to those that are kept. */
  checkHeader(header: Header, overlay: (hash: Hash) => TracedHeader | undefined): HeaderVerdict;
  /** The rules of a block that need neither state nor ancestors: its seal, and that the body is the header's. */
  checkBody(block: Block): Extract<BlockVerdict, { kind: "invalid" }> | undefined;
  /**
   * Imports blocks in order, all in one durable write, and stops after the first that is not adopted, kept or known.
   * @returns a verdict for each block that was looked at
   */
  importBlocks(items: readonly ImportItem[]): readonly BlockVerdict[];
}

export type PoolVerdict =
  | { readonly kind: "admitted" }
  /** Not now, or not here: nothing that the sender could know. */
  | { readonly kind: "unfit"; readonly code: string }
  /** Against rules that do not depend on state. */
  | { readonly kind: "invalid"; readonly code: string };

export interface TransactionPool {
  /**
   * What can be told before the signature is recovered; undefined when it may be admitted. A nonce is never too far
   * ahead here: those before it may be on their way in the same message.
   */
  precheck(signed: SignedTransaction): Exclude<PoolVerdict, { kind: "admitted" }> | undefined;
  /** Puts them into the mempool and tells `Network.onTransactionsAdmitted` of those that it took; in order. */
  admit(transactions: readonly VerifiedTransaction[]): readonly PoolVerdict[];
  has(hash: Hash): boolean;
  /** The waiting transaction with exactly these bytes, signature included; never looked up by its hash alone. */
  verified(encoded: Bytes): VerifiedTransaction | undefined;
  /** Waiting transactions, those first that a block would take first. */
  list(countMax: number): readonly VerifiedTransaction[];
}

/** Small records that outlive the process: known nodes, bans. */
export interface NoteStore {
  note(name: string): Bytes | undefined;
  saveNote(name: string, value: Bytes): void;
}

export interface NodeIdentity {
  readonly nodeKey: Address;
  readonly secretKey: Bytes;
}
