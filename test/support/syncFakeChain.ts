// A chain for tests of sync: a tree of real headers and blocks whose work and validity a test chooses. It keeps the
// contract of ChainAccess: side blocks are kept, the most work wins, deep changes are refused.

import type {
  BlockVerdict,
  ChainAccess,
  HeaderVerdict,
  ImportItem,
  TracedHeader,
} from "../../src/core/network/chainAccess.ts";
import type { PeerHead } from "../../src/core/network/wire/message.ts";
import {
  type Address,
  type Amount,
  assert,
  type Bytes,
  bytesToSignature,
  defined,
  EMPTY_BYTES,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  type Nonce,
  SIGNATURE_SIZE_BYTES,
  type TimestampMs,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "../../src/core/primitives/index.ts";
import {
  type Block,
  encodeBlock,
  encodeTransaction,
  type Header,
  hashHeader,
  hashList,
} from "../../src/core/protocol/index.ts";

export const START_MS = 1_700_000_000_000;
const BLOCK_MS = 1000;
const VOTE_BYTES = 1024;
const AHEAD_MS_MAX = 15_000;

export interface FakeBlock {
  readonly traced: TracedHeader;
  readonly block: Block;
  readonly encoded: Bytes;
}

/** A transfer without a real signature; a bad one is known by its first byte. */
export function fakeTransaction(options: { nonce: number; isBad?: boolean }): Bytes {
  const signature = new Uint8Array(SIGNATURE_SIZE_BYTES);
  if (options.isBad) signature[0] = 0xff;
  return encodeTransaction({
    transaction: {
      type: "transfer",
      from: ZERO_ADDRESS,
      to: ZERO_ADDRESS,
      amount: 1 as Amount,
      nonce: options.nonce as Nonce,
      gasLimit: 21_000 as Gas,
      gasPrice: 0 as GasPrice,
      expiry: 0 as Height,
    },
    signature: bytesToSignature(signature),
  });
}

/** Makes the block after `parent`; `fork` tells branches apart. */
export function makeBlock(options: {
  parent: TracedHeader | undefined;
  work?: number;
  fork?: number;
  transactions?: readonly Bytes[];
  timestampMs?: number;
  paddingBytes?: number;
}): FakeBlock {
  const { parent, work = 1, fork = 0, transactions = [], paddingBytes = 0 } = options;
  const height = parent === undefined ? 0 : parent.header.height + 1;
  const header: Header = {
    parentHash: parent?.hash ?? ZERO_HASH,
    height: height as Height,
    timestampMs: (options.timestampMs ?? START_MS - 86_400_000 + height * BLOCK_MS) as TimestampMs,
    stateRoot: ZERO_HASH,
    transactionsRoot: hashList(transactions),
    transactionCount: transactions.length,
    receiptsRoot: ZERO_HASH,
    votesRoot: ZERO_HASH,
    evidenceRoot: ZERO_HASH,
    proposer: `0x${"00".repeat(19)}${fork.toString(16).padStart(2, "0")}` as Address,
    gasUsed: 0 as Gas,
    seal: new Uint8Array([work]),
  };
  // Votes, since nothing here looks at them.
  const votes = Array.from({ length: Math.ceil(paddingBytes / VOTE_BYTES) }, () => new Uint8Array(VOTE_BYTES));
  const block = { header, body: { transactions, votes, evidence: [], proposerSignature: EMPTY_BYTES } };
  const totalWork = (parent?.totalWork ?? 0n) + BigInt(work);
  return { traced: { hash: hashHeader(header), header, totalWork }, block, encoded: encodeBlock(block) };
}

export const GENESIS_BLOCK = makeBlock({ parent: undefined });

/** `count` blocks after `parent`. */
export function makeBranch(options: {
  parent: TracedHeader;
  count: number;
  work?: number;
  fork?: number;
  transactionCount?: number;
  paddingBytes?: number;
}): FakeBlock[] {
  const { count, transactionCount = 0, ...rest } = options;
  const blocks: FakeBlock[] = [];
  let { parent } = options;
  for (let index = 0; index < count; index++) {
    const nonce = parent.header.height * 1000;
    const transactions = Array.from({ length: transactionCount }, (_, place) =>
      fakeTransaction({ nonce: nonce + place }),
    );
    const block = makeBlock({ ...rest, parent, transactions });
    blocks.push(block);
    parent = block.traced;
  }
  return blocks;
}

export class FakeChain implements ChainAccess {
  /** Headers that `checkHeader` refuses. */
  readonly invalidHeaders = new Set<Hash>();
  /** Blocks that their import finds invalid. */
  readonly invalidBlocks = new Set<Hash>();
  readonly batches: number[] = [];
  readonly reorgDepthMax: number;
  private readonly nowMs: () => number;
  private readonly kept = new Map<Hash, FakeBlock>();
  private readonly canonical: Hash[] = [];

  constructor(options: { nowMs: () => number; blocks?: readonly FakeBlock[]; reorgDepthMax?: number }) {
    this.nowMs = options.nowMs;
    this.reorgDepthMax = options.reorgDepthMax ?? 1000;
    this.kept.set(GENESIS_BLOCK.traced.hash, GENESIS_BLOCK);
    this.canonical.push(GENESIS_BLOCK.traced.hash);
    for (const block of options.blocks ?? []) this.extend(block);
  }

  /** Makes the block the head, whatever its work. */
  extend(block: FakeBlock): void {
    this.kept.set(block.traced.hash, block);
    this.adopt(block.traced);
  }

  get tip(): TracedHeader {
    return defined(this.header(this.canonical[this.canonical.length - 1] as Hash), "there is a head");
  }

  head(): PeerHead {
    const { hash, header, totalWork } = this.tip;
    return { height: header.height, hash, totalWork };
  }

  hashAt(height: Height): Hash | undefined {
    return this.canonical[height];
  }

  header(hash: Hash): TracedHeader | undefined {
    return this.kept.get(hash)?.traced;
  }

  block(hash: Hash): Bytes | undefined {
    return this.kept.get(hash)?.encoded;
  }

  isBetter({ hash, totalWork }: Pick<PeerHead, "hash" | "totalWork">): boolean {
    const { tip } = this;
    return totalWork > tip.totalWork || (totalWork === tip.totalWork && hash < tip.hash);
  }

  reorgHeightMin(): Height {
    return Math.max(this.tip.header.height - this.reorgDepthMax + 1, 1) as Height;
  }

  checkHeader(header: Header, overlay: (hash: Hash) => TracedHeader | undefined): HeaderVerdict {
    const hash = hashHeader(header);
    const parent = overlay(header.parentHash) ?? this.header(header.parentHash);
    if (parent === undefined) return { kind: "unknown_parent" };
    if (header.height !== parent.header.height + 1 || this.invalidHeaders.has(hash)) {
      return { kind: "invalid", code: "invalid_seal", message: "the test says so" };
    }
    if (header.timestampMs > this.nowMs() + AHEAD_MS_MAX) return { kind: "early" };
    return { kind: "valid", header: { hash, header, totalWork: parent.totalWork + BigInt(header.seal[0] as number) } };
  }

  checkBody({ header, body }: Block): Extract<BlockVerdict, { kind: "invalid" }> | undefined {
    if (header.transactionsRoot === hashList(body.transactions)) return undefined;
    return { kind: "invalid", code: "body_mismatch", message: "not the header's body", isHashInvalid: false };
  }

  importBlocks(items: readonly ImportItem[]): readonly BlockVerdict[] {
    this.batches.push(items.length);
    const verdicts: BlockVerdict[] = [];
    for (const item of items) {
      assert(item.transactions.length === item.block.body.transactions.length, "each transaction is recovered");
      const verdict = this.importBlock(item.block);
      verdicts.push(verdict);
      if (!["adopted", "kept", "known"].includes(verdict.kind)) break;
    }
    return verdicts;
  }

  private importBlock(block: Block): BlockVerdict {
    const hash = hashHeader(block.header);
    if (this.kept.has(hash)) return { kind: "known" };
    const verdict = this.checkHeader(block.header, () => undefined);
    if (verdict.kind === "invalid") return { ...verdict, isHashInvalid: true };
    if (verdict.kind !== "valid") return verdict;
    if (this.invalidBlocks.has(hash)) {
      return { kind: "invalid", code: "state_mismatch", message: "the test says so", isHashInvalid: true };
    }
    const traced = verdict.header;
    if (this.isBetter(traced)) {
      if (this.forkHeight(traced) + 1 < this.reorgHeightMin()) return { kind: "too_deep" };
      this.extend({ traced, block, encoded: encodeBlock(block) });
      return { kind: "adopted" };
    }
    this.kept.set(hash, { traced, block, encoded: encodeBlock(block) });
    return { kind: "kept" };
  }

  private forkHeight(traced: TracedHeader): number {
    let parent = this.header(traced.header.parentHash) as TracedHeader;
    while (this.canonical[parent.header.height] !== parent.hash) {
      parent = this.header(parent.header.parentHash) as TracedHeader;
    }
    return parent.header.height;
  }

  private adopt(tip: TracedHeader): void {
    const branch: Hash[] = [];
    let block = tip;
    while (this.canonical[block.header.height] !== block.hash) {
      branch.unshift(block.hash);
      block = defined(this.header(block.header.parentHash), "a kept block's parent is kept");
    }
    this.canonical.splice(block.header.height + 1);
    this.canonical.push(...branch);
  }
}
