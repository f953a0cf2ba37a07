// What the node answers from committed state alone. Runs wherever there is a StoreReader: on the main thread beside the
// sockets, over a read-only connection, and in tests over the in-memory store.

import { loadHeader } from "../chain/index.ts";
import type { ConsensusEngine } from "../consensus/index.ts";
import { pathOf, prove, type StateProof } from "../merkle/index.ts";
import type { StoredBlock, StoreReader } from "../ports/index.ts";
import {
  type Address,
  type Amount,
  assert,
  type Bytes,
  defined,
  type Hash,
  type Height,
  Reader,
} from "../primitives/index.ts";
import {
  createSigningDomain,
  decodeBody,
  decodeHeader,
  decodeReceipt,
  decodeTransaction,
  type Genesis,
  type Header,
  type Receipt,
  type SignedTransaction,
  type SigningDomain,
  splitReceipts,
} from "../protocol/index.ts";
import { type Account, accountKey, loadAccount, loadSupply, SUPPLY_KEY } from "../state/index.ts";

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
  supply(): Amount;
}

/** The parts of an engine that say how far the chain is settled. */
export type Finality = Pick<ConsensusEngine, "safeHeight" | "finalizedHeight">;

class StoredQueries implements ChainQueries {
  readonly genesis: Genesis;
  readonly domain: SigningDomain;
  private readonly store: StoreReader;
  private readonly finality: Finality;

  constructor(options: { store: StoreReader; genesis: Genesis; finality: Finality }) {
    this.store = options.store;
    this.genesis = options.genesis;
    this.finality = options.finality;
    const genesisHash = defined(this.store.hashAt(0 as Height), "an opened chain has block 0");
    this.domain = createSigningDomain(genesisHash);
  }

  head(): HeadView {
    const position = defined(this.store.head(), "an opened chain has a head");
    return defined(loadHeader(this.store, position.hash), "the head's header is stored");
  }

  heightOf(tag: HeightTag): Height {
    const { height } = defined(this.store.head(), "an opened chain has a head");
    return HEIGHT_OF_TAG[tag](height, this.finality);
  }

  block(id: Height | Hash): BlockView | undefined {
    const hash = typeof id === "number" ? this.store.hashAt(id) : id;
    const stored = hash === undefined ? undefined : this.store.block(hash);
    if (stored === undefined) return undefined;
    const header = decodeHeader(stored.header);
    const body = decodeBody(stored.body);
    const receipts = splitReceipts(stored.receipts);
    assert(header.ok && body.ok && receipts.ok, "a stored block decodes");
    const transactions = body.value.transactions.map((encoded, index) =>
      viewTransaction({ stored, index, encoded, receipt: receipts.value[index] }),
    );
    const sizeBytes = stored.header.length + stored.body.length;
    return { hash: stored.hash, header: header.value, totalWork: stored.totalWork, sizeBytes, transactions };
  }

  transaction(hash: Hash): IncludedTransaction | undefined {
    return this.store.snapshot(() => {
      const position = this.store.transactionPosition(hash);
      if (position === undefined) return undefined;
      const { height, index } = position;
      const blockHash = defined(this.store.hashAt(height), "an indexed transaction is in a canonical block");
      const stored = defined(this.store.block(blockHash), "a canonical block is stored");
      // One transaction of a full block is found without decoding the others.
      const encoded = new Reader(stored.body).itemAt(index);
      const receipt = new Reader(stored.receipts).itemAt(index);
      return viewTransaction({ stored, index, encoded, receipt });
    });
  }

  account(address: Address): Account {
    return loadAccount(this.store.stateValue(accountKey(address)));
  }

  accountProof(address: Address): AccountProofView {
    const key = accountKey(address);
    return this.store.snapshot(() => {
      const { hash, header } = this.head();
      return {
        blockHash: hash,
        blockHeight: header.height,
        stateRoot: header.stateRoot,
        account: this.account(address),
        proof: prove({ readPage: (prefix) => this.store.treePage(prefix), path: pathOf(key) }),
      };
    });
  }

  supply(): Amount {
    return loadSupply(this.store.stateValue(SUPPLY_KEY));
  }
}

const HEIGHT_OF_TAG: { readonly [Tag in HeightTag]: (head: Height, finality: Finality) => Height } = {
  latest: (head) => head,
  safe: (head, finality) => finality.safeHeight(head),
  finalized: (head, finality) => finality.finalizedHeight(head),
  earliest: () => 0 as Height,
};

function viewTransaction(options: {
  stored: StoredBlock;
  index: number;
  encoded: Bytes | undefined;
  receipt: Bytes | undefined;
}): IncludedTransaction {
  const { stored, index, encoded, receipt } = options;
  const hash = stored.transactionHashes[index];
  assert(hash !== undefined && encoded !== undefined && receipt !== undefined, "a stored block has its transactions");
  const signed = decodeTransaction(encoded);
  const decodedReceipt = decodeReceipt(receipt);
  assert(signed.ok && decodedReceipt.ok, "a stored transaction and its receipt decode");
  return {
    hash,
    signed: signed.value,
    receipt: decodedReceipt.value,
    blockHash: stored.hash,
    blockHeight: stored.height,
    index,
  };
}

/** Answers from a store that holds a chain. */
export function createQueries(options: { store: StoreReader; genesis: Genesis; finality: Finality }): ChainQueries {
  return new StoredQueries(options);
}
