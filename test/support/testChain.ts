// A chain over a store, and a miner for it that seals at once: what tests of the chain, the store and replicas drive.

import { Chain, type Template, type TransactionSource } from "../../src/core/chain/index.ts";
import type { ConsensusEngine } from "../../src/core/consensus/index.ts";
import { searchNonce } from "../../src/core/consensus/pow/index.ts";
import { createEngine } from "../../src/core/node/index.ts";
import type { Store } from "../../src/core/ports/index.ts";
import {
  type Address,
  assert,
  bytesToSignature,
  type Height,
  SIGNATURE_SIZE_BYTES,
  type TimestampMs,
} from "../../src/core/primitives/index.ts";
import {
  assumeVerified,
  type Block,
  createSigningDomain,
  encodeTransaction,
  type Genesis,
  type Header,
  type SigningDomain,
  type Transaction,
  transactionHash,
  type VerifiedTransaction,
} from "../../src/core/protocol/index.ts";
import type { VirtualMachine } from "../../src/core/vm/index.ts";
import { testAccount, testGenesis } from "./chainFixture.ts";
import { createTestMachine } from "./machine.ts";
import { MemoryStore } from "./memoryStore.ts";

const SEARCH_COUNT_MAX = 10_000_000;
const NO_SIGNATURE = bytesToSignature(new Uint8Array(SIGNATURE_SIZE_BYTES));

export interface TestChain {
  readonly chain: Chain;
  readonly store: Store;
  readonly genesis: Genesis;
  readonly engine: ConsensusEngine;
  readonly domain: SigningDomain;
}

export interface MinedBlock {
  readonly block: Block;
  readonly transactions: readonly VerifiedTransaction[];
}

export function openTestChain(
  options: { genesis?: Genesis; store?: Store; reorgDepthMax?: number; machine?: VirtualMachine } = {},
): TestChain {
  const genesis = options.genesis ?? testGenesis();
  const store = options.store ?? new MemoryStore();
  const { reorgDepthMax, machine = createTestMachine() } = options;
  const engine = createEngine(genesis, reorgDepthMax === undefined ? {} : { reorgDepthMax });
  const chain = new Chain({ store, genesis, engine, machine, cachedPagesMax: 16 });
  return { chain, store, genesis, engine, domain: createSigningDomain(chain.genesisHash) };
}

/** What another thread would have verified; no signature is made, since a chain takes the word for it. */
export function verified(transaction: Transaction, domain: SigningDomain): VerifiedTransaction {
  const signed = { transaction, signature: NO_SIGNATURE };
  return assumeVerified({ signed, hash: transactionHash(transaction, domain), encoded: encodeTransaction(signed) });
}

/** Offers transactions one after the other, whatever becomes of them. */
function sourceOf(transactions: readonly VerifiedTransaction[]): TransactionSource {
  const left = [...transactions];
  return { next: () => left.shift(), skipSender: () => undefined };
}

/** The header with a nonce that satisfies its target. */
export function sealHeader(engine: ConsensusEngine, header: Header): Header {
  const job = engine.sealJob({ jobId: 1, header });
  const nonce = searchNonce({ header: job.header, target: job.target, start: 0, count: SEARCH_COUNT_MAX });
  assert(nonce !== undefined, "a test's target is easy");
  return engine.applySeal(header, nonce);
}

/** Milliseconds that the tests' clock is past the head's timestamp when a block is made. */
const STEP_MS = 1000;

export function nextMs({ chain }: TestChain): TimestampMs {
  return (chain.head.header.timestampMs + STEP_MS) as TimestampMs;
}

export function template(
  testChain: TestChain,
  options: { transactions?: readonly VerifiedTransaction[]; proposer?: Address; nowMs?: TimestampMs } = {},
): Template {
  return testChain.chain.buildTemplate({
    source: sourceOf(options.transactions ?? []),
    proposer: options.proposer ?? testAccount(9).address,
    nowMs: options.nowMs ?? nextMs(testChain),
  });
}

/** Takes the head back, and forgets its block. */
export function takeBack({ chain }: TestChain): void {
  chain.rollback((chain.head.header.height - 1) as Height);
}

/** A sealed block on the head, which stays as it is. */
export function mine(testChain: TestChain, options: Parameters<typeof template>[1] = {}): MinedBlock {
  const { header, body, transactions } = template(testChain, options);
  return { block: { header: sealHeader(testChain.engine, header), body }, transactions };
}

/** Mines a block and imports it as a stranger's. */
export function mineAndImport(testChain: TestChain, options: Parameters<typeof template>[1] = {}): MinedBlock {
  const mined = mine(testChain, options);
  const result = testChain.chain.importBlock({ ...mined, nowMs: mined.block.header.timestampMs });
  assert(result.ok, "a block that was mined on the head is imported");
  return mined;
}
