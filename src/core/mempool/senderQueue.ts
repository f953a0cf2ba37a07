// The waiting transactions of one sender, by nonce. Those that follow the account's nonce without a gap are ready.

import type { Nonce } from "../primitives/index.ts";
import type { VerifiedTransaction } from "../protocol/index.ts";

export interface Entry {
  readonly transaction: VerifiedTransaction;
  /** Rises with each transaction that the pool takes in. */
  readonly arrival: number;
}

export class SenderQueue {
  private readonly entries = new Map<Nonce, Entry>();
  private committedNonce: Nonce;
  private firstMissing: Nonce;

  constructor(accountNonce: Nonce) {
    this.committedNonce = accountNonce;
    this.firstMissing = accountNonce;
  }

  get size(): number {
    return this.entries.size;
  }

  /** The nonce that the sender's account takes next. */
  get accountNonce(): Nonce {
    return this.committedNonce;
  }

  /** The first nonce that no waiting transaction has, at or after the account's. */
  get nextNonce(): Nonce {
    return this.firstMissing;
  }

  get(nonce: Nonce): Entry | undefined {
    return this.entries.get(nonce);
  }

  set(entry: Entry): void {
    this.entries.set(entry.transaction.transaction.nonce, entry);
    this.advance();
  }

  delete(nonce: Nonce): void {
    this.entries.delete(nonce);
    if (nonce < this.firstMissing && nonce >= this.committedNonce) this.firstMissing = nonce;
  }

  isReady(nonce: Nonce): boolean {
    return nonce < this.firstMissing;
  }

  /** The ready transaction with the lowest nonce. */
  first(): Entry | undefined {
    return this.entries.get(this.committedNonce);
  }

  /** Follows the account to its new nonce; returns the transactions whose nonces are used up. */
  advanceTo(accountNonce: Nonce): Entry[] {
    const used: Entry[] = [];
    for (const [nonce, entry] of this.entries) {
      if (nonce < accountNonce) used.push(entry);
    }
    for (const entry of used) this.entries.delete(entry.transaction.transaction.nonce);
    this.committedNonce = accountNonce;
    this.firstMissing = accountNonce;
    this.advance();
    return used;
  }

  /** The transaction with the highest nonce, without which all others can do. */
  last(): Entry | undefined {
    let last: Entry | undefined;
    for (const entry of this.entries.values()) {
      if (last === undefined || entry.transaction.transaction.nonce > last.transaction.transaction.nonce) last = entry;
    }
    return last;
  }

  all(): Iterable<Entry> {
    return this.entries.values();
  }

  private advance(): void {
    while (this.entries.has(this.firstMissing)) this.firstMissing = (this.firstMissing + 1) as Nonce;
  }
}
