// Keeps the transactions that wait for a block over a restart: those the mempool takes are appended to a journal, and what
// blocks have included is left out when the journal has grown well beyond what waits.

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
  /** Until what was recovered has been submitted again, nothing of it is left out. */
  private isReplayed = false;
  private isCompacting = false;

  /**
   * @param options.readWaiting asks the replica for all that waits
   * @throws the system's error when the file can't be read or written
   */
  constructor(options: { path: string; readWaiting: () => Promise<readonly Bytes[]> }) {
    this.readWaiting = options.readWaiting;
    this.journal = new Journal(options.path);
    this.recovered = this.journal.read({ itemSizeBytesMax: TRANSACTION_SIZE_BYTES_MAX });
    // What is appended from now on must not stand behind half an item.
    this.journal.rewrite(this.recovered);
  }

  /** The mempool has taken these in. */
  append(encoded: readonly Bytes[]): void {
    this.journal.append(encoded);
  }

  /** What was recovered has been submitted again. */
  async replayed(): Promise<void> {
    this.isReplayed = true;
    await this.compact();
  }

  /** A block has been committed. */
  onCommitted(status: NodeStatus): void {
    if (!this.isReplayed || this.isCompacting || this.journal.sizeBytes === 0) return;
    if (status.mempoolCount === 0) this.journal.clear();
    else if (this.journal.sizeBytes > COMPACTION_SIZE_BYTES_MIN + COMPACTION_FACTOR * status.mempoolSizeBytes) {
      void this.compact();
    }
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
    this.journal.rewrite(await this.readWaiting());
    this.isCompacting = false;
  }

  close(): void {
    this.journal.close();
  }
}
