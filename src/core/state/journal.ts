// A map over stored values that remembers how to go back. Reading falls through to the store once a key.

import { assert } from "../primitives/index.ts";

interface Step<Key, Value> {
  readonly key: Key;
  readonly before: Value;
}

export class Journal<Key, Value> {
  private readonly load: (key: Key) => Value;
  /** What the store holds, for each key that was read. */
  private readonly originals = new Map<Key, Value>();
  private readonly values = new Map<Key, Value>();
  private readonly steps: Step<Key, Value>[] = [];

  constructor(load: (key: Key) => Value) {
    this.load = load;
  }

  original(key: Key): Value {
    const known = this.originals.get(key);
    if (known !== undefined || this.originals.has(key)) return known as Value;
    const loaded = this.load(key);
    this.originals.set(key, loaded);
    return loaded;
  }

  get(key: Key): Value {
    const value = this.values.get(key);
    return value !== undefined || this.values.has(key) ? (value as Value) : this.original(key);
  }

  set(key: Key, value: Value): void {
    this.steps.push({ key, before: this.get(key) });
    this.values.set(key, value);
  }

  /** A mark to which `revert` can return. */
  checkpoint(): number {
    return this.steps.length;
  }

  /** Undoes every `set` since `checkpoint`. */
  revert(checkpoint: number): void {
    assert(checkpoint <= this.steps.length, "a checkpoint lies in the past");
    while (this.steps.length > checkpoint) {
      const step = this.steps.pop() as Step<Key, Value>;
      this.values.set(step.key, step.before);
    }
  }

  /** For each key set since `checkpoint`, once, the value that it had then. */
  changedSince(checkpoint: number): ReadonlyMap<Key, Value> {
    const before = new Map<Key, Value>();
    for (let index = checkpoint; index < this.steps.length; index++) {
      const step = this.steps[index] as Step<Key, Value>;
      if (!before.has(step.key)) before.set(step.key, step.before);
    }
    return before;
  }

  /** Every key that was ever set. */
  touched(): Iterable<Key> {
    return this.values.keys();
  }
}
