// Builds the blocks that this node offers: as many waiting transactions as can be executed and fit.

import type { BlockExecution, ExecutionCode } from "../execution/index.ts";
import { type Address, EMPTY_BYTES, type Height, type TimestampMs, ZERO_HASH } from "../primitives/index.ts";
import {
  BLOCK_TRANSACTIONS_MAX,
  type BlockBody,
  type Header,
  hashList,
  type VerifiedTransaction,
} from "../protocol/index.ts";
import type { BlockTree, Executed } from "./blockTree.ts";

/** Where a template takes its transactions from, best first. */
export interface TransactionSource {
  next(): VerifiedTransaction | undefined;
  /** Says that the transaction returned last can't be in this block, so that its sender's later ones aren't offered. */
  skipSender(): void;
}

/** A block that lacks only its seal. Good for as long as its parent is the head. */
export interface Template {
  readonly header: Header;
  readonly body: BlockBody;
  readonly transactions: readonly VerifiedTransaction[];
  /** Whether something had to be left out for lack of room. */
  readonly isFull: boolean;
  readonly executed: Executed;
}

/** A header, a body's length prefixes and its signature, at their largest. */
const TEMPLATE_OVERHEAD_BYTES = 1024;

const ROOM_CODES: ReadonlySet<ExecutionCode> = new Set(["block_gas_exhausted", "block_state_exhausted"]);

/** Builds a block on the head out of what `source` offers. */
export function buildTemplate(
  tree: BlockTree,
  options: { source: TransactionSource; proposer: Address; nowMs: TimestampMs },
): Template {
  const { source, proposer, nowMs } = options;
  const { engine, head: parent } = tree;
  const timestampMs = Math.max(nowMs, engine.timestampMin(parent.header)) as TimestampMs;
  const height = (parent.header.height + 1) as Height;
  const { state, execution } = tree.execution({ height, timestampMs, proposer });
  const { included, isFull } = fill(execution, source, tree.genesis.parameters.blockSizeBytesMax);
  execution.finish();
  const changes = state.changes();
  const update = tree.updateTree(changes);
  const encoded = included.map((transaction) => transaction.encoded);
  const header: Header = {
    parentHash: parent.hash,
    height,
    timestampMs,
    stateRoot: update.root,
    transactionsRoot: hashList(encoded),
    transactionCount: encoded.length,
    receiptsRoot: hashList(execution.receipts),
    votesRoot: ZERO_HASH,
    evidenceRoot: ZERO_HASH,
    proposer,
    gasUsed: execution.gasUsed,
    seal: engine.prepareSeal({ timestampMs, ancestry: tree.headers.ancestry(parent) }),
  };
  return {
    header,
    body: { transactions: encoded, votes: [], evidence: [], proposerSignature: EMPTY_BYTES },
    transactions: included,
    isFull,
    executed: { changes, update, receipts: execution.receipts },
  };
}

function fill(
  execution: BlockExecution,
  source: TransactionSource,
  blockSizeBytesMax: number,
): { included: VerifiedTransaction[]; isFull: boolean } {
  const included: VerifiedTransaction[] = [];
  let isFull = false;
  let sizeLeft = blockSizeBytesMax - TEMPLATE_OVERHEAD_BYTES;
  while (included.length < BLOCK_TRANSACTIONS_MAX) {
    const next = source.next();
    if (next === undefined) break;
    const sizeBytes = next.encoded.length + 4;
    if (sizeBytes > sizeLeft) {
      isFull = true;
      source.skipSender();
      continue;
    }
    const result = execution.apply(next.transaction);
    if (!result.ok) {
      isFull ||= ROOM_CODES.has(result.refusal.code);
      source.skipSender();
      continue;
    }
    sizeLeft -= sizeBytes;
    included.push(next);
  }
  return { included, isFull };
}
