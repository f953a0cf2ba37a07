// Recovery ahead of the import: how blocks are joined into jobs, and what is done where jobs are refused or answer at once.

import { expect, test } from "bun:test";
import { BodyWindow, type HeldBlock } from "../../../../../src/core/network/sync/bodyWindow.ts";
import {
  RECOVERY_BLOCKS_MAX,
  RECOVERY_JOBS_MAX,
  RECOVERY_TRANSACTIONS_MAX,
} from "../../../../../src/core/network/sync/bounds.ts";
import { PendingHeaders } from "../../../../../src/core/network/sync/pendingHeaders.ts";
import { Recovery, type RecoveryJobs } from "../../../../../src/core/network/sync/recovery.ts";
import type { Bytes, Hash } from "../../../../../src/core/primitives/index.ts";
import { decodeTransaction, type SignedTransaction } from "../../../../../src/core/protocol/index.ts";
import { type FakeBlock, GENESIS_BLOCK, makeBranch } from "../../../../support/syncFakeChain.ts";

const HASH = `0x${"11".repeat(32)}` as Hash;

function decode(encoded: Bytes): SignedTransaction {
  const decoded = decodeTransaction(encoded);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

function setUp(options: { blockCount: number; transactionCount: number; verify: RecoveryJobs["verify"] }) {
  const pending = new PendingHeaders();
  const window = new BodyWindow({ pending, answerBytesMax: 1024 });
  const bad: [HeldBlock, number][] = [];
  let doneCount = 0;
  const recovery = new Recovery({
    jobs: { verify: options.verify },
    pending,
    window,
    onBadSignature: (block, index) => bad.push([block, index]),
    onDone: () => {
      doneCount++;
      recovery.advance();
    },
  });
  const { blockCount, transactionCount } = options;
  const blocks = makeBranch({ parent: GENESIS_BLOCK.traced, count: blockCount, transactionCount });
  const hold = ({ traced, block, encoded }: FakeBlock) => {
    pending.append(traced);
    const signed = block.body.transactions.map(decode);
    window.hold({
      kind: "held",
      header: traced,
      block,
      signed,
      sizeBytes: encoded.length,
      giverId: 1,
      isRecovering: false,
      transactions: undefined,
    });
  };
  const isRecovered = (block: FakeBlock) => window.held(block.traced.hash)?.transactions !== undefined;
  return { recovery, window, blocks, hold, bad, isRecovered, doneCount: () => doneCount };
}

test("joins blocks up to a job's transactions, and has so many jobs under way", () => {
  const jobs: number[] = [];
  const verify: RecoveryJobs["verify"] = (encoded) => jobs.push(encoded.length) > 0;
  const { recovery, blocks, hold } = setUp({ blockCount: 60, transactionCount: 100, verify });
  blocks.forEach(hold);
  recovery.advance();
  recovery.advance();
  const perJob = Math.floor(RECOVERY_TRANSACTIONS_MAX / 100) * 100;
  expect(jobs).toEqual(Array.from({ length: RECOVERY_JOBS_MAX }, () => perJob));
});

test("joins no more than so many blocks", () => {
  const jobs: number[] = [];
  const verify: RecoveryJobs["verify"] = (encoded) => jobs.push(encoded.length) > 0;
  const { recovery, blocks, hold } = setUp({ blockCount: 100, transactionCount: 1, verify });
  blocks.forEach(hold);
  recovery.advance();
  // The rest waits to be joined by more, since a job is under way.
  expect(jobs).toEqual([RECOVERY_BLOCKS_MAX]);
});

test("a block without transactions needs none", () => {
  const { recovery, blocks, hold, isRecovered } = setUp({ blockCount: 5, transactionCount: 0, verify: () => false });
  blocks.forEach(hold);
  recovery.advance();
  expect(blocks.every(isRecovered)).toBe(true);
});

test("tries again what was refused", () => {
  let isOpen = false;
  const verify: RecoveryJobs["verify"] = (encoded, done) => {
    if (isOpen) done(encoded.map(() => HASH));
    return isOpen;
  };
  const { recovery, blocks, hold, isRecovered, doneCount } = setUp({ blockCount: 300, transactionCount: 2, verify });
  blocks.forEach(hold);
  recovery.advance();
  expect(blocks.some(isRecovered)).toBe(false);
  isOpen = true;
  recovery.advance();
  expect(blocks.every(isRecovered)).toBe(true);
  expect(doneCount()).toBe(Math.ceil(300 / RECOVERY_BLOCKS_MAX));
});

test("names the transaction with a bad signature, and the blocks beside it are good", () => {
  const verify: RecoveryJobs["verify"] = (encoded, done) => {
    done(encoded.map((_, index) => (index === 5 ? undefined : HASH)));
    return true;
  };
  const { recovery, blocks, hold, bad, isRecovered } = setUp({ blockCount: 4, transactionCount: 3, verify });
  blocks.forEach(hold);
  recovery.advance();
  expect(bad.map(([{ header }, index]) => [header.hash, index])).toContainEqual([blocks[1]?.traced.hash as Hash, 2]);
  expect([blocks[0], blocks[2], blocks[3]].every((block) => isRecovered(block as FakeBlock))).toBe(true);
});

test("what was dropped meanwhile stays dropped", () => {
  let finish = () => undefined as undefined;
  const verify: RecoveryJobs["verify"] = (encoded, done) => {
    finish = () => {
      done(encoded.map(() => undefined));
    };
    return true;
  };
  const { recovery, blocks, hold, bad, window } = setUp({ blockCount: 2, transactionCount: 1, verify });
  blocks.forEach(hold);
  recovery.advance();
  for (const { traced } of blocks) window.drop(traced.hash);
  finish();
  expect([bad, window.blockCount, window.sizeBytes]).toEqual([[], 0, 0]);
});
