// Arbitrary values of the protocol, for properties.

import fc from "fast-check";
import type {
  Address,
  Amount,
  Gas,
  GasPrice,
  Hash,
  Height,
  Nonce,
  Signature,
} from "../../src/core/primitives/index.ts";
import { UINT_MAX } from "../../src/core/primitives/index.ts";
import {
  type BlockBody,
  type Header,
  outcomeOf,
  REASONS,
  type Receipt,
  type SignedTransaction,
  type Transaction,
} from "../../src/core/protocol/index.ts";
import type { Account } from "../../src/core/state/index.ts";

function hex<Brand extends string>(sizeBytes: number): fc.Arbitrary<Brand> {
  return fc
    .uint8Array({ minLength: sizeBytes, maxLength: sizeBytes })
    .map((bytes) => `0x${bytes.toHex()}` as unknown as Brand);
}

function uint<Brand extends number>(): fc.Arbitrary<Brand> {
  const edges = fc.constantFrom(0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, UINT_MAX);
  return fc.oneof(edges, fc.nat(), fc.maxSafeNat()) as fc.Arbitrary<number> as fc.Arbitrary<Brand>;
}

const address = hex<Address>(20);
const hash = hex<Hash>(32);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => value.isWellFormed());

const base = {
  from: address,
  nonce: uint<Nonce>(),
  gasLimit: uint<Gas>(),
  gasPrice: uint<GasPrice>(),
  expiry: uint<Height>(),
};
const amount = uint<Amount>();

const anyTransaction: fc.Arbitrary<Transaction> = fc.oneof(
  fc.record({ ...base, type: fc.constant("transfer" as const), to: address, amount }),
  fc.record({ ...base, type: fc.constant("deploy" as const), amount, code: bytes(300), args: text }),
  fc.record({ ...base, type: fc.constant("call" as const), to: address, amount, function: text, args: text }),
  fc.record({ ...base, type: fc.constant("stake" as const), amount }),
  fc.record({ ...base, type: fc.constant("unstake" as const), amount }),
);

export const anySignedTransaction: fc.Arbitrary<SignedTransaction> = fc.record({
  transaction: anyTransaction,
  signature: hex<Signature>(65),
});

export const anyHeader: fc.Arbitrary<Header> = fc.record({
  parentHash: hash,
  height: uint<Height>(),
  timestampMs: uint<Header["timestampMs"]>(),
  stateRoot: hash,
  transactionsRoot: hash,
  transactionCount: fc.integer({ min: 0, max: 32_768 }),
  receiptsRoot: hash,
  votesRoot: hash,
  evidenceRoot: hash,
  proposer: address,
  gasUsed: uint<Gas>(),
  seal: bytes(256),
});

const items = fc.array(bytes(40), { maxLength: 5 });

export const anyBody: fc.Arbitrary<BlockBody> = fc.record({
  transactions: items,
  votes: items,
  evidence: items,
  proposerSignature: bytes(65),
});

export const anyReceipt: fc.Arbitrary<Receipt> = fc
  .record({
    reason: fc.constantFrom(...REASONS),
    gasUsed: uint<Gas>(),
    gasRefunded: uint<Gas>(),
    fee: amount,
    returnData: bytes(40),
    events: fc.array(fc.record({ address, topics: fc.array(hash, { maxLength: 4 }), data: bytes(20) }), {
      maxLength: 3,
    }),
    logs: fc.array(fc.record({ address, data: bytes(20) }), { maxLength: 3 }),
  })
  .map((fields) => ({ ...fields, outcome: outcomeOf(fields.reason) }));

/** Accounts that are not empty, since an empty one has no encoding. */
export const anyAccount: fc.Arbitrary<Account> = fc
  .record({
    balance: amount,
    nonce: uint<Nonce>(),
    stake: amount,
    codeHash: fc.option(hash, { nil: undefined }),
  })
  .filter(({ balance, nonce, stake, codeHash }) => balance + nonce + stake > 0 || codeHash !== undefined);
