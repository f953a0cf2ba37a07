// The chain of checked headers that is being caught up with: the pending ones, and past a full window a probe that shows
// whether the work that a peer announced is there, before a long chain is built upon.

import { defined, type Hash, type Height } from "../../primitives/index.ts";
import type { ChainAccess, TracedHeader } from "../chainAccess.ts";
import { CHECKPOINT_DISTANCE, CHECKPOINTS_MAX, PROBE_HEADERS_MAX } from "./bounds.ts";
import { PendingHeaders } from "./pendingHeaders.ts";

export class HeaderChain {
  readonly pending = new PendingHeaders();
  /** The latest headers past the window, in ascending height. */
  private probe: TracedHeader[] = [];
  private readonly probeByHash = new Map<Hash, TracedHeader>();
  /** Hashes that the probe has seen, by height. */
  private readonly checkpoints = new Map<Height, Hash>();

  get isProbing(): boolean {
    return this.probe.length > 0;
  }

  get tip(): TracedHeader | undefined {
    return this.probe[this.probe.length - 1] ?? this.pending.last;
  }

  get(hash: Hash): TracedHeader | undefined {
    return this.pending.get(hash) ?? this.probeByHash.get(hash);
  }

  /** False when the header is another one than the probe has seen at its height. */
  fitsCheckpoint({ hash, header }: TracedHeader): boolean {
    const checkpoint = this.checkpoints.get(header.height);
    return checkpoint === undefined || checkpoint === hash;
  }

  appendPending(header: TracedHeader): void {
    this.checkpoints.delete(header.header.height);
    this.pending.append(header);
  }

  appendProbe(header: TracedHeader): void {
    this.probe.push(header);
    this.probeByHash.set(header.hash, header);
    if (this.probe.length > PROBE_HEADERS_MAX) {
      this.probeByHash.delete(defined(this.probe.shift(), "the probe has headers").hash);
    }
    const { height } = header.header;
    if (height % CHECKPOINT_DISTANCE === 0 && this.checkpoints.size < CHECKPOINTS_MAX) {
      this.checkpoints.set(height, header.hash);
    }
  }

  /** The probe has shown what it was to show; its checkpoints stay. */
  endProbe(): void {
    this.probe = [];
    this.probeByHash.clear();
  }

  /** @returns the headers that were pending */
  clear(): TracedHeader[] {
    this.endProbe();
    this.checkpoints.clear();
    return this.pending.truncate(0);
  }
}

/** The height of the last canonical block at or before a kept one; undefined when that is not kept any more. */
export function forkHeightOf(chain: ChainAccess, hash: Hash): Height | undefined {
  let block = chain.header(hash);
  // Ends: heights fall, and block 0 is canonical.
  while (block !== undefined && chain.hashAt(block.header.height) !== block.hash) {
    block = chain.header(block.header.parentHash);
  }
  return block?.header.height;
}
