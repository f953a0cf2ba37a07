// Counts by name; a name whose count is 0 takes no room.

import { assert } from "../../primitives/index.ts";

export class Tally {
  private readonly counts = new Map<string, number>();

  get(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(name: string): void {
    this.counts.set(name, this.get(name) + 1);
  }

  remove(name: string): void {
    const left = this.get(name) - 1;
    assert(left >= 0, "only what was counted is taken away");
    if (left === 0) this.counts.delete(name);
    else this.counts.set(name, left);
  }
}
