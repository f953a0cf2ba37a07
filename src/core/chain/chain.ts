// The chain: imports blocks in stages, follows the branch with most work, builds templates, takes blocks back. Each stage
// knows more than the one before: sanity (the block alone), context (the headers before it), execution (the state),
// commitment (the roots).

import {
  type Address,
  assert,
  type Bytes,
  equalBytes,
  type Hash,
  type Height,
  type TimestampMs,
} from "../primitives/index.ts";
import { type Block, type Header, hashHeader, type VerifiedTransaction } from "../protocol/index.ts";
import { type Account, accountKey, loadAccount, type State } from "../state/index.ts";
import { BlockTree, type ChainOptions } from "./blockTree.ts";
import { ChainMoves } from "./chainMoves.ts";
import { checkContext, checkSanity } from "./checks.ts";
import type { ImportCode, ImportRefusal } from "./codes.ts";
import { type DeepSplit, SplitWatch } from "./deepSplit.ts";
import type { ChainHeader, HeaderOverlay } from "./headers.ts";
import { type ImportedBlock, KeptBlock, toStoredBlock } from "./importedBlock.ts";
import { InvalidBlocks } from "./invalidBlocks.ts";
import { reorganize } from "./reorganize.ts";
import { buildTemplate, type Template, type TransactionSource } from "./template.ts";

/** A block to be imported, with its transactions in order and their signatures verified. */
export interface ImportItem {
  readonly block: Block;
  readonly transactions: readonly VerifiedTransaction[];
}

export type ImportResult =
  | {
      readonly ok: true;
      /** On the canonical chain, or beside it. */
      readonly kind: "adopted" | "kept";
      readonly block: ImportedBlock;
    }
  | { readonly ok: false; readonly refusal: ImportRefusal };

export interface ImportReport {
  /** Of each block that was looked at, in order; the last one may be refused, and known ones are. */
  readonly results: readonly ImportResult[];
  /** Canonical before and not now, lowest first. They can be read until the next import. */
  readonly abandoned: readonly ImportedBlock[];
  /** Canonical now and not before, lowest first. */
  readonly adopted: readonly ImportedBlock[];
}

export type HeaderResult =
  | { readonly ok: true; readonly header: ChainHeader }
  | { readonly ok: false; readonly refusal: ImportRefusal };

function refused(code: ImportCode, message: string): { readonly ok: false; readonly refusal: ImportRefusal } {
  return { ok: false, refusal: { code, message } };
}

export class Chain {
  private readonly tree: BlockTree;
  private readonly invalid = new InvalidBlocks();
  private readonly splits: SplitWatch;

  /**
   * Opens the chain in `store`, writing block 0 into an empty one. The caller has compared block 0 of a store that is not
   * empty with that of this genesis (`createGenesisBlock`).
   */
  constructor(options: ChainOptions) {
    this.tree = new BlockTree(options);
    this.splits = new SplitWatch(this.tree);
  }

  get genesisHash(): Hash {
    return this.tree.genesisHash;
  }

  get head(): ChainHeader {
    return this.tree.head;
  }

  /** Whether the stored tree is the one that the head commits to; false for a damaged store. */
  isConsistent(): boolean {
    return this.tree.updateTree([]).root === this.head.header.stateRoot;
  }

  /** The state at the head. */
  state(): State {
    return this.tree.state();
  }

  /** An account at the head, read alone. */
  account(address: Address): Account {
    return loadAccount(this.tree.store.stateValue(accountKey(address)));
  }

  /** The header of a kept block, canonical or not. */
  header(hash: Hash): ChainHeader | undefined {
    return this.tree.headers.get(hash);
  }

  /** Whether a chain with this tip should be the head in place of the one that is. */
  isBetter(tip: Pick<ChainHeader, "hash" | "totalWork">): boolean {
    return this.tree.isBetterThanHead(tip);
  }

  /** The lowest height whose block may still be replaced by another branch's. */
  reorgHeightMin(): Height {
    return (this.tree.ancestorHeightMin() + 1) as Height;
  }

  /** A better branch that begins too deep to be followed; undefined when none is known. */
  deepSplit(): DeepSplit | undefined {
    return this.splits.current();
  }

  /** The rules of a block that need neither state nor ancestors: its seal, and that the body is the header's. */
  checkBody(block: Block): ImportRefusal | undefined {
    return checkSanity(this.tree, block);
  }

  /** Checks a header as far as its ancestors allow, which are kept blocks or in the overlay. */
  verifyHeader(options: { header: Header; overlay: HeaderOverlay; nowMs: TimestampMs }): HeaderResult {
    const { header, overlay, nowMs } = options;
    const hash = hashHeader(header);
    const kept = this.header(hash);
    if (kept !== undefined) return { ok: true, header: kept };
    const known = this.invalid.get(hash);
    if (known !== undefined) return { ok: false, refusal: known };
    const insane = this.tree.engine.checkSanity(header);
    if (insane !== undefined) return { ok: false, refusal: insane };
    const parent = this.parentOf({ hash, header, overlay });
    if (!parent.ok) return parent;
    const refusal = checkContext(this.tree, { header, parent: parent.header, overlay, nowMs });
    if (refusal !== undefined) return this.refuse(hash, refusal);
    const verified = { hash, header, totalWork: parent.header.totalWork + this.tree.engine.workOf(header) };
    this.splits.onHeader(verified, overlay);
    return { ok: true, header: verified };
  }

  /** Imports one block, as `importBlocks` does. */
  importBlock(options: ImportItem & { nowMs: TimestampMs }): ImportResult {
    const { block, transactions, nowMs } = options;
    const [result] = this.importBlocks({ items: [{ block, transactions }], nowMs }).results;
    return result as ImportResult;
  }

  /**
   * Imports blocks in order, all in one durable write, and stops after the first that is refused and not just known.
   * Those before it are kept.
   */
  importBlocks(options: { items: readonly ImportItem[]; nowMs: TimestampMs }): ImportReport {
    const { items, nowMs } = options;
    const { tree } = this;
    const results: ImportResult[] = [];
    const moves = new ChainMoves();
    tree.atomically(() => {
      // Once, before the first: what is abandoned on the way can be read until the next import.
      tree.trimSideBlocks({ spared: items[0]?.block.header.parentHash });
      for (const item of items) {
        const result = this.importItem(item, { nowMs, moves });
        results.push(result);
        if (!result.ok && result.refusal.code !== "known_block") break;
      }
      return true;
    });
    const abandoned = moves.takenBack.reverse().map((block) => new KeptBlock(tree.store, block));
    return { results, abandoned, adopted: moves.adopted };
  }

  private importItem(item: ImportItem, context: { nowMs: TimestampMs; moves: ChainMoves }): ImportResult {
    const { tree } = this;
    const { block, transactions } = item;
    const { header } = block;
    const hash = hashHeader(header);
    if (tree.isKept({ hash, header })) return refused("known_block", `block ${hash} is known`);
    const known = this.invalid.get(hash);
    if (known !== undefined) return { ok: false, refusal: known };
    const insane = checkSanity(tree, block);
    if (insane !== undefined) return { ok: false, refusal: insane };
    const found = this.parentOf({ hash, header });
    if (!found.ok) return found;
    const parent = found.header;
    const imported = { hash, header, totalWork: parent.totalWork + tree.engine.workOf(header) };
    const isTooDeep = tree.isCanonical(parent) && parent.header.height < tree.ancestorHeightMin();
    // Blocks deep down are cheap to make, and are looked at only where they are a reason to stop.
    if (isTooDeep && !tree.isBetterThanHead(imported)) return this.refuseDeep(imported, parent);
    const refusal = checkContext(tree, { header, parent, nowMs: context.nowMs });
    if (refusal !== undefined) return this.refuse(hash, refusal);
    if (isTooDeep) return this.refuseDeep(imported, parent);
    assert(
      transactions.length === block.body.transactions.length &&
        transactions.every(({ encoded }, index) => equalBytes(encoded, block.body.transactions[index] as Bytes)),
      "the verified transactions are those of the block's body",
    );
    return parent.hash === tree.head.hash
      ? this.extend({ ...imported, transactions }, { item, moves: context.moves })
      : this.keep({ ...imported, transactions }, { item, moves: context.moves });
  }

  /** Executes and commits a block whose parent is the head. */
  private extend(block: ImportedBlock, options: { item: ImportItem; moves: ChainMoves }): ImportResult {
    const { item, moves } = options;
    const execution = this.tree.execute(block.header, block.transactions);
    if (!execution.ok) return this.refuse(block.hash, execution.refusal);
    const stored = toStoredBlock({ block, body: item.block.body, transactions: block.transactions });
    this.tree.commit(withoutTransactions(block), stored, execution.executed);
    moves.adopt(block);
    return { ok: true, kind: "adopted", block };
  }

  /** Keeps a block beside the canonical chain, and goes over to its branch where that is better. */
  private keep(block: ImportedBlock, options: { item: ImportItem; moves: ChainMoves }): ImportResult {
    const { tree } = this;
    const { item, moves } = options;
    const tip = withoutTransactions(block);
    tree.keepSideBlock(tip, toStoredBlock({ block, body: item.block.body, transactions: block.transactions }));
    if (!tree.isBetterThanHead(tip)) return { ok: true, kind: "kept", block };
    const ancestor = tree.ancestorOf(tip);
    if (ancestor.header.height < tree.ancestorHeightMin()) {
      tree.dropSideBlocks([tip.hash]);
      return this.refuseDeep(tip, ancestor);
    }
    const result = reorganize(tree, { tip, ancestor });
    if (!result.ok) return this.dropBranch(tip, result);
    for (const taken of result.takenBack) moves.takeBack(taken);
    for (const adopted of result.adopted) moves.adopt(adopted);
    return { ok: true, kind: "adopted", block };
  }

  /** Drops an invalid block with all that rest on it, and remembers them. */
  private dropBranch(tip: ChainHeader, found: { invalid: ChainHeader; refusal: ImportRefusal }): ImportResult {
    const { invalid, refusal } = found;
    const [, ...resting] = this.tree.side.withDescendants(invalid.hash);
    this.tree.dropSideBlocks([invalid.hash, ...resting]);
    this.invalid.add(invalid.hash, refusal);
    for (const hash of resting) this.invalid.add(hash, restsOnInvalid(invalid.hash));
    return { ok: false, refusal: tip.hash === invalid.hash ? refusal : restsOnInvalid(invalid.hash) };
  }

  private parentOf(options: { hash: Hash; header: Header; overlay?: HeaderOverlay }): HeaderResult {
    const { hash, header, overlay } = options;
    const { parentHash } = header;
    const parent = overlay?.(parentHash) ?? this.header(parentHash);
    if (parent !== undefined) return { ok: true, header: parent };
    if (this.invalid.get(parentHash) !== undefined) return this.refuse(hash, restsOnInvalid(parentHash));
    return refused("unknown_parent", `block ${parentHash} is not known`);
  }

  /** For blocks whose work has been checked. */
  private refuse(hash: Hash, refusal: ImportRefusal): { readonly ok: false; readonly refusal: ImportRefusal } {
    this.invalid.add(hash, refusal);
    return { ok: false, refusal };
  }

  private refuseDeep(tip: ChainHeader, ancestor: ChainHeader): ImportResult {
    const ancestorHeight = ancestor.header.height;
    this.splits.onRefused(tip, ancestor);
    const message = `the branch begins at height ${ancestorHeight}; this node goes back to ${this.tree.ancestorHeightMin()}`;
    return refused("reorg_too_deep", message);
  }

  /** Builds a block on the head out of what `source` offers, as much as fits. */
  buildTemplate(options: { source: TransactionSource; proposer: Address; nowMs: TimestampMs }): Template {
    return buildTemplate(this.tree, options);
  }

  /** Commits a template whose header has been sealed. What it was executed to is taken over, not computed again. */
  commitTemplate(template: Template, sealed: Header, nowMs: TimestampMs): ImportResult {
    const { tree } = this;
    assert(template.header.parentHash === sealed.parentHash, "the sealed header is the template's");
    const parent = tree.head;
    if (sealed.parentHash !== parent.hash) return refused("side_chain", "the template's parent is not the head");
    const refusal = tree.engine.checkSanity(sealed) ?? checkContext(tree, { header: sealed, parent, nowMs });
    if (refusal !== undefined) return { ok: false, refusal };
    const { body, transactions, executed } = template;
    const totalWork = parent.totalWork + tree.engine.workOf(sealed);
    const block = { hash: hashHeader(sealed), header: sealed, totalWork };
    tree.atomically(() => {
      tree.trimSideBlocks({ spared: undefined });
      tree.commit(block, toStoredBlock({ block, body, transactions }), executed);
      return true;
    });
    return { ok: true, kind: "adopted", block: { ...block, transactions } };
  }

  /** The lowest height that `rollback` can go back to. */
  rollbackHeightMin(): Height {
    return this.tree.undoneHeightMin();
  }

  /**
   * Takes the chain back to `height`, in one write. What was above it, and every branch, is dropped: what is wanted of
   * it comes again from other nodes.
   * @returns the headers of the canonical blocks that are gone, highest first
   */
  rollback(height: Height): readonly ChainHeader[] {
    const { tree } = this;
    assert(height >= this.rollbackHeightMin(), "undo records are kept down to the height of a rollback");
    assert(height <= this.head.header.height, "a rollback does not go forward");
    const takenBack: ChainHeader[] = [];
    tree.atomically(() => {
      while (tree.head.header.height > height) takenBack.push(tree.takeBack());
      tree.dropSideBlocks(tree.side.all());
      return true;
    });
    return takenBack;
  }
}

function withoutTransactions({ hash, header, totalWork }: ImportedBlock): ChainHeader {
  return { hash, header, totalWork };
}

function restsOnInvalid(hash: Hash): ImportRefusal {
  return { code: "invalid_parent", message: `the block rests on block ${hash}, which is invalid` };
}
