// The order in which a block takes transactions: the highest price first; at equal price each sender in turn, so that one
// who sends many does not hold up the others; then the one that came first.

import type { GasPrice, Nonce } from "../primitives/index.ts";
import type { VerifiedTransaction } from "../protocol/index.ts";
import type { Entry, SenderQueue } from "./senderQueue.ts";

interface Candidate {
  readonly queue: SenderQueue;
  readonly entry: Entry;
  readonly price: GasPrice;
  /** How many of this sender's transactions have been taken before this one. */
  readonly turn: number;
}

function comesBefore(left: Candidate, right: Candidate): boolean {
  if (left.price !== right.price) return left.price > right.price;
  if (left.turn !== right.turn) return left.turn < right.turn;
  return left.entry.arrival < right.entry.arrival;
}

/** A binary heap of the next candidate of each sender. */
export class TransactionOrder {
  private readonly heap: Candidate[] = [];
  private last: Candidate | undefined;

  constructor(queues: Iterable<SenderQueue>) {
    for (const queue of queues) {
      const entry = queue.first();
      if (entry !== undefined) this.push({ queue, entry, price: entry.transaction.transaction.gasPrice, turn: 0 });
    }
  }

  /** The next transaction; its sender's following one becomes a candidate unless `skipSender` is called first. */
  next(): VerifiedTransaction | undefined {
    this.pushFollowing();
    this.last = this.pop();
    return this.last?.entry.transaction;
  }

  skipSender(): void {
    this.last = undefined;
  }

  private pushFollowing(): void {
    if (this.last === undefined) return;
    const { queue, entry, turn } = this.last;
    const following = queue.get((entry.transaction.transaction.nonce + 1) as Nonce);
    if (following === undefined) return;
    const price = following.transaction.transaction.gasPrice;
    this.push({ queue, entry: following, price, turn: turn + 1 });
  }

  private push(candidate: Candidate): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(candidate);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!comesBefore(candidate, heap[parent] as Candidate)) break;
      heap[index] = heap[parent] as Candidate;
      index = parent;
    }
    heap[index] = candidate;
  }

  private pop(): Candidate | undefined {
    const { heap } = this;
    const top = heap[0];
    const moved = heap.pop();
    if (top === undefined || moved === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && comesBefore(heap[right] as Candidate, heap[child] as Candidate)) child = right;
      if (!comesBefore(heap[child] as Candidate, moved)) break;
      heap[index] = heap[child] as Candidate;
      index = child;
    }
    heap[index] = moved;
    return top;
  }
}
