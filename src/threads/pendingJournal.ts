// Keeps the transactions that wait for a block over a restart: those the mempool takes are appended to a journal, and what
// blocks have included is left out when the journal has grown well beyond what waits. Where it can't be written, for want of
// room above all, the node goes on: what waits was never reported as included.

import type { NodeStatus } from "../core/node/index.ts";
import type { Bytes } from "../core/primitives/index.ts";
import { TRANSACTION_SIZE_BYTES_MAX } from "../core/protocol/index.ts";
import { Journal } from "../io/journal/index.ts";

const COMPACTION_SIZE_BYTES_MIN = 1024 * 1024;
const COMPACTION_FACTOR = 2;

export class PendingJournal {
  /** What waited when the node ended, in the order in which it came. */
  readonly recovered: readonly Bytes[];
  private readonly journal: Journal;
  private readonly readWaiting: () => Promise<readonly Bytes[]>;
  private readonly onWriteError: (reason: string) => void;
  /** Half an item may stand at the end, behind which nothing can be read: the file has to be written anew. */
  private isTorn = false;
  /** Until what was recovered has been submitted again, nothing of it is left out. */
  private isReplayed = false;
  private isCompacting = false;

  /**
   * @param options.readWaiting asks the replica for all that waits
   * @param options.onWriteError is told once that the file can't be written, and again only after it could be
   * @throws the system's error when the file can't be read or written
   */
  constructor(options: {
    path: string;
    readWaiting: () => Promise<readonly Bytes[]>;
    onWriteError: (reason: string) => void;
  }) {
    this.readWaiting = options.readWaiting;
    this.onWriteError = options.onWriteError;
    this.journal = new Journal(options.path);
    this.recovered = this.journal.read({ itemSizeBytesMax: TRANSACTION_SIZE_BYTES_MAX });
    // What is appended from now on must not stand behind half an item.
    this.journal.rewrite(this.recovered);
  }

  /** The mempool has taken these in. */
  append(encoded: readonly Bytes[]): void {
    if (!this.isTorn) this.write(() => this.journal.append(encoded));
  }

  private write(action: () => void): void {
    try {
      action();
      this.isTorn = false;
    } catch (error) {
      if (!this.isTorn) this.onWriteError(error instanceof Error ? error.message : String(error));
      this.isTorn = true;
    }
  }

  /** What was recovered has been submitted again. */
  async replayed(): Promise<void> {
    this.isReplayed = true;
    await this.compact();
  }

  /** A block has been committed. */
  onCommitted(status: NodeStatus): void {
    const { isReplayed, isCompacting, isTorn, journal } = this;
    if (!isReplayed || isCompacting || (journal.sizeBytes === 0 && !isTorn)) return;
    const sizeBytesMax = COMPACTION_SIZE_BYTES_MIN + COMPACTION_FACTOR * status.mempoolSizeBytes;
    if (status.mempoolCount === 0) this.write(() => journal.clear());
    else if (isTorn || journal.sizeBytes > sizeBytesMax) void this.compact();
  }

  /** Transactions of blocks that were taken back wait again, and may not be in the journal any more. */
  onReorganized(): void {
    if (this.isReplayed && !this.isCompacting) void this.compact();
  }

  /**
   * What the mempool takes in before the replica answers is in the answer, and what it takes in afterwards is appended
   * afterwards: messages between threads keep their order.
   */
  private async compact(): Promise<void> {
    this.isCompacting = true;
    const waiting = await this.readWaiting();
    this.write(() => this.journal.rewrite(waiting));
    this.isCompacting = false;
  }

  close(): void {
    this.journal.close();
  }
}
