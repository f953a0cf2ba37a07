// Every reason for which a block is refused, each by a block that breaks that rule alone; and that a refused block leaves
// no trace.

import { describe, expect, test } from "bun:test";
import type { ImportCode } from "../../../../src/core/chain/codes.ts";
import { TARGET_EASIEST } from "../../../../src/core/consensus/pow/difficulty.ts";
import { encodePowSeal } from "../../../../src/core/consensus/pow/seal.ts";
import type { Address, Gas, GasPrice, Hash, Height, TimestampMs } from "../../../../src/core/primitives/index.ts";
import {
  type BlockBody,
  DEFAULT_PARAMETERS,
  type Genesis,
  type Header,
  hashHeader,
  hashList,
  TRANSACTION_GAS,
  type Transaction,
  type VerifiedTransaction,
} from "../../../../src/core/protocol/index.ts";
import { testAccount, testGenesis, transfer } from "../../../support/chainFixture.ts";
import {
  type MinedBlock,
  mine,
  mineAndImport,
  nextMs,
  openTestChain,
  sealHeader,
  type TestChain,
  template,
  verified,
} from "../../../support/testChain.ts";
import { ORDINARY_TRANSACTIONS } from "../../../vectors/samples.ts";

const OTHER_HASH = `0x${"77".repeat(32)}` as Hash;
const ANNE = testAccount(0).address;
const GAS_PRICE_MIN = 10;

const genesis: Genesis = testGenesis({
  parameters: {
    ...DEFAULT_PARAMETERS,
    blockGasLimit: (3 * TRANSACTION_GAS) as Gas,
    gasPriceMin: GAS_PRICE_MIN as GasPrice,
    newStateBytesMax: 2 * 46,
    blockSizeBytesMax: 4096,
  },
});

/** From Anne, whose nonce is 1: block 1 has her first transaction. */
function draft(fields: {
  nonce?: number;
  to?: number;
  amount?: number;
  gasPrice?: number;
  gasLimit?: number;
  expiry?: number;
}) {
  const { nonce = 1, to = 0, amount = 5, gasPrice = GAS_PRICE_MIN, ...rest } = fields;
  const receiver = `0x${(to + 1).toString(16).padStart(40, "0")}` as Address;
  return transfer({ from: ANNE, to: receiver, nonce, amount, gasPrice, ...rest });
}

function openAtHeight2(): TestChain {
  const testChain = openTestChain({ genesis, reorgDepthMax: 1 });
  mineAndImport(testChain, { transactions: [verified(draft({ nonce: 0, to: 9 }), testChain.domain)] });
  mineAndImport(testChain);
  return testChain;
}

/** A good block with one transfer, with its header changed and sealed anew. */
function withHeader(testChain: TestChain, change: Partial<Header>): MinedBlock {
  const { header, body, transactions } = template(testChain, { transactions: [verified(draft({}), testChain.domain)] });
  return { block: { header: sealHeader(testChain.engine, { ...header, ...change }), body }, transactions };
}

/** An empty block that holds these transactions all the same. */
function holding(testChain: TestChain, list: readonly Transaction[]): MinedBlock {
  const { header, body } = template(testChain);
  const transactions = list.map((transaction) => verified(transaction, testChain.domain));
  const encoded = transactions.map((transaction) => transaction.encoded);
  const changed = { ...header, transactionsRoot: hashList(encoded), transactionCount: encoded.length };
  return {
    block: { header: sealHeader(testChain.engine, changed), body: { ...body, transactions: encoded } },
    transactions,
  };
}

function withBody(testChain: TestChain, change: (body: BlockBody) => BlockBody): MinedBlock {
  const { block, transactions } = mine(testChain, { transactions: [verified(draft({}), testChain.domain)] });
  return { block: { header: block.header, body: change(block.body) }, transactions };
}

const from = (transaction: Transaction): Transaction => ({
  ...transaction,
  from: ANNE,
  nonce: 1 as Transaction["nonce"],
});

const breakers: Record<Exclude<ImportCode, "side_chain">, (testChain: TestChain) => MinedBlock> = {
  invalid_seal: (chain) => withHeader(chain, { seal: encodePowSeal({ target: TARGET_EASIEST - 1n, nonce: 0 }) }),
  insufficient_work: (chain) => {
    const mined = withHeader(chain, {});
    let header = mined.block.header;
    for (let nonce = 0; BigInt(hashHeader(header)) <= TARGET_EASIEST; nonce++) {
      header = chain.engine.applySeal(header, nonce);
    }
    return { ...mined, block: { ...mined.block, header } };
  },
  invalid_timestamp: (chain) => withHeader(chain, { timestampMs: chain.chain.head.header.timestampMs }),
  timestamp_ahead: (chain) => withHeader(chain, { timestampMs: (nextMs(chain) + 15_001) as TimestampMs }),
  unexpected_votes: (chain) => withBody(chain, (body) => ({ ...body, votes: [Uint8Array.of(1)] })),
  unknown_parent: (chain) => withHeader(chain, { parentHash: OTHER_HASH }),
  known_block: ({ store, genesis: own }) => {
    const twin = openTestChain({ genesis: own });
    mineAndImport(twin, { transactions: [verified(draft({ nonce: 0, to: 9 }), twin.domain)] });
    const second = mineAndImport(twin);
    expect(hashHeader(second.block.header)).toBe(store.head()?.hash as Hash);
    return second;
  },
  invalid_parent: (chain) => {
    const bad = withHeader(chain, { stateRoot: OTHER_HASH });
    expect(chain.chain.importBlock({ ...bad, nowMs: nextMs(chain) }).ok).toBe(false);
    return withHeader(chain, { height: 4 as Height, parentHash: hashHeader(bad.block.header) });
  },
  reorg_too_deep: ({ genesis: own }) => mine(openTestChain({ genesis: own }), { proposer: testAccount(3).address }),
  invalid_height: (chain) => withHeader(chain, { height: 4 as Height }),
  body_mismatch: (chain) => withBody(chain, (body) => ({ ...body, transactions: [] })),
  block_too_large: (chain) =>
    holding(
      chain,
      Array.from({ length: 30 }, (_, to) => draft({ nonce: to + 1, to })),
    ),
  gas_mismatch: (chain) => withHeader(chain, { gasUsed: (TRANSACTION_GAS + 1) as Gas }),
  receipts_mismatch: (chain) => withHeader(chain, { receiptsRoot: OTHER_HASH }),
  state_mismatch: (chain) => withHeader(chain, { stateRoot: OTHER_HASH }),
  invalid_transaction: (chain) => holding(chain, [draft({ nonce: Number.MAX_SAFE_INTEGER })]),
  gas_limit_too_low: (chain) => holding(chain, [draft({ gasLimit: TRANSACTION_GAS - 1 })]),
  not_yet_enabled: (chain) => holding(chain, [from(ORDINARY_TRANSACTIONS.stake)]),
  expired: (chain) => holding(chain, [draft({ expiry: 2 })]),
  gas_price_too_low: (chain) => holding(chain, [draft({ gasPrice: GAS_PRICE_MIN - 1 })]),
  nonce_too_low: (chain) => holding(chain, [draft({ nonce: 0 })]),
  nonce_gap: (chain) => holding(chain, [draft({}), draft({ nonce: 3 })]),
  insufficient_balance: (chain) => holding(chain, [draft({ amount: 2_000_000_000 })]),
  block_gas_exhausted: (chain) => holding(chain, [draft({}), draft({ nonce: 2, gasLimit: 3 * TRANSACTION_GAS })]),
  block_state_exhausted: (chain) =>
    holding(
      chain,
      [0, 1, 2].map((to) => draft({ nonce: to + 1, to })),
    ),
};

function contents({ chain, store }: TestChain) {
  return { head: chain.head, position: store.head(), entries: [...store.stateEntries()], root: store.treePage("") };
}

describe("a block is refused as", () => {
  test.each(Object.keys(breakers) as (keyof typeof breakers)[])("%s, and leaves no trace", (code) => {
    const testChain = openAtHeight2();
    const before = contents(testChain);
    const bad = breakers[code](testChain);
    const nowMs = nextMs(testChain);
    expect(testChain.chain.importBlock({ ...bad, nowMs })).toMatchObject({ ok: false, refusal: { code } });
    expect(contents(testChain)).toEqual(before);
    const good = mine(testChain, { transactions: [verified(draft({}), testChain.domain)] });
    expect(testChain.chain.importBlock({ ...good, nowMs })).toMatchObject({ ok: true });
    expect(good.transactions).toHaveLength(1);
  });
});

describe("a body that is not the header's is told apart by", () => {
  const bodies: readonly [string, (body: BlockBody) => BlockBody][] = [
    ["another transaction", (body) => ({ ...body, transactions: [Uint8Array.of(1)] })],
    ["one transaction more", (body) => ({ ...body, transactions: [...body.transactions, Uint8Array.of(1)] })],
    ["another signature", (body) => ({ ...body, transactions: body.transactions.map((bytes) => bytes.with(-1, 1)) })],
  ];

  test.each(bodies)("%s", (_name, change) => {
    const testChain = openAtHeight2();
    const bad = withBody(testChain, change);
    const result = testChain.chain.importBlock({ ...bad, nowMs: nextMs(testChain) });
    expect(result).toMatchObject({ ok: false, refusal: { code: "body_mismatch" } });
  });

  test("a count that the list does not have", () => {
    const testChain = openAtHeight2();
    const bad = withHeader(testChain, { transactionCount: 2 });
    const result = testChain.chain.importBlock({ ...bad, nowMs: nextMs(testChain) });
    expect(result).toMatchObject({ ok: false, refusal: { code: "body_mismatch" } });
  });
});

test("the same header passes with its own body after it came with another", () => {
  const testChain = openAtHeight2();
  const good = mine(testChain, { transactions: [verified(draft({}), testChain.domain)] });
  const nowMs = nextMs(testChain);
  const stripped = { header: good.block.header, body: { ...good.block.body, transactions: [] } };
  const none: readonly VerifiedTransaction[] = [];
  expect(testChain.chain.importBlock({ block: stripped, transactions: none, nowMs }).ok).toBe(false);
  expect(testChain.chain.importBlock({ ...good, nowMs }).ok).toBe(true);
});

test("verified transactions that are not the body's are a bug of the caller", () => {
  const testChain = openAtHeight2();
  const good = mine(testChain, { transactions: [verified(draft({}), testChain.domain)] });
  const other = [verified(draft({ amount: 6 }), testChain.domain)];
  expect(() =>
    testChain.chain.importBlock({ block: good.block, transactions: other, nowMs: nextMs(testChain) }),
  ).toThrow("are those of the block's body");
});
