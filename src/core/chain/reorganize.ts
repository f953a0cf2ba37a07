// Goes over to a branch with more work: blocks are taken back down to the last common one, then those of the branch are
// executed (docs/spec/fork-choice.md). All of it happens, or nothing.

import { assert, defined } from "../primitives/index.ts";
import type { BlockTree } from "./blockTree.ts";
import type { ImportRefusal } from "./codes.ts";
import type { ChainHeader } from "./headers.ts";
import { type ImportedBlock, KeptBlock, restoreTransactions } from "./importedBlock.ts";

export type ReorganizationResult =
  | {
      readonly ok: true;
      /** Highest first. */
      readonly takenBack: readonly ChainHeader[];
      /** Lowest first. */
      readonly adopted: readonly ImportedBlock[];
    }
  /** A block of the branch can't be executed; everything is as it was. */
  | { readonly ok: false; readonly invalid: ChainHeader; readonly refusal: ImportRefusal };

/** Makes the kept block `tip` the head; what it has in common with the canonical chain ends in `ancestor`. */
export function reorganize(
  tree: BlockTree,
  options: { tip: ChainHeader; ancestor: ChainHeader },
): ReorganizationResult {
  const { tip, ancestor } = options;
  const branch = branchBetween(tree, { ancestor, tip });
  const takenBack: ChainHeader[] = [];
  let failure: Extract<ReorganizationResult, { ok: false }> | undefined;
  const isDone = tree.atomically(() => {
    while (tree.head.hash !== ancestor.hash) takenBack.push(tree.takeBack());
    for (const block of branch) {
      const refusal = adopt(tree, block);
      if (refusal === undefined) continue;
      failure = { ok: false, invalid: block, refusal };
      return false;
    }
    return true;
  });
  if (isDone) return { ok: true, takenBack, adopted: branch.map((block) => new KeptBlock(tree.store, block)) };
  return defined(failure, "a reorganization that is undone says why");
}

/** The blocks above `ancestor` up to `tip`, lowest first. */
function branchBetween(tree: BlockTree, options: { ancestor: ChainHeader; tip: ChainHeader }): ChainHeader[] {
  const branch: ChainHeader[] = [];
  let cursor = options.tip;
  while (cursor.hash !== options.ancestor.hash) {
    branch.push(cursor);
    cursor = defined(tree.headers.get(cursor.header.parentHash), "the blocks of a branch are kept");
  }
  return branch.reverse();
}

/** Executes a kept block on the head and makes it the head, or says why it can't be. */
function adopt(tree: BlockTree, block: ChainHeader): ImportRefusal | undefined {
  assert(block.header.parentHash === tree.head.hash, "a branch is adopted block by block");
  const stored = defined(tree.store.block(block.hash), "the blocks of a branch are kept");
  const execution = tree.execute(block.header, restoreTransactions(stored));
  if (!execution.ok) return execution.refusal;
  tree.commit(block, stored, execution.executed);
  return undefined;
}
