// What the node answers from committed state alone. Runs wherever there is a StoreReader: on the main thread beside the
// sockets, over a read-only connection, and in tests over the in-memory store.

import type { StateProof } from "../merkle/index.ts";
import type { StoreReader } from "../ports/index.ts";
import type { Address, Hash, Height } from "../primitives/index.ts";
import type { Genesis, Header, Receipt, SignedTransaction, SigningDomain } from "../protocol/index.ts";
import type { Account } from "../state/index.ts";

export interface HeadView {
  readonly hash: Hash;
  readonly header: Header;
  readonly totalWork: bigint;
}

export interface IncludedTransaction {
  readonly hash: Hash;
  readonly signed: SignedTransaction;
  readonly receipt: Receipt;
  readonly blockHash: Hash;
  readonly blockHeight: Height;
  /** Position in the block. */
  readonly index: number;
}

export interface BlockView extends HeadView {
  readonly sizeBytes: number;
  readonly transactions: readonly IncludedTransaction[];
}

export interface AccountProofView {
  /** The block whose state root the proof leads to. */
  readonly blockHash: Hash;
  readonly blockHeight: Height;
  readonly stateRoot: Hash;
  readonly account: Account;
  readonly proof: StateProof;
}

/** Heights that move with the chain. */
export type HeightTag = "latest" | "safe" | "finalized" | "earliest";

export interface ChainQueries {
  readonly genesis: Genesis;
  readonly domain: SigningDomain;
  head(): HeadView;
  heightOf(tag: HeightTag): Height;
  /** A canonical block by height, or any kept block by hash. */
  block(id: Height | Hash): BlockView | undefined;
  transaction(hash: Hash): IncludedTransaction | undefined;
  /** The account at the head; an absent one is all zero. */
  account(address: Address): Account;
  accountProof(address: Address): AccountProofView;
  /** The sum of all balances and stakes at the head. */
  supply(): number;
}

export type CreateQueries = (options: { store: StoreReader; genesis: Genesis }) => ChainQueries;
