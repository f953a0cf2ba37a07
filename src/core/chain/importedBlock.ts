// Blocks as the chain tells of them: with their transactions, whose signatures were verified before the block was kept.

import type { StoreReader } from "../ports/index.ts";
import { assert, type Bytes, defined, EMPTY_BYTES, type Hash } from "../primitives/index.ts";
import {
  assumeVerified,
  type BlockBody,
  decodeBody,
  decodeTransaction,
  encodeBody,
  encodeHeader,
  type Header,
  type VerifiedTransaction,
} from "../protocol/index.ts";
import type { ChainHeader } from "./headers.ts";

export interface ImportedBlock extends ChainHeader {
  /** In the order of the body. A block that comes from the store decodes them at each access. */
  readonly transactions: readonly VerifiedTransaction[];
}

/** A kept block. It holds none of its body: a reorganization may be about a thousand full blocks. */
export class KeptBlock implements ImportedBlock {
  readonly hash: Hash;
  readonly header: Header;
  readonly totalWork: bigint;
  private readonly store: StoreReader;

  constructor(store: StoreReader, { hash, header, totalWork }: ChainHeader) {
    this.store = store;
    this.hash = hash;
    this.header = header;
    this.totalWork = totalWork;
  }

  get transactions(): readonly VerifiedTransaction[] {
    const stored = defined(this.store.block(this.hash), "a block that is told of is kept");
    return restoreTransactions(stored);
  }
}

/** The transactions of a stored block, whose signatures were verified before it was kept. */
export function restoreTransactions(stored: {
  readonly body: Bytes;
  readonly transactionHashes: readonly Hash[];
}): VerifiedTransaction[] {
  const body = decodeBody(stored.body);
  assert(body.ok, "a stored body decodes");
  const hashes = stored.transactionHashes;
  return body.value.transactions.map((encoded, index) => {
    const signed = decodeTransaction(encoded);
    assert(signed.ok, "a stored transaction decodes");
    const hash = defined(hashes[index], "a stored block has the hash of each of its transactions");
    return assumeVerified({ signed: signed.value, hash, encoded });
  });
}

/** A block as it is stored before it is executed. */
export function toStoredBlock(options: {
  block: ChainHeader;
  body: BlockBody;
  transactions: readonly VerifiedTransaction[];
}) {
  const { block, body, transactions } = options;
  const { hash, header, totalWork } = block;
  return {
    hash,
    height: header.height,
    parentHash: header.parentHash,
    totalWork,
    header: encodeHeader(header),
    body: encodeBody(body),
    receipts: EMPTY_BYTES,
    transactionHashes: transactions.map((transaction) => transaction.hash),
  };
}
