// Transactions that wait for a block: one queue a sender, bounded in count and bytes (docs/spec/mempool.md).

import type { Address, GasPrice, Hash, Height, Nonce } from "../primitives/index.ts";
import { mulDivCeil } from "../primitives/index.ts";
import type { ChainParameters, Transaction, VerifiedTransaction } from "../protocol/index.ts";
import { type AdmissionRefusal, checkAgainstChain, checkAgainstSender, type SenderAccount } from "./admission.ts";
import { TransactionOrder } from "./ordering.ts";
import { type Entry, SenderQueue } from "./senderQueue.ts";

export interface MempoolLimits {
  readonly countMax: number;
  readonly sizeBytesMax: number;
  readonly perAccountMax: number;
}

/** A waiting transaction, and what it waits for. */
export interface PendingTransaction {
  readonly transaction: VerifiedTransaction;
  /** The nonce that must come first; undefined for a transaction that the next block may take. */
  readonly missingNonce: Nonce | undefined;
}

// A replacement offers at least a tenth more: 11/10, rounded up.
const REPLACEMENT_NUMERATOR = 11;
const REPLACEMENT_DENOMINATOR = 10;

/** max(old + 1, ceil(1.1 x old)): what a transaction must offer to take the place of another with its nonce. */
function replacementPriceMin(price: GasPrice): number {
  if (price > Number.MAX_SAFE_INTEGER / 2) return Number.POSITIVE_INFINITY;
  const tenthMore = mulDivCeil({ left: price, right: REPLACEMENT_NUMERATOR, divisor: REPLACEMENT_DENOMINATOR });
  return Math.max(price + 1, tenthMore);
}

export class Mempool {
  readonly limits: MempoolLimits;
  private readonly parameters: ChainParameters;
  private readonly allowList: ReadonlySet<Address>;
  private readonly queues = new Map<Address, SenderQueue>();
  private readonly byHash = new Map<Hash, Entry>();
  private readonly expiring = new Map<Hash, Entry>();
  private bytes = 0;
  private arrivals = 0;

  constructor(options: { limits: MempoolLimits; parameters: ChainParameters; allowList: readonly Address[] }) {
    this.limits = options.limits;
    this.parameters = options.parameters;
    this.allowList = new Set(options.allowList);
  }

  get count(): number {
    return this.byHash.size;
  }

  get sizeBytes(): number {
    return this.bytes;
  }

  get(hash: Hash): VerifiedTransaction | undefined {
    return this.byHash.get(hash)?.transaction;
  }

  /** The nonce after the account's own and those of its ready transactions. */
  nextNonce(sender: Address, accountNonce: Nonce): Nonce {
    return this.queues.get(sender)?.nextNonce ?? accountNonce;
  }

  /** Takes a transaction in, in place of a cheaper one with its nonce where there is one; or says why not. */
  add(options: {
    transaction: VerifiedTransaction;
    account: SenderAccount;
    height: Height;
  }): AdmissionRefusal | undefined {
    const { transaction, account, height } = options;
    if (this.byHash.has(transaction.hash)) {
      return {
        code: "already_known",
        message: "the transaction is in the mempool",
        details: { hash: transaction.hash },
      };
    }
    const { from, nonce } = transaction.transaction;
    const refusal =
      checkAgainstChain({ transaction, parameters: this.parameters, height }) ??
      checkAgainstSender({
        transaction: transaction.transaction,
        account,
        nextNonce: this.nextNonce(from, account.nonce),
        isAllowListed: this.allowList.has(from),
      });
    if (refusal !== undefined) return refusal;
    const replaced = this.queues.get(from)?.get(nonce);
    const unfit =
      (replaced === undefined ? this.checkCounts(transaction) : this.checkReplacement(transaction, replaced)) ??
      this.checkBytes(transaction, replaced);
    if (unfit !== undefined) return unfit;
    if (replaced !== undefined) this.forget(replaced);
    this.keep(transaction, account.nonce);
    return undefined;
  }

  private checkCounts(transaction: VerifiedTransaction): AdmissionRefusal | undefined {
    const { countMax, perAccountMax } = this.limits;
    const ofSender = this.queues.get(transaction.transaction.from)?.size ?? 0;
    if (ofSender >= perAccountMax) {
      return {
        code: "mempool_full",
        message: `${ofSender} transactions of this sender wait already; send more when some are included`,
        details: { waiting: ofSender, perAccountMax },
      };
    }
    return this.count < countMax ? undefined : this.full();
  }

  /** A replacement may be larger than what it replaces, so it is held to the bound as well. */
  private checkBytes(transaction: VerifiedTransaction, replaced: Entry | undefined): AdmissionRefusal | undefined {
    const freed = replaced?.transaction.encoded.length ?? 0;
    const sizeBytes = this.bytes - freed + transaction.encoded.length;
    return sizeBytes <= this.limits.sizeBytesMax ? undefined : this.full();
  }

  private full(): AdmissionRefusal {
    const { countMax, sizeBytesMax } = this.limits;
    return {
      code: "mempool_full",
      message: `the mempool holds ${this.count} transactions of ${this.bytes} bytes; try again later`,
      details: { count: this.count, countMax, sizeBytes: this.bytes, sizeBytesMax },
    };
  }

  private checkReplacement(transaction: VerifiedTransaction, replaced: Entry): AdmissionRefusal | undefined {
    const price = transaction.transaction.gasPrice;
    const priceMin = replacementPriceMin(replaced.transaction.transaction.gasPrice);
    if (price >= priceMin) return undefined;
    return {
      code: "replacement_underpriced",
      message: `a transaction with nonce ${transaction.transaction.nonce} waits; to replace it, gasPrice must be at least ${priceMin}`,
      details: { gasPrice: price, gasPriceMin: priceMin, replaces: replaced.transaction.hash },
    };
  }

  private keep(transaction: VerifiedTransaction, accountNonce: Nonce): void {
    const { from, expiry } = transaction.transaction;
    const entry = { transaction, arrival: this.arrivals++ };
    let queue = this.queues.get(from);
    if (queue === undefined) {
      queue = new SenderQueue(accountNonce);
      this.queues.set(from, queue);
    }
    queue.set(entry);
    this.byHash.set(transaction.hash, entry);
    if (expiry !== 0) this.expiring.set(transaction.hash, entry);
    this.bytes += transaction.encoded.length;
  }

  /** Removes from all indexes but the sender's queue. */
  private forget(entry: Entry): void {
    const { hash, encoded } = entry.transaction;
    this.byHash.delete(hash);
    this.expiring.delete(hash);
    this.bytes -= encoded.length;
  }

  private drop(entry: Entry): void {
    const { from, nonce } = entry.transaction.transaction;
    this.forget(entry);
    const queue = this.queues.get(from);
    queue?.delete(nonce);
    if (queue?.size === 0) this.queues.delete(from);
  }

  /** Follows the chain: drops what a committed block has included, and what can't be included any more. */
  applyBlock(options: { transactions: readonly { readonly transaction: Transaction }[]; height: Height }): void {
    const nonces = new Map<Address, Nonce>();
    for (const { transaction } of options.transactions) nonces.set(transaction.from, (transaction.nonce + 1) as Nonce);
    for (const [sender, nonce] of nonces) {
      const queue = this.queues.get(sender);
      if (queue === undefined) continue;
      for (const entry of queue.advanceTo(nonce)) this.forget(entry);
      if (queue.size === 0) this.queues.delete(sender);
    }
    for (const entry of this.expiring.values()) {
      if (entry.transaction.transaction.expiry <= options.height) this.drop(entry);
    }
  }

  /** The ready transactions in the order in which a block takes them; a snapshot of this moment. */
  order(): TransactionOrder {
    return new TransactionOrder(this.queues.values());
  }

  /** Whether the next block has something to take. */
  hasReady(): boolean {
    for (const queue of this.queues.values()) {
      if (queue.first() !== undefined) return true;
    }
    return false;
  }

  /** At most `countMax` transactions: ready ones in a block's order, then those that wait. */
  list(countMax: number): PendingTransaction[] {
    const listed: PendingTransaction[] = [];
    const order = this.order();
    while (listed.length < countMax) {
      const transaction = order.next();
      if (transaction === undefined) break;
      listed.push({ transaction, missingNonce: undefined });
    }
    for (const queue of this.queues.values()) {
      for (const { transaction } of queue.all()) {
        if (listed.length >= countMax) return listed;
        if (!queue.isReady(transaction.transaction.nonce)) listed.push({ transaction, missingNonce: queue.nextNonce });
      }
    }
    return listed;
  }
}
