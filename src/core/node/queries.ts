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
  proveListItem,
  type Receipt,
  type SignedTransaction,
  type SigningDomain,
  splitReceipts,
} from "../protocol/index.ts";
import { type Account, accountKey, codeKey, loadAccount, loadSupply, SUPPLY_KEY, storageKey } from "../state/index.ts";
import { type EventFilter, type EventPage, findEvents } from "./events.ts";

export interface HeadView {
  readonly hash: Hash;
  readonly header: Header;
  readonly totalWork: bigint;
}

/** A transaction as a kept block holds it. */
export interface BlockTransaction {
  readonly hash: Hash;
  readonly signed: SignedTransaction;
  /** Undefined in a block that is not canonical: there it has come to nothing. */
  readonly receipt: Receipt | undefined;
  readonly blockHash: Hash;
  readonly blockHeight: Height;
  /** Position in the block. */
  readonly index: number;
}

/** A transaction of the canonical chain. */
export interface IncludedTransaction extends BlockTransaction {
  readonly receipt: Receipt;
}

export interface BlockView extends HeadView {
  /** Whether the block is on the canonical chain. */
  readonly isCanonical: boolean;
  readonly sizeBytes: number;
  /** In the order of the block. */
  readonly transactionHashes: readonly Hash[];
}

/** A proof against a block's state root. */
interface StateProofView {
  /** The block whose state root the proof leads to. */
  readonly blockHash: Hash;
  readonly blockHeight: Height;
  readonly stateRoot: Hash;
  readonly proof: StateProof;
}

export interface AccountProofView extends StateProofView {
  readonly account: Account;
}

export interface StorageProofView extends StateProofView {
  /** What the contract keeps under the key; undefined for nothing. */
  readonly value: Bytes | undefined;
}

export interface TransactionProofView {
  readonly blockHash: Hash;
  readonly blockHeight: Height;
  readonly transactionsRoot: Hash;
  readonly index: number;
  readonly count: number;
  readonly encoded: Bytes;
  readonly siblings: readonly Hash[];
}

/** Heights that move with the chain. */
export type HeightTag = "latest" | "safe" | "finalized" | "earliest";

export interface ChainQueries {
  readonly genesis: Genesis;
  readonly domain: SigningDomain;
  head(): HeadView;
  heightOf(tag: HeightTag): Height;
  /** The seal of a header as named values; of proof of work the target and the nonce. */
  describeSeal(header: Header): Readonly<Record<string, string>>;
  /** A canonical block by height, or any kept block by hash. */
  block(id: Height | Hash): BlockView | undefined;
  /** A stretch of a block's transactions, at most `countMax` from `offset` on; undefined for an unknown block. */
  blockTransactions(
    id: Height | Hash,
    range: { readonly offset: number; readonly countMax: number },
  ): readonly BlockTransaction[] | undefined;
  transaction(hash: Hash): IncludedTransaction | undefined;
  /** The account at the head; an absent one is all zero. */
  account(address: Address): Account;
  accountProof(address: Address): AccountProofView;
  /** What a contract keeps at the head under a key of its own. */
  storageProof(options: { readonly address: Address; readonly key: Bytes }): StorageProofView;
  /** A contract's module as it was deployed; undefined for an account that is no contract. */
  contractCode(address: Address): Bytes | undefined;
  contractEvents(filter: EventFilter): EventPage;
  /** That the canonical chain holds a transaction; undefined when it does not. */
  transactionProof(hash: Hash): TransactionProofView | undefined;
  /** The sum of all balances and stakes at the head. */
  supply(): Amount;
}

/** The parts of an engine that say how far the chain is settled, and what a seal means. */
export type QueryEngine = Pick<ConsensusEngine, "safeHeight" | "finalizedHeight" | "describeSeal">;

// A full block with its receipts is about 1.3 MB.
const RECENT_BLOCKS_MAX = 4;
// About 2 MB.
const KEPT_ACCOUNTS_MAX = 10_000;

class StoredQueries implements ChainQueries {
  readonly genesis: Genesis;
  readonly domain: SigningDomain;
  private readonly store: StoreReader;
  private readonly engine: QueryEngine;
  /** Blocks whose transactions were asked for last, oldest first; a block never changes under its hash. */
  private readonly recentBlocks = new Map<Hash, StoredBlock>();
  private lastHead: HeadView | undefined;
  /** Accounts of the state at `accountsVersion`, which is another one after each commit. */
  private readonly accounts = new Map<Address, Account>();
  private accountsVersion: number | undefined;

  constructor(options: { store: StoreReader; genesis: Genesis; engine: QueryEngine }) {
    this.store = options.store;
    this.genesis = options.genesis;
    this.engine = options.engine;
    const genesisHash = defined(this.store.hashAt(0 as Height), "an opened chain has block 0");
    this.domain = createSigningDomain(genesisHash);
  }

  head(): HeadView {
    const { hash } = defined(this.store.head(), "an opened chain has a head");
    if (this.lastHead?.hash !== hash) this.lastHead = this.store.snapshot(() => this.readHead());
    return this.lastHead as HeadView;
  }

  private readHead(): HeadView {
    const { hash } = defined(this.store.head(), "an opened chain has a head");
    return defined(loadHeader(this.store, hash), "the head's header is stored");
  }

  heightOf(tag: HeightTag): Height {
    const { height } = defined(this.store.head(), "an opened chain has a head");
    return HEIGHT_OF_TAG[tag](height, this.engine);
  }

  describeSeal(header: Header): Readonly<Record<string, string>> {
    return this.engine.describeSeal(header);
  }

  block(id: Height | Hash): BlockView | undefined {
    const found = this.storedBlock(id);
    if (found === undefined) return undefined;
    const { stored, isCanonical } = found;
    const header = decodeHeader(stored.header);
    assert(header.ok, "a stored header decodes");
    return {
      isCanonical,
      hash: stored.hash,
      header: header.value,
      totalWork: stored.totalWork,
      sizeBytes: stored.header.length + stored.body.length,
      transactionHashes: stored.transactionHashes,
    };
  }

  blockTransactions(
    id: Height | Hash,
    range: { readonly offset: number; readonly countMax: number },
  ): readonly BlockTransaction[] | undefined {
    const found = this.storedBlock(id);
    if (found === undefined) return undefined;
    const { stored, isCanonical } = found;
    const body = decodeBody(stored.body);
    assert(body.ok, "a stored body decodes");
    const receipts = isCanonical ? receiptsOf(stored) : undefined;
    const { offset, countMax } = range;
    const hashes = stored.transactionHashes.slice(offset, offset + countMax);
    return hashes.map((hash, place) => {
      const index = offset + place;
      const encoded = body.value.transactions[index];
      const view = viewTransaction({ stored, hash, index, encoded });
      return { ...view, receipt: receipts === undefined ? undefined : viewReceipt(receipts[index]) };
    });
  }

  /** In one snapshot, so that the block is not taken back between its reads. */
  private storedBlock(id: Height | Hash): { readonly stored: StoredBlock; readonly isCanonical: boolean } | undefined {
    return this.store.snapshot(() => {
      const hash = typeof id === "number" ? this.store.hashAt(id) : id;
      const stored = hash === undefined ? undefined : this.store.block(hash);
      return stored && { stored, isCanonical: this.store.hashAt(stored.height) === stored.hash };
    });
  }

  transaction(hash: Hash): IncludedTransaction | undefined {
    return this.store.snapshot(() => {
      const place = this.placeOf(hash);
      if (place === undefined) return undefined;
      const { stored, index } = place;
      // One transaction of a full block is found without decoding the others.
      const encoded = new Reader(stored.body).itemAt(index);
      const receipt = new Reader(stored.receipts).itemAt(index);
      return { ...viewTransaction({ stored, hash, index, encoded }), receipt: viewReceipt(receipt) };
    });
  }

  /** The canonical block that holds a transaction, and where in it. */
  private placeOf(hash: Hash): { readonly stored: StoredBlock; readonly index: number } | undefined {
    const position = this.store.transactionPosition(hash);
    if (position === undefined) return undefined;
    const blockHash = defined(this.store.hashAt(position.height), "an indexed transaction is in a canonical block");
    return { stored: this.recentBlock(blockHash), index: position.index };
  }

  private recentBlock(hash: Hash): StoredBlock {
    const recent = this.recentBlocks.get(hash);
    if (recent !== undefined) return recent;
    const stored = defined(this.store.block(hash), "a canonical block is stored");
    this.recentBlocks.set(hash, stored);
    for (const oldest of this.recentBlocks.keys()) {
      if (this.recentBlocks.size <= RECENT_BLOCKS_MAX) break;
      this.recentBlocks.delete(oldest);
    }
    return stored;
  }

  account(address: Address): Account {
    const version = this.store.version?.();
    if (version === undefined) return this.readAccount(address);
    // The version is taken before the account is read: what is kept may be newer than its version, never older.
    if (version !== this.accountsVersion || this.accounts.size >= KEPT_ACCOUNTS_MAX) this.accounts.clear();
    this.accountsVersion = version;
    const kept = this.accounts.get(address);
    if (kept !== undefined) return kept;
    const account = this.readAccount(address);
    this.accounts.set(address, account);
    return account;
  }

  private readAccount(address: Address): Account {
    return loadAccount(this.store.stateValue(accountKey(address)));
  }

  accountProof(address: Address): AccountProofView {
    return this.store.snapshot(() => ({
      ...this.proofOf(accountKey(address)),
      account: this.readAccount(address),
    }));
  }

  storageProof({ address, key }: { address: Address; key: Bytes }): StorageProofView {
    const stateKey = storageKey(address, key);
    return this.store.snapshot(() => ({ ...this.proofOf(stateKey), value: this.store.stateValue(stateKey) }));
  }

  /** Within a snapshot. */
  private proofOf(key: Bytes): StateProofView {
    const { hash, header } = this.head();
    return {
      blockHash: hash,
      blockHeight: header.height,
      stateRoot: header.stateRoot,
      proof: prove({ readPage: (prefix) => this.store.treePage(prefix), path: pathOf(key) }),
    };
  }

  contractCode(address: Address): Bytes | undefined {
    return this.store.snapshot(() => {
      const { codeHash } = this.readAccount(address);
      return codeHash && defined(this.store.stateValue(codeKey(codeHash)), "the code of a contract is in the state");
    });
  }

  contractEvents(filter: EventFilter): EventPage {
    return this.store.snapshot(() => findEvents(this.store, filter, (hash) => this.recentBlock(hash)));
  }

  transactionProof(hash: Hash): TransactionProofView | undefined {
    return this.store.snapshot(() => {
      const place = this.placeOf(hash);
      if (place === undefined) return undefined;
      const { stored, index } = place;
      const header = decodeHeader(stored.header);
      const body = decodeBody(stored.body);
      assert(header.ok && body.ok, "a stored block decodes");
      const { transactions } = body.value;
      return {
        blockHash: stored.hash,
        blockHeight: stored.height,
        transactionsRoot: header.value.transactionsRoot,
        index,
        count: transactions.length,
        encoded: defined(transactions[index], "an indexed transaction is in its block"),
        siblings: proveListItem(transactions, index),
      };
    });
  }

  supply(): Amount {
    return loadSupply(this.store.stateValue(SUPPLY_KEY));
  }
}

const HEIGHT_OF_TAG: { readonly [Tag in HeightTag]: (head: Height, engine: QueryEngine) => Height } = {
  latest: (head) => head,
  safe: (head, engine) => engine.safeHeight(head),
  finalized: (head, engine) => engine.finalizedHeight(head),
  earliest: () => 0 as Height,
};

function receiptsOf(stored: StoredBlock): readonly Bytes[] {
  const receipts = splitReceipts(stored.receipts);
  assert(receipts.ok, "a canonical block's receipts decode");
  return receipts.value;
}

function viewReceipt(encoded: Bytes | undefined): Receipt {
  const receipt = decodeReceipt(defined(encoded, "a canonical block has a receipt for each transaction"));
  assert(receipt.ok, "a stored receipt decodes");
  return receipt.value;
}

function viewTransaction(options: {
  stored: StoredBlock;
  hash: Hash;
  index: number;
  encoded: Bytes | undefined;
}): Omit<BlockTransaction, "receipt"> {
  const { stored, hash, index, encoded } = options;
  const signed = decodeTransaction(defined(encoded, "a stored block has its transactions"));
  assert(signed.ok, "a stored transaction decodes");
  return {
    hash,
    signed: signed.value,
    blockHash: stored.hash,
    blockHeight: stored.height,
    index,
  };
}

/** Answers from a store that holds a chain. */
export function createQueries(options: { store: StoreReader; genesis: Genesis; engine: QueryEngine }): ChainQueries {
  return new StoredQueries(options);
}
