// The checkers agree with the node on valid chains, and each of them fires on what it is there for.

import { describe, expect, test } from "bun:test";
import { createGenesisBlock } from "../../../src/core/chain/index.ts";
import type { Store, StoredBlock } from "../../../src/core/ports/index.ts";
import {
  type Amount,
  EMPTY_BYTES,
  type Hash,
  type Height,
  type TimestampMs,
} from "../../../src/core/primitives/index.ts";
import {
  type Block,
  DEFAULT_PARAMETERS,
  decodeHeader,
  decodeTransaction,
  encodeBody,
  encodeHeader,
  type Header,
  hashHeader,
  type VerifiedTransaction,
  verifyTransaction,
} from "../../../src/core/protocol/index.ts";
import { MemoryStore } from "../../support/memoryStore.ts";
import { type MinedBlock, mineAndImport, nextMs, openTestChain, template } from "../../support/testChain.ts";
import { keyHolder, signTransactionBy } from "../accounts.ts";
import { FORGERY_NAMES, forge } from "../byzantine/forgeries.ts";
import { CheckFailure } from "../checkFailure.ts";
import { createPlan } from "../plan.ts";
import { Random } from "../random.ts";
import { transferOf } from "../workload.ts";
import { ReferenceLedger } from "./ledger.ts";
import { NodeChain } from "./nodeChain.ts";
import { readTransaction } from "./reading.ts";
import { isSignedBySender } from "./signature.ts";

const LATEST_MS = Number.MAX_SAFE_INTEGER / 2;

/** A chain of a few blocks with transfers, on the genesis of a plan. */
function createChain(blocks: number) {
  const { genesis: planned } = createPlan(new Random("checkers"), { nodeCount: 3, minutes: 3 });
  const parameters = { ...DEFAULT_PARAMETERS, blockReward: 50 as Amount, blockSizeBytesMax: 16 * 1024 };
  const genesis = { ...planned, parameters };
  const store = new MemoryStore();
  const testChain = openTestChain({ genesis, store });
  const signed = new Set<string>();
  const transferBy = (sender: number, nonce: number, fields: { amount?: number } = {}): VerifiedTransaction => {
    const { address: to } = keyHolder((sender + 1) % 5);
    const transfer = transferOf(keyHolder(sender), { to, nonce, gasPrice: 15, amount: 7, ...fields });
    const verified = signTransactionBy(transfer, keyHolder(sender), testChain.domain);
    signed.add(verified.encoded.toHex());
    return verified;
  };
  const mined: MinedBlock[] = [];
  for (let nonce = 0; nonce < blocks; nonce++) {
    mined.push(mineAndImport(testChain, { transactions: [transferBy(0, nonce), transferBy(1, nonce)] }));
  }
  const ledger = new ReferenceLedger({ genesis, isSigned: (encoded) => signed.has(encoded) });
  return { testChain, store, genesis, ledger, transferBy, blocks };
}

function storedOf(block: Block, totalWork = 0n): StoredBlock {
  const { header } = block;
  return {
    hash: hashHeader(header),
    height: header.height,
    parentHash: header.parentHash,
    totalWork,
    header: encodeHeader(header),
    body: encodeBody(block.body),
    receipts: new Uint8Array(4),
    transactionHashes: [],
  };
}

function headerAt(store: Store, height: number): Header | undefined {
  const hash = store.hashAt(height as Height);
  const decoded = hash === undefined ? undefined : decodeHeader(store.header(hash)?.header ?? EMPTY_BYTES);
  return decoded?.ok === true ? decoded.value : undefined;
}

function checkOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CheckFailure) return error.check;
    throw error;
  }
  return "nothing";
}

describe("the reference ledger", () => {
  test("follows a valid chain to the same state", () => {
    const { store, ledger } = createChain(6);
    const chain = new NodeChain({ name: "node", ledger });
    chain.observe(store, LATEST_MS);
    expect(chain.height).toBe(6);
    chain.checkState(store);
    for (let height = 0; height <= 6; height++) chain.checkPast(store, height);
    expect(chain.head.accounts.get(keyHolder(0).address)).toMatchObject({ nonce: 6 });
  });

  /** What the checkers say of each forgery, and what the chain does. */
  const expected: Readonly<Record<string, { check: string; code: string }>> = {
    "wrong state root": { check: "state root", code: "state_mismatch" },
    "wrong receipts root": { check: "receipts root", code: "receipts_mismatch" },
    "wrong gas": { check: "gas", code: "gas_mismatch" },
    "easy target": { check: "target", code: "invalid_seal" },
    "hard target": { check: "work", code: "insufficient_work" },
    "no work": { check: "work", code: "insufficient_work" },
    "old timestamp": { check: "timestamp", code: "invalid_timestamp" },
    "late timestamp": { check: "target", code: "invalid_seal" },
    // The ledger has no clock, and comes to the last check, which the total work of `storedOf` fails.
    "early with an eased target": { check: "total work", code: "timestamp_ahead" },
    "wrong height": { check: "height", code: "invalid_height" },
    "unknown parent": { check: "unknown parent", code: "unknown_parent" },
    "another body": { check: "body roots", code: "body_mismatch" },
    "garbage signature": { check: "signature", code: "signature" },
    "unpayable transfer": { check: "balance", code: "insufficient_balance" },
    "transaction twice": { check: "nonce", code: "nonce_too_low" },
    "no transaction": { check: "encoding", code: "signature" },
    "votes in the body": { check: "encoding", code: "unexpected_votes" },
    "a proposer's signature": { check: "encoding", code: "unexpected_votes" },
    "too large": { check: "block size", code: "block_too_large" },
  };

  test("knows all forgeries", () => {
    expect(FORGERY_NAMES.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  test.each(FORGERY_NAMES)("and the chain refuse: %s", (name) => {
    const { testChain, store, ledger, transferBy, blocks, genesis } = createChain(3);
    new NodeChain({ name: "node", ledger }).observe(store, LATEST_MS);
    const { chain, engine, domain } = testChain;
    const block = forge(name, {
      template: template(testChain, { transactions: [transferBy(2, 0), transferBy(3, 0)] }),
      parent: chain.head.header,
      ancestry: { header: (distance) => headerAt(store, chain.head.header.height - distance) },
      engine,
      random: new Random(name),
      unpayable: transferBy(4, 0, { amount: 2 ** 52 }).encoded,
      blockSizeBytesMax: genesis.parameters.blockSizeBytesMax,
    });
    expect(block).toBeDefined();
    const forged = block as Block;
    expect(checkOf(() => ledger.add(storedOf(forged)))).toBe(expected[name]?.check as string);
    const verified = forged.body.transactions.map((encoded) => {
      const decoded = decodeTransaction(encoded);
      const result = decoded.ok ? verifyTransaction(decoded.value, domain) : undefined;
      return result?.ok === true ? result.value : undefined;
    });
    if (verified.includes(undefined)) {
      expect(expected[name]?.code).toBe("signature");
    } else {
      const transactions = verified as VerifiedTransaction[];
      const result = chain.importBlock({ block: forged, transactions, nowMs: nextMs(testChain) });
      expect(result.ok ? "imported" : result.refusal.code).toBe(expected[name]?.code as never);
    }
    expect(chain.head.header.height).toBe(blocks as Height);
  });
});

describe("the checks of one node's chain fire", () => {
  test("on a head that was left for less work", () => {
    const long = createChain(4);
    const short = openTestChain({ genesis: long.genesis });
    const chain = new NodeChain({ name: "node", ledger: long.ledger });
    chain.observe(long.store, LATEST_MS);
    mineAndImport(short);
    expect(checkOf(() => chain.observe(short.store, LATEST_MS))).toBe("most work");
  });

  test("on a block from the future", () => {
    const { store, ledger, testChain } = createChain(2);
    const chain = new NodeChain({ name: "node", ledger });
    const latestMs = testChain.chain.head.header.timestampMs - 15_000;
    chain.observe(store, latestMs);
    mineAndImport(testChain, { nowMs: (latestMs + 15_000 + 1) as TimestampMs });
    expect(checkOf(() => chain.observe(store, latestMs))).toBe("timestamp ahead");
  });

  test("on a state that lost or changed a value", () => {
    const { store, ledger } = createChain(2);
    const chain = new NodeChain({ name: "node", ledger });
    chain.observe(store, LATEST_MS);
    const entries = [...store.stateEntries()];
    const [, ...lacking] = entries;
    for (const wrong of [lacking, entries.map(({ key }) => ({ key, value: new Uint8Array(25) }))]) {
      const damaged = Object.create(store, { stateEntries: { value: () => wrong } }) as MemoryStore;
      expect(checkOf(() => chain.checkState(damaged))).toBe("stored state");
    }
  });

  test("on undo records that say something else", () => {
    const { store, ledger } = createChain(3);
    const chain = new NodeChain({ name: "node", ledger });
    chain.observe(store, LATEST_MS);
    const damaged = Object.create(store, {
      stateValueAt: { value: (key: Uint8Array) => store.stateValue(key) },
    }) as MemoryStore;
    expect(checkOf(() => chain.checkPast(damaged, 1))).toBe("undo records");
  });

  test("on a block that was reported and is not stored", () => {
    const { store, ledger } = createChain(1);
    const chain = new NodeChain({ name: "node", ledger });
    const hash = store.hashAt(1 as Height) as Hash;
    expect(checkOf(() => chain.checkReported(store, { hash, height: 1 }))).toBe("nothing");
    expect(checkOf(() => chain.checkReported(store, { hash, height: 2 }))).toBe("reported");
  });

  test("on a store of another genesis", () => {
    const { genesis, ledger } = createChain(0);
    const other = { ...genesis, timestampMs: (genesis.timestampMs + 1) as TimestampMs };
    const store = new MemoryStore();
    store.commitBlock(createGenesisBlock({ genesis: other, engine: openTestChain({ genesis: other }).engine }).commit);
    expect(checkOf(() => new NodeChain({ name: "node", ledger }).observe(store, LATEST_MS))).toBe("genesis");
  });
});

test("signatures are checked apart from the node", () => {
  const { transferBy, testChain } = createChain(0);
  const { genesisHash } = testChain.chain;
  const { encoded } = transferBy(2, 9);
  const transfer = readTransaction(encoded);
  expect(isSignedBySender(transfer, genesisHash)).toBe(true);
  expect(isSignedBySender({ ...transfer, amount: transfer.amount + 1 }, genesisHash)).toBe(false);
  expect(isSignedBySender({ ...transfer, from: keyHolder(3).address }, genesisHash)).toBe(false);
  expect(isSignedBySender(transfer, `0x${"00".repeat(32)}`)).toBe(false);
  expect(isSignedBySender({ ...transfer, signature: `0x${"00".repeat(65)}` }, genesisHash)).toBe(false);
});
