// Blocks read from their bytes by docs/spec/encoding.md alone, apart from the code that writes them.

import { CheckFailure } from "../checkFailure.ts";

export interface SeenHeader {
  readonly hash: string;
  readonly parentHash: string;
  readonly height: number;
  readonly timestampMs: number;
  readonly stateRoot: string;
  readonly transactionsRoot: string;
  readonly transactionCount: number;
  readonly receiptsRoot: string;
  readonly votesRoot: string;
  readonly evidenceRoot: string;
  readonly proposer: string;
  readonly gasUsed: number;
  readonly target: bigint;
}

export interface SeenTransfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly nonce: number;
  readonly gasLimit: number;
  readonly gasPrice: number;
  readonly expiry: number;
  readonly signature: string;
}

/** A header under proof of work: 241 bytes, then a seal of 40 with its length. */
const HEADER_SIZE_BYTES = 285;
const SEAL_SIZE_BYTES = 40;
const TRANSFER_SIZE_BYTES = 146;
const TRANSFER_TAG = 1;

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
}

function malformed(what: string): never {
  throw new CheckFailure("encoding", what);
}

/** Reads at offsets; numbers are 8 bytes, big-endian, at most 2^53-1. */
class Fields {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  hex(offset: number, count: number): string {
    return `0x${this.bytes.subarray(offset, offset + count).toHex()}`;
  }

  u32(offset: number): number {
    if (offset + 4 > this.bytes.length) malformed("a list ends early");
    return this.view.getUint32(offset);
  }

  u64(offset: number): number {
    const value = this.view.getBigUint64(offset);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) malformed("a number passes 2^53-1");
    return Number(value);
  }
}

export function readHeader(bytes: Uint8Array): SeenHeader {
  if (bytes.length !== HEADER_SIZE_BYTES) malformed(`a header has ${bytes.length} bytes`);
  const fields = new Fields(bytes);
  if (bytes[0] !== 1) malformed(`a header has version ${bytes[0]}`);
  if (fields.u32(241) !== SEAL_SIZE_BYTES) malformed("a seal is not 40 bytes long");
  fields.u64(277);
  return {
    hash: `0x${sha256(bytes).toHex()}`,
    parentHash: fields.hex(1, 32),
    height: fields.u64(33),
    timestampMs: fields.u64(41),
    stateRoot: fields.hex(49, 32),
    transactionsRoot: fields.hex(81, 32),
    transactionCount: fields.u32(113),
    receiptsRoot: fields.hex(117, 32),
    votesRoot: fields.hex(149, 32),
    evidenceRoot: fields.hex(181, 32),
    proposer: fields.hex(213, 20),
    gasUsed: fields.u64(233),
    target: BigInt(fields.hex(245, 32)),
  };
}

/** The encoded transactions of a body, which under proof of work holds nothing else. */
export function readBody(bytes: Uint8Array): Uint8Array[] {
  const fields = new Fields(bytes);
  const transactions: Uint8Array[] = [];
  let offset = 4;
  for (let left = fields.u32(0); left > 0; left--) {
    const sizeBytes = fields.u32(offset);
    transactions.push(bytes.subarray(offset + 4, offset + 4 + sizeBytes));
    offset += 4 + sizeBytes;
  }
  const rest = bytes.subarray(offset);
  if (rest.length !== 12 || rest.some((byte) => byte !== 0)) malformed("a body has votes, evidence or a signature");
  return transactions;
}

export function readTransfer(bytes: Uint8Array): SeenTransfer {
  if (bytes[0] !== TRANSFER_TAG || bytes.length !== TRANSFER_SIZE_BYTES) malformed("a transaction is no transfer");
  const fields = new Fields(bytes);
  return {
    from: fields.hex(1, 20),
    nonce: fields.u64(21),
    gasLimit: fields.u64(29),
    gasPrice: fields.u64(37),
    expiry: fields.u64(45),
    to: fields.hex(53, 20),
    amount: fields.u64(73),
    signature: fields.hex(81, 65),
  };
}
