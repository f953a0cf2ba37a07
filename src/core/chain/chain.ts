// The chain: imports blocks in stages, builds templates, takes blocks back. Each stage knows more than the one before:
// sanity (the block alone), context (the headers before it), execution (the state), commitment (the roots).

import type { ConsensusEngine } from "../consensus/index.ts";
import { type BlockContext, BlockExecution, type ExecutionCode } from "../execution/index.ts";
import { pageChanges, StateTree, type TreeUpdate } from "../merkle/index.ts";
import type { StateChange, Store } from "../ports/index.ts";
import {
  type Address,
  assert,
  type Bytes,
  defined,
  EMPTY_BYTES,
  equalBytes,
  type Hash,
  type Height,
  type TimestampMs,
  ZERO_HASH,
} from "../primitives/index.ts";
import {
  BLOCK_TRANSACTIONS_MAX,
  type Block,
  type BlockBody,
  blockSizeBytes,
  encodeBody,
  encodeHeader,
  encodeReceipts,
  type Genesis,
  type Header,
  hashHeader,
  hashList,
  type VerifiedTransaction,
} from "../protocol/index.ts";
import { leafChanges, State } from "../state/index.ts";
import type { ImportCode, ImportRefusal } from "./codes.ts";
import { createGenesisBlock } from "./genesisBlock.ts";
import { type ChainHeader, HeaderChain, loadHeader } from "./headers.ts";

/** Where a template takes its transactions from, best first. */
export interface TransactionSource {
  next(): VerifiedTransaction | undefined;
  /** Says that the transaction returned last can't be in this block, so that its sender's later ones aren't offered. */
  skipSender(): void;
}

interface Executed {
  readonly changes: readonly StateChange[];
  readonly update: TreeUpdate;
  readonly receipts: readonly Bytes[];
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

export interface ImportedBlock extends ChainHeader {
  readonly transactions: readonly VerifiedTransaction[];
}

export type ImportResult =
  | { readonly ok: true; readonly block: ImportedBlock }
  | { readonly ok: false; readonly refusal: ImportRefusal };

/** A header, a body's length prefixes and its signature, at their largest. */
const TEMPLATE_OVERHEAD_BYTES = 1024;

const ROOM_CODES: ReadonlySet<ExecutionCode> = new Set(["block_gas_exhausted", "block_state_exhausted"]);

function refused(code: ImportCode, message: string): ImportResult {
  return { ok: false, refusal: { code, message } };
}

export class Chain {
  readonly genesisHash: Hash;
  private readonly genesis: Genesis;
  private readonly engine: ConsensusEngine;
  private readonly store: Store;
  private readonly headers: HeaderChain;
  private readonly tree: StateTree;
  private headHeader: ChainHeader;

  /**
   * Opens the chain in `store`, writing block 0 into an empty one. The caller has compared block 0 of a store that is not
   * empty with that of this genesis (`createGenesisBlock`).
   */
  constructor(options: { store: Store; genesis: Genesis; engine: ConsensusEngine; cachedPagesMax: number }) {
    const { store, genesis, engine, cachedPagesMax } = options;
    this.store = store;
    this.genesis = genesis;
    this.engine = engine;
    const block = createGenesisBlock({ genesis, engine });
    this.genesisHash = block.hash;
    if (store.head() === undefined) store.commitBlock(block.commit);
    assert(store.hashAt(0 as Height) === block.hash, "the store holds this genesis");
    this.headers = new HeaderChain(store);
    this.tree = new StateTree({ readPage: (prefix) => store.treePage(prefix), cachedPagesMax });
    const position = defined(store.head(), "an opened store has a head");
    this.headHeader = defined(loadHeader(store, position.hash), "the head's header is stored");
  }

  get head(): ChainHeader {
    return this.headHeader;
  }

  /** Whether the stored tree is the one that the head commits to; false for a damaged store. */
  isConsistent(): boolean {
    return this.tree.update([]).root === this.headHeader.header.stateRoot;
  }

  /** The state at the head. */
  state(): State {
    return new State(this.store);
  }

  /** Checks, executes and commits a block on the head, with its transactions in order and their signatures verified. */
  importBlock(options: {
    block: Block;
    transactions: readonly VerifiedTransaction[];
    nowMs: TimestampMs;
  }): ImportResult {
    const { block, transactions, nowMs } = options;
    const { header } = block;
    const hash = hashHeader(header);
    // A block that was taken back is kept, and may come again.
    if (this.store.hashAt(header.height) === hash) return refused("known_block", `block ${hash} is known`);
    const sanity = this.checkSanity(block);
    if (sanity !== undefined) return { ok: false, refusal: sanity };
    const context = this.checkContext(header, nowMs);
    if (context !== undefined) return { ok: false, refusal: context };
    assert(
      transactions.length === block.body.transactions.length &&
        transactions.every(({ encoded }, index) => equalBytes(encoded, block.body.transactions[index] as Bytes)),
      "the verified transactions are those of the block's body",
    );
    const execution = this.execute(header, transactions);
    if (!execution.ok) return execution;
    return this.commit({ header, hash, body: block.body, transactions, executed: execution.executed });
  }

  private checkSanity(block: Block): ImportRefusal | undefined {
    const { header, body } = block;
    const refusal = this.engine.checkSanity(header) ?? this.engine.checkBody(body);
    if (refusal !== undefined) return refusal;
    const isOwnBody =
      header.transactionCount === body.transactions.length &&
      header.transactionsRoot === hashList(body.transactions) &&
      header.votesRoot === hashList(body.votes) &&
      header.evidenceRoot === hashList(body.evidence);
    if (!isOwnBody) return { code: "body_mismatch", message: "the body is not the one that the header commits to" };
    const sizeBytes = blockSizeBytes(block);
    const { blockSizeBytesMax } = this.genesis.parameters;
    if (sizeBytes > blockSizeBytesMax) {
      return { code: "block_too_large", message: `the block has ${sizeBytes} bytes; at most ${blockSizeBytesMax}` };
    }
    return undefined;
  }

  private checkContext(header: Header, nowMs: TimestampMs): ImportRefusal | undefined {
    const parent = this.headers.get(header.parentHash);
    if (parent === undefined) return { code: "unknown_parent", message: `block ${header.parentHash} is not known` };
    if (header.height !== parent.header.height + 1) {
      return { code: "invalid_height", message: `height is ${header.height}, the parent's is ${parent.header.height}` };
    }
    const refusal = this.engine.checkContext({ header, ancestry: this.headers.ancestry(parent), nowMs });
    if (refusal !== undefined) return refusal;
    if (parent.hash !== this.headHeader.hash) {
      return { code: "side_chain", message: "the block's parent is not the head" };
    }
    return undefined;
  }

  private blockContext(header: Pick<Header, "height" | "timestampMs" | "proposer">): BlockContext {
    const { height, timestampMs, proposer } = header;
    return { height, timestampMs, proposer, parameters: this.genesis.parameters };
  }

  private execute(
    header: Header,
    transactions: readonly VerifiedTransaction[],
  ): { ok: true; executed: Executed } | { ok: false; refusal: ImportRefusal } {
    const state = this.state();
    const execution = new BlockExecution({ state, block: this.blockContext(header) });
    for (const { transaction } of transactions) {
      const result = execution.apply(transaction);
      if (!result.ok) return result;
    }
    execution.finish();
    const mismatch = (code: ImportCode, message: string) => ({ ok: false as const, refusal: { code, message } });
    if (execution.gasUsed !== header.gasUsed)
      return mismatch("gas_mismatch", `execution used ${execution.gasUsed} gas`);
    const { receipts } = execution;
    if (hashList(receipts) !== header.receiptsRoot) return mismatch("receipts_mismatch", "the receipts differ");
    const changes = state.changes();
    const update = this.tree.update(leafChanges(changes));
    if (update.root !== header.stateRoot) return mismatch("state_mismatch", `execution gives root ${update.root}`);
    return { ok: true, executed: { changes, update, receipts } };
  }

  private commit(options: {
    header: Header;
    hash: Hash;
    body: BlockBody;
    transactions: readonly VerifiedTransaction[];
    executed: Executed;
  }): ImportResult {
    const { header, hash, body, transactions, executed } = options;
    const totalWork = this.headHeader.totalWork + this.engine.workOf(header);
    this.store.commitBlock({
      block: {
        hash,
        height: header.height,
        parentHash: header.parentHash,
        totalWork,
        header: encodeHeader(header),
        body: encodeBody(body),
        receipts: encodeReceipts(executed.receipts),
        transactionHashes: transactions.map((transaction) => transaction.hash),
      },
      state: executed.changes,
      pages: pageChanges(executed.update),
    });
    this.tree.adopt(executed.update);
    this.headHeader = { hash, header, totalWork };
    this.headers.add(this.headHeader);
    return { ok: true, block: { ...this.headHeader, transactions } };
  }

  /** Builds a block on the head out of what `source` offers, as much as fits. */
  buildTemplate(options: { source: TransactionSource; proposer: Address; nowMs: TimestampMs }): Template {
    const { source, proposer, nowMs } = options;
    const parent = this.headHeader;
    const timestampMs = Math.max(nowMs, this.engine.timestampMin(parent.header)) as TimestampMs;
    const height = (parent.header.height + 1) as Height;
    const state = this.state();
    const execution = new BlockExecution({ state, block: this.blockContext({ height, timestampMs, proposer }) });
    const { included, isFull } = this.fill(execution, source);
    execution.finish();
    const changes = state.changes();
    const update = this.tree.update(leafChanges(changes));
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
      seal: this.engine.prepareSeal({ timestampMs, ancestry: this.headers.ancestry(parent) }),
    };
    return {
      header,
      body: { transactions: encoded, votes: [], evidence: [], proposerSignature: EMPTY_BYTES },
      transactions: included,
      isFull,
      executed: { changes, update, receipts: execution.receipts },
    };
  }

  private fill(
    execution: BlockExecution,
    source: TransactionSource,
  ): { included: VerifiedTransaction[]; isFull: boolean } {
    const included: VerifiedTransaction[] = [];
    let isFull = false;
    let sizeLeft = this.genesis.parameters.blockSizeBytesMax - TEMPLATE_OVERHEAD_BYTES;
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

  /** Commits a template whose header has been sealed. What it was executed to is taken over, not computed again. */
  commitTemplate(template: Template, sealed: Header, nowMs: TimestampMs): ImportResult {
    assert(template.header.parentHash === sealed.parentHash, "the sealed header is the template's");
    const refusal = this.engine.checkSanity(sealed) ?? this.checkContext(sealed, nowMs);
    if (refusal !== undefined) return { ok: false, refusal };
    const { body, transactions, executed } = template;
    return this.commit({ header: sealed, hash: hashHeader(sealed), body, transactions, executed });
  }

  /** Takes the head block back: its parent is the head again, with the state that it had. */
  revertHead(): void {
    const { header } = this.headHeader;
    assert(header.height > 0, "block 0 is not taken back");
    const state = this.store
      .changesAt(header.height)
      .map(({ key, value, previous }) => ({ key, value: previous, previous: value }));
    const update = this.tree.update(leafChanges(state));
    const parent = defined(this.headers.get(header.parentHash), "the head's parent is stored");
    assert(update.root === parent.header.stateRoot, "the undo record leads back to the parent's state");
    this.store.revertHead({ height: header.height, state, pages: pageChanges(update) });
    this.tree.adopt(update);
    this.headHeader = parent;
  }
}
