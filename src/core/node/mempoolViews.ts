// What a replica tells of its mempool, as plain data.

import type { Mempool, SenderAccount, WaitsFor } from "../mempool/index.ts";
import type { Address, Height, Nonce } from "../primitives/index.ts";
import { kindOf, type Transaction, type VerifiedTransaction } from "../protocol/index.ts";
import type { MempoolEntryView, MempoolView, SenderMempoolView } from "./status.ts";

export function viewMempool(mempool: Mempool, options: { height: Height; countMax: number }): MempoolView {
  const { countMax, sizeBytesMax } = mempool.limits;
  return {
    count: mempool.count,
    sizeBytes: mempool.sizeBytes,
    countMax,
    sizeBytesMax,
    height: options.height,
    transactions: mempool
      .list(options.countMax)
      .map(({ transaction, missingNonce }) => viewEntry(transaction, missingNonce)),
  };
}

/** @param options.account at the head */
export function viewSender(mempool: Mempool, options: { address: Address; account: SenderAccount }): SenderMempoolView {
  const { address, account } = options;
  return {
    address,
    balance: account.balance,
    accountNonce: account.nonce,
    nextNonce: mempool.nextNonce(address, account.nonce),
    transactions: mempool.ofSender(address, account).map(({ transaction, waitsFor }) => ({
      ...viewEntry(transaction, waitsFor.kind === "nonce_gap" ? waitsFor.nonce : undefined),
      waitsFor: { code: waitsFor.kind, message: explainWait(waitsFor) },
    })),
  };
}

function explainWait(waitsFor: WaitsFor): string {
  switch (waitsFor.kind) {
    case "block":
      return "the next block may take it";
    case "nonce_gap":
      return `the transaction with nonce ${waitsFor.nonce} is missing`;
    case "predecessor":
      return `the transaction with nonce ${waitsFor.nonce} has to be included first, and the balance does not cover it`;
    case "balance":
      return `it takes up to ${waitsFor.cost}, and the transactions before it leave ${waitsFor.left}`;
  }
}

function viewEntry(verified: VerifiedTransaction, missingNonce: Nonce | undefined): MempoolEntryView {
  const transaction: Transaction = verified.transaction;
  return {
    hash: verified.hash,
    type: transaction.type,
    from: transaction.from,
    nonce: transaction.nonce,
    amount: kindOf(transaction).outgoing(transaction),
    gasPrice: transaction.gasPrice,
    ready: missingNonce === undefined,
    missingNonce,
  };
}
