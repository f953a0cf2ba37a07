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

interface SeenCommon {
  readonly from: string;
  readonly amount: number;
  readonly nonce: number;
  readonly gasLimit: number;
  readonly gasPrice: number;
  readonly expiry: number;
  readonly signature: string;
}

export interface SeenTransfer extends SeenCommon {
  readonly type: "transfer";
  readonly to: string;
}

export interface SeenDeploy extends SeenCommon {
  readonly type: "deploy";
  readonly code: Uint8Array;
  readonly args: string;
}

export interface SeenCall extends SeenCommon {
  readonly type: "call";
  readonly to: string;
  readonly function: string;
  readonly args: string;
}

export type SeenTransaction = SeenTransfer | SeenDeploy | SeenCall;

/** The numbers that a receipt begins with. */
export interface SeenReceipt {
  readonly reason: number;
  readonly gasUsed: number;
  readonly gasRefunded: number;
}

/** A header under proof of work: 241 bytes, then a seal of 40 with its length. */
const HEADER_SIZE_BYTES = 285;
const SEAL_SIZE_BYTES = 40;
const COMMON_SIZE_BYTES = 53;
const ADDRESS_SIZE_BYTES = 20;
const SIGNATURE_SIZE_BYTES = 65;
const RECEIPT_NUMBERS_SIZE_BYTES = 26;

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

/** A list of byte strings at the beginning of `bytes`, and what comes behind it. */
function readList(bytes: Uint8Array): { items: Uint8Array[]; rest: Uint8Array } {
  const fields = new Fields(bytes);
  const items: Uint8Array[] = [];
  let offset = 4;
  for (let left = fields.u32(0); left > 0; left--) {
    const sizeBytes = fields.u32(offset);
    items.push(bytes.subarray(offset + 4, offset + 4 + sizeBytes));
    offset += 4 + sizeBytes;
  }
  return { items, rest: bytes.subarray(offset) };
}

/** The encoded transactions of a body, which under proof of work holds nothing else. */
export function readBody(bytes: Uint8Array): Uint8Array[] {
  const { items, rest } = readList(bytes);
  if (rest.length !== 12 || rest.some((byte) => byte !== 0)) malformed("a body has votes, evidence or a signature");
  return items;
}

export function readReceipts(bytes: Uint8Array): Uint8Array[] {
  return readList(bytes).items;
}

export function readReceipt(bytes: Uint8Array): SeenReceipt {
  if (bytes.length < RECEIPT_NUMBERS_SIZE_BYTES) malformed("a receipt ends early");
  const fields = new Fields(bytes);
  return { reason: bytes[1] as number, gasUsed: fields.u64(2), gasRefunded: fields.u64(10) };
}

/** Takes the fields of a kind one after the other. */
class Cursor {
  private readonly bytes: Uint8Array;
  private readonly fields: Fields;
  private offset = COMMON_SIZE_BYTES;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.fields = new Fields(bytes);
  }

  address(): string {
    this.offset += ADDRESS_SIZE_BYTES;
    return this.fields.hex(this.offset - ADDRESS_SIZE_BYTES, ADDRESS_SIZE_BYTES);
  }

  u64(): number {
    this.offset += 8;
    return this.fields.u64(this.offset - 8);
  }

  data(): Uint8Array {
    const sizeBytes = this.fields.u32(this.offset);
    this.offset += 4 + sizeBytes;
    return this.bytes.subarray(this.offset - sizeBytes, this.offset);
  }

  text(): string {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.data());
  }

  end(): void {
    if (this.offset !== this.bytes.length - SIGNATURE_SIZE_BYTES) malformed("a transaction has another length");
  }
}

function readKind(tag: number | undefined, cursor: Cursor) {
  if (tag === 1) return { type: "transfer" as const, to: cursor.address(), amount: cursor.u64() };
  if (tag === 2) return { type: "deploy" as const, amount: cursor.u64(), code: cursor.data(), args: cursor.text() };
  if (tag !== 3) return malformed("a transaction of no kind that there is");
  const [to, amount] = [cursor.address(), cursor.u64()];
  return { type: "call" as const, to, amount, function: cursor.text(), args: cursor.text() };
}

export function readTransaction(bytes: Uint8Array): SeenTransaction {
  if (bytes.length < COMMON_SIZE_BYTES + SIGNATURE_SIZE_BYTES) malformed("a transaction ends early");
  const fields = new Fields(bytes);
  const cursor = new Cursor(bytes);
  const own = readKind(bytes[0], cursor);
  cursor.end();
  return {
    ...own,
    from: fields.hex(1, ADDRESS_SIZE_BYTES),
    nonce: fields.u64(21),
    gasLimit: fields.u64(29),
    gasPrice: fields.u64(37),
    expiry: fields.u64(45),
    signature: fields.hex(bytes.length - SIGNATURE_SIZE_BYTES, SIGNATURE_SIZE_BYTES),
  };
}
