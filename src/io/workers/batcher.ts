// Gathers single items into batches while the batch before is under way: under load a message between threads carries
// hundreds of items, and an item that comes alone does not wait.

interface PendingItem<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export class Batcher<Item, Outcome> {
  private readonly run: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  private readonly batchMax: number;
  private readonly waiting: PendingItem<Item, Outcome>[] = [];
  private isRunning = false;

  /** @param options.run answers for all items of a batch, in order; where it rejects, each item's promise does */
  constructor(options: { run: (items: readonly Item[]) => Promise<readonly Outcome[]>; batchMax: number }) {
    this.run = options.run;
    this.batchMax = options.batchMax;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isRunning) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.batchMax);
      try {
        const outcomes = await this.run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => {
          resolve(outcomes[index] as Outcome);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.isRunning = false;
  }
}
