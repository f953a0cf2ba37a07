// What has been handed on and not acknowledged, so that a fast peer waits instead of filling the inbox of another thread.
// A connection that has ended still counts: its messages are in that inbox all the same.

import { assert } from "../../core/primitives/index.ts";
import type { TcpLimits } from "./limits.ts";

/** What a message takes beside its bytes; it bounds the number of small ones over all connections. */
const MESSAGE_OVERHEAD_BYTES = 512;

interface Entry {
  /** Of each message, the oldest first. */
  readonly sizes: number[];
  bytes: number;
}

export class Unacknowledged {
  private readonly limits: TcpLimits;
  private readonly entries = new Map<number, Entry>();
  private bytesTotal = 0;

  constructor(limits: TcpLimits) {
    this.limits = limits;
  }

  /** Whether a message of this connection has to wait, and for whom. Below a bound, one message of any size passes. */
  blocks(connectionId: number): "by_itself" | "by_all" | undefined {
    const entry = this.entries.get(connectionId);
    const { unacknowledgedMax, unacknowledgedBytesMax } = this.limits;
    const isFull =
      entry !== undefined && (entry.sizes.length >= unacknowledgedMax || entry.bytes >= unacknowledgedBytesMax);
    if (isFull) return "by_itself";
    return this.isFull ? "by_all" : undefined;
  }

  /** Whether all connections together have reached their bound. */
  get isFull(): boolean {
    return this.bytesTotal >= this.limits.unacknowledgedBytesTotalMax;
  }

  add(connectionId: number, sizeBytes: number): void {
    const entry = this.entries.get(connectionId) ?? { sizes: [], bytes: 0 };
    const size = sizeBytes + MESSAGE_OVERHEAD_BYTES;
    entry.sizes.push(size);
    entry.bytes += size;
    this.bytesTotal += size;
    this.entries.set(connectionId, entry);
  }

  /** The oldest `count` messages of the connection have been taken out of the inbox. */
  acknowledge(connectionId: number, count: number): void {
    const entry = this.entries.get(connectionId);
    assert(count >= 0 && count <= (entry?.sizes.length ?? 0), "no more is acknowledged than was handed on");
    if (entry === undefined) return;
    const size = entry.sizes.splice(0, count).reduce((sum, each) => sum + each, 0);
    entry.bytes -= size;
    this.bytesTotal -= size;
    if (entry.sizes.length === 0) this.entries.delete(connectionId);
  }
}
