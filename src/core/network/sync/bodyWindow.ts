// The blocks ahead of the import: which pending headers' blocks are asked for, held, recovered, and how many bytes that
// may come to. Bytes of an answer under way are counted at the most that it may have.

import { assert, type Hash } from "../../primitives/index.ts";
import type { Block, SignedTransaction, VerifiedTransaction } from "../../protocol/index.ts";
import type { TracedHeader } from "../chainAccess.ts";
import { BODY_WINDOW_BLOCKS_MAX, BODY_WINDOW_BYTES_MAX } from "./bounds.ts";
import type { PendingHeaders } from "./pendingHeaders.ts";
import type { BlocksAsked } from "./requestBook.ts";

export interface HeldBlock {
  readonly kind: "held";
  readonly header: TracedHeader;
  readonly block: Block;
  readonly signed: readonly SignedTransaction[];
  readonly sizeBytes: number;
  /** The peer that gave it. */
  readonly giverId: number;
  /** Its signatures are being recovered. */
  isRecovering: boolean;
  /** Set when all signatures are good. */
  transactions: readonly VerifiedTransaction[] | undefined;
}

interface AskedBlock {
  readonly kind: "asked";
  readonly request: BlocksAsked;
}

export class BodyWindow {
  private readonly pending: PendingHeaders;
  /** What an answer may have at most. */
  private readonly answerBytesMax: number;
  private readonly slots = new Map<Hash, HeldBlock | AskedBlock>();
  private heldBytes = 0;
  private requestCount = 0;
  /** Pending headers up to here have a block that is held: where a search for others may begin. */
  private heldCount = 0;

  constructor(options: { pending: PendingHeaders; answerBytesMax: number }) {
    this.pending = options.pending;
    this.answerBytesMax = options.answerBytesMax;
  }

  /** Of blocks held and of answers under way. */
  get sizeBytes(): number {
    return this.heldBytes + this.requestCount * this.answerBytesMax;
  }

  /** Blocks held or asked for. */
  get blockCount(): number {
    return this.slots.size;
  }

  /** Headers whose blocks may be asked for now. */
  get reach(): number {
    return Math.min(this.pending.count, BODY_WINDOW_BLOCKS_MAX);
  }

  get(hash: Hash): HeldBlock | AskedBlock | undefined {
    return this.slots.get(hash);
  }

  held(hash: Hash): HeldBlock | undefined {
    const slot = this.slots.get(hash);
    return slot?.kind === "held" ? slot : undefined;
  }

  /** The first pending header whose block is not held. */
  firstMissing(): number {
    while (this.heldCount < this.reach) {
      const header = this.pending.at(this.heldCount);
      if (header === undefined || this.held(header.hash) === undefined) break;
      this.heldCount++;
    }
    return this.heldCount;
  }

  /**
   * Whether one more request may be sent. All but one for the first missing block leave room for an answer, so that the
   * import never waits for a block that there is no room to ask for.
   */
  hasRoom(options: { isFirstMissing: boolean }): boolean {
    const answers = options.isFirstMissing ? 1 : 2;
    return this.sizeBytes + answers * this.answerBytesMax <= BODY_WINDOW_BYTES_MAX;
  }

  /** What an answer that was given up may fill the window to. */
  get lateBytesMax(): number {
    return BODY_WINDOW_BYTES_MAX - this.answerBytesMax;
  }

  ask(request: BlocksAsked): void {
    for (const hash of request.hashes) {
      assert(!this.slots.has(hash), "a block is asked for once at a time");
      this.slots.set(hash, { kind: "asked", request });
    }
    this.requestCount++;
  }

  /** The request is answered, given up or lost: what it did not bring may be asked for again. */
  endRequest(request: BlocksAsked): void {
    this.requestCount--;
    for (const hash of request.hashes) {
      const slot = this.slots.get(hash);
      if (slot?.kind === "asked" && slot.request === request) this.slots.delete(hash);
    }
  }

  hold(block: HeldBlock): void {
    const { hash } = block.header;
    assert(this.held(hash) === undefined, "a block is held once");
    this.slots.set(hash, block);
    this.heldBytes += block.sizeBytes;
    assert(this.sizeBytes <= BODY_WINDOW_BYTES_MAX, "the blocks ahead of the import keep to their bound");
  }

  /** Its header is not pending any more, or its block is not the right one. */
  drop(hash: Hash): void {
    const slot = this.slots.get(hash);
    if (slot?.kind === "held") this.heldBytes -= slot.sizeBytes;
    this.slots.delete(hash);
    this.heldCount = 0;
  }

  /** Like `drop`, for the first pending header, which is imported. */
  shift(hash: Hash): void {
    const heldCount = Math.max(this.heldCount - 1, 0);
    this.drop(hash);
    this.heldCount = heldCount;
  }
}
