// Transactions that wait for a block: one queue a sender, bounded in count and bytes (docs/spec/mempool.md).

import type { Address, GasPrice, Hash, Height, Nonce } from "../primitives/index.ts";
import { defined, mulDivCeil } from "../primitives/index.ts";
import { type ChainParameters, costMax, type Transaction, type VerifiedTransaction } from "../protocol/index.ts";
import { type AdmissionRefusal, checkAgainstChain, checkAgainstSender, type SenderAccount } from "./admission.ts";
import { LargestHolder } from "./largestHolder.ts";
import { TransactionOrder } from "./ordering.ts";
import { Quarantine } from "./quarantine.ts";
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

export interface TransactionsOfBlock {
  readonly transactions: readonly VerifiedTransaction[];
}

/** Why a transaction is not in a block yet. */
export type WaitsFor =
  | { readonly kind: "block" }
  | { readonly kind: "nonce_gap"; readonly nonce: Nonce }
  | { readonly kind: "predecessor"; readonly nonce: Nonce }
  | { readonly kind: "balance"; readonly cost: number; readonly left: number };

export interface SenderPending {
  readonly transaction: VerifiedTransaction;
  readonly waitsFor: WaitsFor;
}

// A replacement offers at least a tenth more: 11/10, rounded up.
const REPLACEMENT_NUMERATOR = 11;
const REPLACEMENT_DENOMINATOR = 10;

/** max(old + 1, ceil(1.1 x old)), what replaces a transaction; undefined where that may pass 2^53-1. */
function replacementPriceMin(price: GasPrice): number | undefined {
  if (price > Number.MAX_SAFE_INTEGER / 2) return undefined;
  const tenthMore = mulDivCeil({ left: price, right: REPLACEMENT_NUMERATOR, divisor: REPLACEMENT_DENOMINATOR });
  return Math.max(price + 1, tenthMore);
}

/** Admission has refused what no safe integer can pay. */
function costOf(transaction: VerifiedTransaction): number {
  return defined(costMax(transaction.transaction), "a waiting transaction's cost is a safe integer");
}

export class Mempool {
  readonly limits: MempoolLimits;
  private readonly parameters: ChainParameters;
  private readonly allowList: ReadonlySet<Address>;
  private readonly queues = new Map<Address, SenderQueue>();
  private readonly byHash = new Map<Hash, Entry>();
  private readonly expiring = new Map<Hash, Entry>();
  private readonly holders = new LargestHolder();
  /** The most that the waiting transactions of each sender can take from it. */
  private readonly costs = new Map<Address, number>();
  private readonly quarantined = new Quarantine();
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

  /** The waiting transaction of a sender with this nonce. */
  find(sender: Address, nonce: Nonce): VerifiedTransaction | undefined {
    return this.queues.get(sender)?.get(nonce)?.transaction;
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
    /** Of one that waited here before; otherwise it comes now. */
    arrival?: number;
  }): AdmissionRefusal | undefined {
    const { transaction, account, height, arrival } = options;
    if (this.byHash.has(transaction.hash)) {
      return {
        code: "already_known",
        message: "the transaction is in the mempool",
        details: { hash: transaction.hash },
      };
    }
    const { from, nonce } = transaction.transaction;
    const refusal =
      this.quarantined.check(transaction.hash) ??
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
      (replaced === undefined ? this.checkAccountRoom(from) : this.checkReplacement(transaction, replaced)) ??
      this.checkFunds(transaction, { balance: account.balance, replaced }) ??
      this.makeRoom(transaction, replaced);
    if (unfit !== undefined) return unfit;
    if (replaced !== undefined) this.forget(replaced);
    this.keep({ transaction, arrival: arrival ?? this.arrivals++ }, account.nonce);
    return undefined;
  }

  /** Drops a transaction that this node can't execute, and takes it no more until the node starts anew. */
  quarantine(hash: Hash): void {
    const entry = this.byHash.get(hash);
    if (entry !== undefined) this.drop(entry);
    this.quarantined.add(hash);
  }

  private checkAccountRoom(sender: Address): AdmissionRefusal | undefined {
    const { perAccountMax } = this.limits;
    const waiting = this.queues.get(sender)?.size ?? 0;
    if (waiting < perAccountMax) return undefined;
    return {
      code: "mempool_full",
      message: `${waiting} transactions of this sender wait already; send more when some are included`,
      details: { waiting, perAccountMax },
    };
  }

  /** What waits of a sender may not cost more than it owns, so that waiting costs something at price 0 too. */
  private checkFunds(
    transaction: VerifiedTransaction,
    options: { balance: number; replaced: Entry | undefined },
  ): AdmissionRefusal | undefined {
    const { balance, replaced } = options;
    const own = costOf(transaction);
    const waiting = (this.costs.get(transaction.transaction.from) ?? 0) - (replaced ? costOf(replaced.transaction) : 0);
    if (own <= balance - waiting) return undefined;
    return {
      code: "insufficient_balance",
      message: `the balance is ${balance}; what waits of this sender takes ${waiting} of it, and this one up to ${own}`,
      details: { balance, waiting, cost: own },
    };
  }

  /**
   * In a full pool, drops the last transactions of whoever holds most, as long as that is more than the newcomer's sender
   * would hold. A newcomer for which that is not enough is refused, and nothing is dropped.
   */
  private makeRoom(transaction: VerifiedTransaction, replaced: Entry | undefined): AdmissionRefusal | undefined {
    const { countMax, sizeBytesMax } = this.limits;
    const { from, nonce } = transaction.transaction;
    const freed = replaced?.transaction.encoded.length ?? 0;
    const ownBytes = this.holders.bytesOf(from) - freed + transaction.encoded.length;
    const countAfter = () => this.count + (replaced === undefined ? 1 : 0);
    const bytesAfter = () => this.bytes - freed + transaction.encoded.length;
    const dropped: { entry: Entry; accountNonce: Nonce }[] = [];
    while (countAfter() > countMax || bytesAfter() > sizeBytesMax) {
      const largest = this.holders.top();
      const queue = largest === undefined ? undefined : this.queues.get(largest.sender);
      const entry = queue?.last();
      const isOwn = largest?.sender === from;
      // A sender's later transaction gives way to its earlier one, which may close a gap.
      const gives = isOwn ? (entry?.transaction.transaction.nonce ?? 0) > nonce : (largest?.bytes ?? 0) > ownBytes;
      if (queue === undefined || entry === undefined || !gives) {
        for (const each of dropped.toReversed()) this.keep(each.entry, each.accountNonce);
        return this.full();
      }
      dropped.push({ entry, accountNonce: queue.accountNonce });
      this.drop(entry);
    }
    return undefined;
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
    const replaces = replaced.transaction.hash;
    if (priceMin === undefined) {
      const message = "a transaction with this nonce waits, and its price is too high for a tenth more";
      return { code: "replacement_underpriced", message, details: { gasPrice: price, replaces } };
    }
    if (price >= priceMin) return undefined;
    return {
      code: "replacement_underpriced",
      message: `a transaction with nonce ${transaction.transaction.nonce} waits; to replace it, gasPrice must be at least ${priceMin}`,
      details: { gasPrice: price, gasPriceMin: priceMin, replaces },
    };
  }

  /** @param accountNonce of the sender, for whom there may be no queue yet */
  private keep(entry: Entry, accountNonce: Nonce): void {
    const { transaction } = entry;
    const { from, expiry } = transaction.transaction;
    let queue = this.queues.get(from);
    if (queue === undefined) {
      queue = new SenderQueue(accountNonce);
      this.queues.set(from, queue);
    }
    queue.set(entry);
    this.byHash.set(transaction.hash, entry);
    if (expiry !== 0) this.expiring.set(transaction.hash, entry);
    this.tally(entry, 1);
  }

  /** Removes from all indexes but the sender's queue. */
  private forget(entry: Entry): void {
    const { hash } = entry.transaction;
    this.byHash.delete(hash);
    this.expiring.delete(hash);
    this.tally(entry, -1);
  }

  /** Adds a transaction to the sums of bytes and costs, or takes it off. */
  private tally(entry: Entry, sign: 1 | -1): void {
    const { encoded, transaction } = entry.transaction;
    this.bytes += sign * encoded.length;
    this.holders.add(transaction.from, sign * encoded.length);
    const cost = (this.costs.get(transaction.from) ?? 0) + sign * costOf(entry.transaction);
    if (this.holders.bytesOf(transaction.from) === 0) this.costs.delete(transaction.from);
    else this.costs.set(transaction.from, cost);
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
    this.dropExpired(options.height);
  }

  private dropExpired(height: Height): void {
    for (const entry of this.expiring.values()) {
      if (entry.transaction.transaction.expiry <= height) this.drop(entry);
    }
  }

  /**
   * Follows the chain over to another branch. Of the senders that either branch touches, what waits and what comes back
   * is admitted anew by rising nonce; nobody else's transactions move. At most `countMax` come back, the lowest blocks' first.
   * @param options.account at the new head
   * @returns how many have come back
   */
  applyReorganization(options: {
    abandoned: readonly TransactionsOfBlock[];
    adopted: readonly TransactionsOfBlock[];
    account: (address: Address) => SenderAccount;
    height: Height;
  }): number {
    const { abandoned, adopted, height } = options;
    const touched = new Map<Address, { readonly account: SenderAccount; readonly back: VerifiedTransaction[] }>();
    const touch = (sender: Address) => {
      const known = touched.get(sender);
      if (known !== undefined) return known;
      const fresh = { account: options.account(sender), back: [] };
      touched.set(sender, fresh);
      return fresh;
    };
    for (const { transactions } of adopted) for (const { transaction } of transactions) touch(transaction.from);
    let left = this.limits.countMax;
    for (const { transactions } of abandoned) {
      for (const verified of transactions) {
        const { account, back } = touch(verified.transaction.from);
        // What the other branch has included as well is below the account's nonce there.
        if (verified.transaction.nonce < account.nonce || left === 0) continue;
        left--;
        back.push(verified);
      }
    }
    let returned = 0;
    for (const [sender, { account, back }] of touched) returned += this.requeue(sender, { account, back, height });
    this.dropExpired(height);
    return returned;
  }

  /** Admits what waits of a sender anew, together with what comes back; returns how many of these were taken. */
  private requeue(
    sender: Address,
    options: { account: SenderAccount; back: readonly VerifiedTransaction[]; height: Height },
  ): number {
    const { account, back, height } = options;
    const waiting = [...(this.queues.get(sender)?.all() ?? [])];
    for (const entry of waiting) this.drop(entry);
    const entries: { readonly transaction: VerifiedTransaction; readonly arrival?: number }[] = [
      ...waiting,
      ...back.map((transaction) => ({ transaction })),
    ];
    entries.sort((left, right) => left.transaction.transaction.nonce - right.transaction.transaction.nonce);
    for (const entry of entries) this.add({ ...entry, account, height });
    return back.filter(({ hash }) => this.byHash.has(hash)).length;
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

  /** The waiting transactions of one sender by nonce, each with what it waits for. */
  ofSender(sender: Address, account: SenderAccount): SenderPending[] {
    const entries = [...(this.queues.get(sender)?.all() ?? [])].toSorted(
      (left, right) => left.transaction.transaction.nonce - right.transaction.transaction.nonce,
    );
    const missingNonce = this.nextNonce(sender, account.nonce);
    let left: number = account.balance;
    let unpaid: Nonce | undefined;
    return entries.map(({ transaction }) => {
      const { nonce } = transaction.transaction;
      if (nonce > missingNonce) return { transaction, waitsFor: { kind: "nonce_gap", nonce: missingNonce } };
      if (unpaid !== undefined) return { transaction, waitsFor: { kind: "predecessor", nonce: unpaid } };
      const cost = costOf(transaction);
      if (cost <= left) {
        left -= cost;
        return { transaction, waitsFor: { kind: "block" } };
      }
      unpaid = nonce;
      return { transaction, waitsFor: { kind: "balance", cost, left } };
    });
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
