// Builds the blocks that this node offers: as many waiting transactions as can be executed and fit.

import { type BlockExecution, type ExecutionCode, ExecutionFault } from "../execution/index.ts";
import { type Address, EMPTY_BYTES, type Height, type TimestampMs, ZERO_HASH } from "../primitives/index.ts";
import {
  BLOCK_TRANSACTIONS_MAX,
  type BlockBody,
  type ChainParameters,
  type Header,
  hashList,
  type VerifiedTransaction,
} from "../protocol/index.ts";
import type { State } from "../state/index.ts";
import type { BlockTree, Executed } from "./blockTree.ts";

/** Where a template takes its transactions from, best first. */
export interface TransactionSource {
  next(): VerifiedTransaction | undefined;
  /** Says that the transaction returned last can't be in this block, so that its sender's later ones aren't offered. */
  skipSender(): void;
}

/** A transaction whose execution has failed on this node in a way that says nothing about the transaction. */
export interface Quarantined {
  readonly transaction: VerifiedTransaction;
  readonly fault: ExecutionFault;
}

/** A block that lacks only its seal. Good for as long as its parent is the head. */
export interface Template {
  readonly header: Header;
  readonly body: BlockBody;
  readonly transactions: readonly VerifiedTransaction[];
  /** Whether something had to be left out for lack of room. */
  readonly isFull: boolean;
  /** What this node could not execute, by a fault of its own. It is not to be offered again. */
  readonly quarantined: readonly Quarantined[];
  readonly executed: Executed;
}

/** A header, a body's length prefixes and its signature, at their largest. */
const TEMPLATE_OVERHEAD_BYTES = 1024;

const OUTCOME_OF_REFUSAL: { readonly [Code in ExecutionCode]?: "full" | "executed in vain" } = {
  block_gas_exhausted: "full",
  block_state_exhausted: "executed in vain",
};

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
  const { included, isFull, quarantined } = fill({ execution, state, source, parameters: tree.genesis.parameters });
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
    quarantined,
    executed: { changes, update, receipts: execution.receipts, eventSources: execution.eventSources },
  };
}

interface Filling {
  readonly execution: BlockExecution;
  readonly state: State;
  readonly source: TransactionSource;
  readonly parameters: ChainParameters;
}

function fill(filling: Filling): Pick<Template, "isFull" | "quarantined"> & { included: VerifiedTransaction[] } {
  const { source, parameters } = filling;
  const included: VerifiedTransaction[] = [];
  const quarantined: Quarantined[] = [];
  let isFull = false;
  let sizeLeft = parameters.blockSizeBytesMax - TEMPLATE_OVERHEAD_BYTES;
  // What is executed and then left out takes time that nobody pays for: no more of it than a block has gas.
  let wasteLeft: number = parameters.blockGasLimit;
  while (included.length < BLOCK_TRANSACTIONS_MAX && wasteLeft > 0) {
    const next = source.next();
    if (next === undefined) break;
    const sizeBytes = next.encoded.length + 4;
    const outcome = sizeBytes > sizeLeft ? "full" : tryNext(filling, next);
    if (outcome === "included") {
      sizeLeft -= sizeBytes;
      included.push(next);
      continue;
    }
    source.skipSender();
    isFull ||= outcome === "full" || outcome === "executed in vain";
    if (outcome === "executed in vain") wasteLeft -= next.transaction.gasLimit;
    if (outcome instanceof ExecutionFault) {
      wasteLeft -= next.transaction.gasLimit;
      quarantined.push({ transaction: next, fault: outcome });
    }
  }
  return { included, isFull: isFull || wasteLeft <= 0, quarantined };
}

function tryNext(
  { execution, state }: Filling,
  { transaction }: VerifiedTransaction,
): "included" | "full" | "executed in vain" | "unfit" | ExecutionFault {
  const checkpoint = state.checkpoint();
  try {
    const result = execution.apply(transaction);
    return result.ok ? "included" : (OUTCOME_OF_REFUSAL[result.refusal.code] ?? "unfit");
  } catch (error) {
    if (!(error instanceof ExecutionFault)) throw error;
    state.revert(checkpoint);
    return error;
  }
}
