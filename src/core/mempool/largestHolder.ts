// Who holds most of the mempool: a heap of senders by the bytes that they hold. An entry that no longer agrees with what
// its sender holds is passed over when it comes up, so a change costs no search.

import type { Address } from "../primitives/index.ts";

interface Holding {
  readonly sender: Address;
  readonly bytes: number;
}

// The heap is built anew when more than half of it is out of date.
const STALE_FACTOR = 2;
const STALE_MIN = 1024;

export class LargestHolder {
  private heap: Holding[] = [];
  private readonly held = new Map<Address, number>();

  bytesOf(sender: Address): number {
    return this.held.get(sender) ?? 0;
  }

  add(sender: Address, bytes: number): void {
    const now = this.bytesOf(sender) + bytes;
    if (now === 0) {
      this.held.delete(sender);
      return;
    }
    this.held.set(sender, now);
    if (this.heap.length > STALE_FACTOR * this.held.size + STALE_MIN) {
      this.heap = [];
      for (const [holder, holding] of this.held) this.push({ sender: holder, bytes: holding });
    } else {
      this.push({ sender, bytes: now });
    }
  }

  /** The sender that holds most; of several, any, but the same one for the same history. */
  top(): Holding | undefined {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || this.held.get(first.sender) === first.bytes) return first;
      this.pop();
    }
  }

  private push(holding: Holding): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(holding);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (holding.bytes <= (heap[parent] as Holding).bytes) break;
      heap[index] = heap[parent] as Holding;
      index = parent;
    }
    heap[index] = holding;
  }

  private pop(): void {
    const { heap } = this;
    const moved = heap.pop();
    if (moved === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && (heap[right] as Holding).bytes > (heap[child] as Holding).bytes) child = right;
      if ((heap[child] as Holding).bytes <= moved.bytes) break;
      heap[index] = heap[child] as Holding;
      index = child;
    }
    heap[index] = moved;
  }
}
