// Block headers: what a block commits to. The block's hash is the SHA-256 of the encoded header.

import { sha256 } from "../crypto/index.ts";
import {
  ADDRESS_SIZE_BYTES,
  type Address,
  type Bytes,
  bytesToHash,
  type Decoded,
  decodeWith,
  type Gas,
  HASH_SIZE_BYTES,
  type Hash,
  type Height,
  type Reader,
  type TimestampMs,
  Writer,
} from "../primitives/index.ts";
import { BLOCK_TRANSACTIONS_MAX, SEAL_SIZE_BYTES_MAX } from "./limits.ts";

export interface Header {
  readonly parentHash: Hash;
  readonly height: Height;
  readonly timestampMs: TimestampMs;
  /** Root of the state tree after the block. */
  readonly stateRoot: Hash;
  /** Over the encoded transactions, signatures included. */
  readonly transactionsRoot: Hash;
  readonly transactionCount: number;
  /** Over the encoded receipts. */
  readonly receiptsRoot: Hash;
  /** Over the votes that finalize the parent, where the engine has them. */
  readonly votesRoot: Hash;
  /** Over the evidence of faults, where the engine has it. */
  readonly evidenceRoot: Hash;
  /** Who receives the fees and the reward. */
  readonly proposer: Address;
  readonly gasUsed: Gas;
  /** What the consensus engine needs: under proof of work the target and the nonce. */
  readonly seal: Bytes;
}

const HEADER_VERSION = 1;

export function encodeHeader(header: Header): Bytes {
  return new Writer(320)
    .u8(HEADER_VERSION)
    .hex(header.parentHash)
    .u64(header.height)
    .u64(header.timestampMs)
    .hex(header.stateRoot)
    .hex(header.transactionsRoot)
    .u32(header.transactionCount)
    .hex(header.receiptsRoot)
    .hex(header.votesRoot)
    .hex(header.evidenceRoot)
    .hex(header.proposer)
    .u64(header.gasUsed)
    .bytes(header.seal)
    .finish();
}

function readHeader(reader: Reader): Header {
  const version = reader.u8();
  reader.expect(version === HEADER_VERSION, `there is no header version ${version}`);
  const hash = () => reader.hex(HASH_SIZE_BYTES) as Hash;
  return {
    parentHash: hash(),
    height: reader.u64() as Height,
    timestampMs: reader.u64() as TimestampMs,
    stateRoot: hash(),
    transactionsRoot: hash(),
    transactionCount: reader.count(BLOCK_TRANSACTIONS_MAX),
    receiptsRoot: hash(),
    votesRoot: hash(),
    evidenceRoot: hash(),
    proposer: reader.hex(ADDRESS_SIZE_BYTES) as Address,
    gasUsed: reader.u64() as Gas,
    seal: reader.bytes({ countMax: SEAL_SIZE_BYTES_MAX }),
  };
}

export function decodeHeader(bytes: Bytes): Decoded<Header> {
  return decodeWith(bytes, readHeader);
}

export function hashHeader(header: Header): Hash {
  return bytesToHash(sha256(encodeHeader(header)));
}
