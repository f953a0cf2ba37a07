// Gathers single items into batches while the batch before is under way: under load a message between threads carries
// hundreds of items, and an item that comes alone does not wait.

export class Batcher<Item, Outcome> {
  private readonly run: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  private readonly batchMax: number;
  private waiting: { item: Item; resolve: (outcome: Outcome) => void }[] = [];
  private isRunning = false;

  /** @param options.run answers for all items of a batch, in order; it does not reject */
  constructor(options: { run: (items: readonly Item[]) => Promise<readonly Outcome[]>; batchMax: number }) {
    this.run = options.run;
    this.batchMax = options.batchMax;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  add(item: Item): Promise<Outcome> {
    return new Promise((resolve) => {
      this.waiting.push({ item, resolve });
      if (!this.isRunning) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.batchMax);
      const outcomes = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => {
        resolve(outcomes[index] as Outcome);
      });
    }
    this.isRunning = false;
  }
}
