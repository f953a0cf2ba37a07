// Virtual time: events in the order of their time and, at equal times, in the order in which they were scheduled. Nothing
// waits for anything real, so an hour of a quiet cluster passes in a moment.

export interface Timer {
  cancel(): void;
}

interface Entry extends Timer {
  readonly timeMs: number;
  readonly sequence: number;
  run: (() => void) | undefined;
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.timeMs !== right.timeMs ? left.timeMs < right.timeMs : left.sequence < right.sequence;
}

/** A simulation that makes events without end has a bug of its own; no seed comes near this. */
const EVENTS_MAX = 200_000_000;

export class Scheduler {
  /** A binary heap, the next event first. */
  private readonly heap: Entry[] = [];
  private sequence = 0;
  private time = 0;
  private count = 0;

  /** Milliseconds since the simulation began. */
  get nowMs(): number {
    return this.time;
  }

  /** Events that have run. */
  get eventCount(): number {
    return this.count;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.time + delayMs, run);
  }

  /** A time that has passed stands for now. Times are whole milliseconds. */
  at(timeMs: number, run: () => void): Timer {
    const entry: Entry = {
      timeMs: Math.max(Math.ceil(timeMs), this.time),
      sequence: this.sequence++,
      run,
      cancel: () => {
        entry.run = undefined;
      },
    };
    this.push(entry);
    return entry;
  }

  /** Runs `run` every `periodMs` until it is cancelled. */
  every(periodMs: number, run: () => void): Timer {
    let next: Timer;
    const again = () => {
      next = this.after(periodMs, again);
      run();
    };
    next = this.after(periodMs, again);
    return { cancel: () => next.cancel() };
  }

  /** Runs all events up to a time, which it then is; stops early when `isDone` says so after an event. */
  runUntil(timeMs: number, isDone: () => boolean = () => false): void {
    for (let next = this.heap[0]; next !== undefined && next.timeMs <= timeMs; next = this.heap[0]) {
      this.pop();
      const { run } = next;
      if (run === undefined) continue;
      this.time = next.timeMs;
      this.count++;
      if (this.count > EVENTS_MAX) throw new RangeError("the simulation makes events without end");
      run();
      if (isDone()) return;
    }
    this.time = Math.max(this.time, timeMs);
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[index] = heap[parent] as Entry;
      index = parent;
    }
    heap[index] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = last;
  }
}
