// Branches of blocks that grow anywhere on a chain, good ones and bad ones: what tests of fork choice deliver.

import type { ImportReport } from "../../src/core/chain/index.ts";
import type { Address, Hash, Height, TimestampMs } from "../../src/core/primitives/index.ts";
import { type Genesis, type Header, hashHeader, type VerifiedTransaction } from "../../src/core/protocol/index.ts";
import { type MinedBlock, mineAndImport, openTestChain, sealHeader, type TestChain, template } from "./testChain.ts";

export interface BranchBlock {
  readonly proposer?: Address;
  readonly stepMs?: number;
  /** What the block includes, of a chain whose head is the parent. */
  readonly transactions?: (parent: TestChain) => readonly VerifiedTransaction[];
}

/** Past the time of every block that these tests make. */
export const LATE_MS = (1_700_000_000_000 + 1_000_000_000) as TimestampMs;

export const hashOfBlock = ({ block }: MinedBlock): Hash => hashHeader(block.header);

/** A chain of its own that has these blocks, none of them bad. */
export function chainOf(genesis: Genesis, blocks: readonly MinedBlock[]): TestChain {
  const testChain = openTestChain({ genesis });
  const { results } = testChain.chain.importBlocks({ items: blocks, nowMs: LATE_MS });
  if (results.some(({ ok }) => !ok)) throw new RangeError("a block of the branch was refused");
  return testChain;
}

/** Mines blocks on top of others. */
export function grow(genesis: Genesis, base: readonly MinedBlock[], blocks: readonly BranchBlock[]): MinedBlock[] {
  const testChain = chainOf(genesis, base);
  return blocks.map(({ proposer, stepMs = 1000, transactions }) =>
    mineAndImport(testChain, {
      nowMs: (testChain.chain.head.header.timestampMs + stepMs) as TimestampMs,
      ...(proposer === undefined ? {} : { proposer }),
      transactions: transactions?.(testChain) ?? [],
    }),
  );
}

/** Blocks on top of others of which the first has a header that its execution does not give. Without retargeting only. */
export function growInvalid(
  genesis: Genesis,
  base: readonly MinedBlock[],
  options: { count: number; change: Partial<Header> },
): MinedBlock[] {
  const testChain = chainOf(genesis, base);
  const blocks: MinedBlock[] = [];
  const { header, body, transactions } = template(testChain);
  let parent: Header | undefined;
  for (let index = 0; index < options.count; index++) {
    const onParent = parent && {
      parentHash: hashHeader(parent),
      height: (parent.height + 1) as Height,
      timestampMs: (parent.timestampMs + 1000) as TimestampMs,
    };
    const sealed = sealHeader(testChain.engine, { ...header, ...(onParent ?? options.change) });
    blocks.push({ block: { header: sealed, body }, transactions });
    parent = sealed;
  }
  return blocks;
}

/** Imports all at once; the code of each, or what became of it. */
export function deliver(
  { chain }: TestChain,
  blocks: readonly MinedBlock[],
): { report: ImportReport; codes: string[] } {
  const report = chain.importBlocks({ items: blocks, nowMs: LATE_MS });
  return { report, codes: report.results.map((result) => (result.ok ? result.kind : result.refusal.code)) };
}
