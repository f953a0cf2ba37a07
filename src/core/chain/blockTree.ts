// All kept blocks: the canonical chain with the state at its head, and the blocks beside it. What it holds in memory
// follows the store: a write that is undone there leaves no trace here.

import type { ConsensusEngine } from "../consensus/index.ts";
import { type BlockContext, BlockExecution, ExecutionFault, type VirtualMachine } from "../execution/index.ts";
import { pageChanges, StateTree, type TreeUpdate } from "../merkle/index.ts";
import type { StateChange, Store, StoredBlock } from "../ports/index.ts";
import { type Address, assert, type Bytes, defined, type Hash, type Height } from "../primitives/index.ts";
import { encodeReceipts, type Genesis, type Header, hashList, type VerifiedTransaction } from "../protocol/index.ts";
import { leafChanges, State } from "../state/index.ts";
import type { ImportCode, ImportRefusal } from "./codes.ts";
import { createGenesisBlock } from "./genesisBlock.ts";
import { type ChainHeader, HeaderChain, loadHeader } from "./headers.ts";
import { SideBlocks } from "./sideBlocks.ts";

/** What a block's transactions have come to; nothing of it is in the store. */
export interface Executed {
  readonly changes: readonly StateChange[];
  readonly update: TreeUpdate;
  readonly receipts: readonly Bytes[];
  /** The contracts that announced events. */
  readonly eventSources: readonly Address[];
}

export interface ChainOptions {
  readonly store: Store;
  readonly genesis: Genesis;
  readonly engine: ConsensusEngine;
  readonly machine: VirtualMachine;
  readonly cachedPagesMax: number;
}

export type ExecutionResult =
  | { readonly ok: true; readonly executed: Executed }
  | { readonly ok: false; readonly refusal: ImportRefusal };

/**
 * Blocks beside the canonical chain that are kept at least. Where a node reorganizes deeper than half of this, it keeps
 * twice as many as that, or a branch could not grow long enough to win.
 */
const SIDE_BLOCKS_MAX = 4096;
const SIDE_BLOCKS_DEPTH_FACTOR = 2;

export class BlockTree {
  readonly store: Store;
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly engine: ConsensusEngine;
  readonly headers: HeaderChain;
  readonly side: SideBlocks;
  private readonly machine: VirtualMachine;
  private readonly tree: StateTree;
  private headHeader: ChainHeader;

  /** Writes block 0 into an empty store; one that is not empty holds this genesis. */
  constructor(options: ChainOptions) {
    const { store, genesis, engine, cachedPagesMax } = options;
    this.machine = options.machine;
    this.store = store;
    this.genesis = genesis;
    this.engine = engine;
    const block = createGenesisBlock({ genesis, engine });
    this.genesisHash = block.hash;
    if (store.head() === undefined) store.commitBlock(block.commit);
    assert(store.hashAt(0 as Height) === block.hash, "the store holds this genesis");
    this.headers = new HeaderChain(store);
    this.side = new SideBlocks(store);
    this.tree = new StateTree({ readPage: (prefix) => store.treePage(prefix), cachedPagesMax });
    this.headHeader = this.loadHead();
  }

  private loadHead(): ChainHeader {
    const position = defined(this.store.head(), "an opened store has a head");
    return defined(loadHeader(this.store, position.hash), "the head's header is stored");
  }

  get head(): ChainHeader {
    return this.headHeader;
  }

  state(): State {
    return new State(this.store);
  }

  /** The root of the stored state tree with these changes, and its pages. */
  updateTree(changes: readonly StateChange[]): TreeUpdate {
    return this.tree.update(leafChanges(changes));
  }

  isCanonical({ hash, header }: Pick<ChainHeader, "hash" | "header">): boolean {
    return this.store.hashAt(header.height) === hash;
  }

  isKept({ hash, header }: Pick<ChainHeader, "hash" | "header">): boolean {
    return this.side.has(hash) || this.isCanonical({ hash, header });
  }

  isBetterThanHead(candidate: Pick<ChainHeader, "hash" | "totalWork">): boolean {
    return this.engine.isBetter({ candidate, current: this.headHeader });
  }

  /** The lowest canonical block that the head can be taken back to: as far as undo records are kept. */
  undoneHeightMin(): Height {
    return Math.max(this.store.undoHeightMin() - 1, 0) as Height;
  }

  /** The lowest canonical block from which this node follows another branch. */
  ancestorHeightMin(): Height {
    const finalized = this.engine.finalizedHeight(this.headHeader.header.height);
    return Math.max(finalized, this.undoneHeightMin()) as Height;
  }

  /** The last canonical block under `tip`; what lies between is kept. */
  ancestorOf(tip: ChainHeader): ChainHeader {
    let cursor = tip;
    while (!this.isCanonical(cursor)) {
      cursor = defined(this.headers.get(cursor.header.parentHash), "what a block rests on is kept, down to block 0");
    }
    return cursor;
  }

  /** Runs `write` in one write of the store, and follows where it is undone. May be nested. */
  atomically(write: () => boolean): boolean {
    const before = this.headHeader;
    let isKept = false;
    try {
      isKept = this.store.atomically(write);
    } finally {
      if (!isKept) {
        this.headHeader = before;
        this.tree.forget();
        this.headers.forget();
        this.side.load();
      }
    }
    return isKept;
  }

  execution(block: Pick<Header, "height" | "timestampMs" | "proposer">): { state: State; execution: BlockExecution } {
    const { height, timestampMs, proposer } = block;
    const { genesisHash, machine } = this;
    const { parameters } = this.genesis;
    const context: BlockContext = { height, timestampMs, proposer, parameters, genesisHash };
    const state = this.state();
    return { state, execution: new BlockExecution({ state, block: context, machine }) };
  }

  /**
   * Executes a block on the head and compares the outcome with what its header says.
   * @throws ExecutionFault when this node can't execute one of its transactions: it must not go past the block then
   */
  execute(header: Header, transactions: readonly VerifiedTransaction[]): ExecutionResult {
    const { state, execution } = this.execution(header);
    for (const { transaction, hash } of transactions) {
      const result = naming(hash, () => execution.apply(transaction));
      if (!result.ok) return result;
    }
    execution.finish();
    const mismatch = (code: ImportCode, message: string) => ({ ok: false as const, refusal: { code, message } });
    if (execution.gasUsed !== header.gasUsed)
      return mismatch("gas_mismatch", `execution used ${execution.gasUsed} gas`);
    const { receipts, eventSources } = execution;
    if (hashList(receipts) !== header.receiptsRoot) return mismatch("receipts_mismatch", "the receipts differ");
    const changes = state.changes();
    const update = this.updateTree(changes);
    if (update.root !== header.stateRoot) return mismatch("state_mismatch", `execution gives root ${update.root}`);
    return { ok: true, executed: { changes, update, receipts, eventSources } };
  }

  /** Makes a block that has been executed on the head the head. */
  commit(block: ChainHeader, stored: StoredBlock, executed: Executed): void {
    const { height } = block.header;
    // As deep as this node reorganizes, and one block where it never does.
    // Twice as deep as the node reorganizes by itself, so that its operator can roll back to where a deeper split begins.
    const finalizedHeight = this.engine.finalizedHeight(height);
    const keptBelow = Math.max(finalizedHeight - (height - finalizedHeight), 0);
    const undoHeightMin = Math.min(keptBelow + 1, height) as Height;
    this.store.commitBlock({
      block: { ...stored, receipts: encodeReceipts(executed.receipts) },
      state: executed.changes,
      pages: pageChanges(executed.update),
      undoHeightMin,
      eventSources: executed.eventSources,
    });
    this.tree.adopt(executed.update);
    this.side.remove(block.hash);
    this.headHeader = block;
    this.headers.add(block);
  }

  /** Takes the head block back, which stays kept: its parent is the head again, with the state that it had. */
  takeBack(): ChainHeader {
    const taken = this.headHeader;
    const { height, parentHash } = taken.header;
    assert(height > 0, "block 0 is not taken back");
    const state = this.store
      .changesAt(height)
      .map(({ key, value, previous }) => ({ key, value: previous, previous: value }));
    const update = this.updateTree(state);
    const parent = defined(this.headers.get(parentHash), "the head's parent is stored");
    assert(update.root === parent.header.stateRoot, "the undo record leads back to the parent's state");
    this.store.revertHead({ height, state, pages: pageChanges(update) });
    this.tree.adopt(update);
    this.side.add(taken);
    this.headHeader = parent;
    return taken;
  }

  keepSideBlock(block: ChainHeader, stored: StoredBlock): void {
    this.store.keepSideBlock(stored);
    this.side.add(block);
    this.headers.add(block);
  }

  dropSideBlocks(hashes: readonly Hash[]): void {
    if (hashes.length === 0) return;
    this.store.dropSideBlocks(hashes);
    for (const hash of hashes) this.side.remove(hash);
    this.headers.drop(hashes);
  }

  /** Drops side blocks that can't win any more, and those with the least work where there are too many. */
  trimSideBlocks(options: { spared: Hash | undefined }): void {
    if (this.side.count === 0) return;
    this.dropSideBlocks(this.side.upTo(this.ancestorHeightMin()));
    const { height } = this.headHeader.header;
    const depthMax = height - this.engine.finalizedHeight(height);
    const countMax = Math.max(SIDE_BLOCKS_MAX, SIDE_BLOCKS_DEPTH_FACTOR * depthMax);
    while (this.side.count > countMax) {
      this.dropSideBlocks([defined(this.side.worstTip(options.spared), "of many side blocks one is a tip")]);
    }
  }
}

/** Says in whose execution a fault came. */
function naming<Value>(hash: Hash, execute: () => Value): Value {
  try {
    return execute();
  } catch (error) {
    if (!(error instanceof ExecutionFault)) throw error;
    throw new ExecutionFault(`transaction ${hash} could not be executed: ${error.message}`, error);
  }
}
