// Blocks: a header and the body that it commits to.

import {
  type Bytes,
  type Decoded,
  decodeWith,
  EMPTY_BYTES,
  SIGNATURE_SIZE_BYTES,
  Writer,
} from "../primitives/index.ts";
import type { Header } from "./header.ts";
import { encodeHeader } from "./header.ts";
import {
  BLOCK_EVIDENCE_MAX,
  BLOCK_TRANSACTIONS_MAX,
  BLOCK_VOTES_MAX,
  EVIDENCE_SIZE_BYTES_MAX,
  TRANSACTION_SIZE_BYTES_MAX,
  VOTE_SIZE_BYTES_MAX,
} from "./limits.ts";

/** A body holds encoded items, so that it is hashed, stored and relayed without another encoding. */
export interface BlockBody {
  readonly transactions: readonly Bytes[];
  readonly votes: readonly Bytes[];
  readonly evidence: readonly Bytes[];
  /** Over the block's hash and excluded from it; empty where the engine has no such signature. */
  readonly proposerSignature: Bytes;
}

export interface Block {
  readonly header: Header;
  readonly body: BlockBody;
}

export const EMPTY_BODY: BlockBody = { transactions: [], votes: [], evidence: [], proposerSignature: EMPTY_BYTES };

function sizeOf(items: readonly Bytes[]): number {
  return items.reduce((sum, item) => sum + item.length + 4, 4);
}

export function encodeBody(body: BlockBody): Bytes {
  const size = sizeOf(body.transactions) + sizeOf(body.votes) + sizeOf(body.evidence) + body.proposerSignature.length;
  const writer = new Writer(size + 4);
  for (const items of [body.transactions, body.votes, body.evidence]) {
    writer.u32(items.length);
    for (const item of items) writer.bytes(item);
  }
  return writer.bytes(body.proposerSignature).finish();
}

export function decodeBody(bytes: Bytes): Decoded<BlockBody> {
  return decodeWith(bytes, (reader) => {
    const list = (limits: { countMax: number; sizeBytesMax: number }) =>
      Array.from({ length: reader.count(limits.countMax) }, () => reader.bytes({ countMax: limits.sizeBytesMax }));
    return {
      transactions: list({ countMax: BLOCK_TRANSACTIONS_MAX, sizeBytesMax: TRANSACTION_SIZE_BYTES_MAX }),
      votes: list({ countMax: BLOCK_VOTES_MAX, sizeBytesMax: VOTE_SIZE_BYTES_MAX }),
      evidence: list({ countMax: BLOCK_EVIDENCE_MAX, sizeBytesMax: EVIDENCE_SIZE_BYTES_MAX }),
      proposerSignature: reader.bytes({ countMax: SIGNATURE_SIZE_BYTES }),
    };
  });
}

/** Size of the canonical block, which the chain's `blockSizeBytesMax` bounds. */
export function blockSizeBytes(block: Block): number {
  return encodeHeader(block.header).length + encodeBody(block.body).length;
}
