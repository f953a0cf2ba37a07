// Gathers single items into batches, so that a message between threads carries many of them under load, while an item that
// comes alone waits for nothing but the end of the event loop's turn. Several batches may be under way, which keeps the
// threads on both sides at work: with one at a time, each would wait for the other.

interface PendingItem<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions<Item, Outcome> {
  /** Answers for all items of a batch, in order; where it rejects, each item's promise does. */
  readonly run: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Batches under way at a time. */
  readonly underWayMax: number;
  readonly batchMax: number;
}

/**
 * A batch takes so many items even if that leaves none for others: a message costs a dozen microseconds, which then are
 * less than one for each. Beyond, what waits is spread over all batches that may be under way.
 */
const BATCH_SIZE = 16;

export class Batcher<Item, Outcome> {
  private readonly options: BatcherOptions<Item, Outcome>;
  private readonly waiting: PendingItem<Item, Outcome>[] = [];
  private underWay = 0;
  private isScheduled = false;
  /** Settled when all batches so far have been answered. */
  private lastAnswered: Promise<void> = Promise.resolve();

  constructor(options: BatcherOptions<Item, Outcome>) {
    this.options = options;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Items are answered in the order in which they came. */
  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** Requests that arrive together are read in one turn of the event loop, at whose end this runs. */
  private schedule(): void {
    if (this.isScheduled || this.underWay >= this.options.underWayMax) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.startBatches();
    });
  }

  private startBatches(): void {
    const { underWayMax, batchMax } = this.options;
    const size = Math.min(Math.max(BATCH_SIZE, Math.ceil(this.waiting.length / underWayMax)), batchMax);
    while (this.waiting.length > 0 && this.underWay < underWayMax) {
      this.underWay++;
      this.lastAnswered = this.runBatch(this.waiting.splice(0, size), this.lastAnswered);
    }
  }

  private async runBatch(batch: readonly PendingItem<Item, Outcome>[], before: Promise<void>): Promise<void> {
    const running = this.options.run(batch.map(({ item }) => item));
    const onDone = () => {
      this.underWay--;
      this.startBatches();
    };
    running.then(onDone, onDone);
    await before;
    try {
      const outcomes = await running;
      batch.forEach(({ resolve }, index) => {
        resolve(outcomes[index] as Outcome);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
