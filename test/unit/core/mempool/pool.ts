// A mempool for its tests: transactions of few words, and accounts that can pay.

import type { SenderAccount } from "../../../../src/core/mempool/admission.ts";
import { Mempool, type MempoolLimits } from "../../../../src/core/mempool/mempool.ts";
import type { Address, Amount, Gas, GasPrice, Hash, Height, Nonce } from "../../../../src/core/primitives/index.ts";
import {
  type ChainParameters,
  createSigningDomain,
  DEFAULT_PARAMETERS,
  type Transaction,
  type VerifiedTransaction,
} from "../../../../src/core/protocol/index.ts";
import { transfer } from "../../../support/chainFixture.ts";
import { verified } from "../../../support/testChain.ts";

const DOMAIN = createSigningDomain(`0x${"11".repeat(32)}` as Hash);
/** Bytes of a transfer. */
export const TRANSFER_SIZE_BYTES = 146;
export const HEIGHT = 10 as Height;

/** The nth of many senders. */
export function sender(index: number): Address {
  return `0x${(index + 1).toString(16).padStart(40, "0")}` as Address;
}

export interface Draft {
  readonly from?: number;
  readonly nonce?: number;
  readonly price?: number;
  readonly amount?: number;
  readonly expiry?: number;
  readonly gasLimit?: number;
}

export function pay(draft: Draft): VerifiedTransaction {
  const { from = 0, nonce = 0, price = 0, amount = 1, ...rest } = draft;
  const fields = { from: sender(from), to: sender(99), nonce, amount, gasPrice: price, ...rest };
  return verified(transfer(fields), DOMAIN);
}

/** A deployment whose code has so many bytes. */
export function deploy(draft: { from?: number; nonce?: number; price?: number; codeSizeBytes: number }) {
  const { from = 0, nonce = 0, price = 0, codeSizeBytes } = draft;
  const transaction: Transaction = {
    type: "deploy",
    from: sender(from),
    nonce: nonce as Nonce,
    amount: 0 as Amount,
    code: new Uint8Array(codeSizeBytes).fill(1),
    args: "{}",
    gasLimit: 100_000_000 as Gas,
    gasPrice: price as GasPrice,
    expiry: 0 as Height,
  };
  return verified(transaction, DOMAIN);
}

export function account(fields: { balance?: number; stake?: number; nonce?: number } = {}): SenderAccount {
  const { balance = 1_000_000_000, stake = 0, nonce = 0 } = fields;
  return { balance: balance as Amount, stake: stake as Amount, nonce: nonce as Nonce };
}

export interface TestPool {
  readonly mempool: Mempool;
  /** The code of the refusal, or undefined. */
  add(transaction: VerifiedTransaction, options?: { account?: SenderAccount; height?: number }): string | undefined;
  /** A block with these has been committed. */
  include(transactions: readonly VerifiedTransaction[], height?: number): void;
  /** Sender and nonce of the ready ones in a block's order. */
  order(): [number, number][];
  /** Nonces of a sender's ready transactions. */
  ready(from?: number): number[];
}

export function createPool(
  options: {
    limits?: Partial<MempoolLimits>;
    parameters?: Partial<ChainParameters>;
    allowList?: readonly Address[];
  } = {},
): TestPool {
  const mempool = new Mempool({
    limits: { countMax: 10_000, sizeBytesMax: 10_000_000, perAccountMax: 1000, ...options.limits },
    parameters: { ...DEFAULT_PARAMETERS, ...options.parameters },
    allowList: options.allowList ?? [],
  });
  const order = (): [number, number][] => {
    const taken: [number, number][] = [];
    const source = mempool.order();
    for (let next = source.next(); next !== undefined; next = source.next()) {
      taken.push([Number(next.transaction.from) - 1, next.transaction.nonce]);
    }
    return taken;
  };
  return {
    mempool,
    order,
    add: (transaction, { account: of = account(), height = HEIGHT } = {}) =>
      mempool.add({ transaction, account: of, height: height as Height })?.code,
    include: (transactions, height = HEIGHT + 1) => mempool.applyBlock({ transactions, height: height as Height }),
    ready: (from = 0) =>
      order()
        .filter(([index]) => index === from)
        .map(([, nonce]) => nonce),
  };
}
