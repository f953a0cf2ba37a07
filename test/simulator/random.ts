// Chance from a seed: everything random in a simulation comes out of here, so that a seed replays to the last byte. Parts
// draw from streams of their own (`fork`), so that one more draw in one part leaves the others as they were.

import type { Rng } from "../../src/core/ports/index.ts";
import type { Bytes } from "../../src/core/primitives/index.ts";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over the UTF-16 units of a text; spreads names of streams, nothing more. */
function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash >>> 0;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast and good enough for choosing faults. */
export class Random implements Rng {
  private readonly name: string;
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number | string) {
    this.name = String(seed);
    this.a = hashText(this.name);
    this.b = hashText(`${this.name}/b`);
    this.c = hashText(`${this.name}/c`);
    for (let round = 0; round < 12; round++) this.uint32();
  }

  /** An independent stream: the same name always gives the same one, whatever was drawn here. */
  fork(name: string | number): Random {
    return new Random(`${this.name}/${name}`);
  }

  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0 to just below 1. */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer from `min` to `max`, both of them included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("there is nothing to pick from");
    return items[this.int(0, items.length - 1)] as Item;
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let index = shuffled.length - 1; index > 0; index--) {
      const other = this.int(0, index);
      [shuffled[index], shuffled[other]] = [shuffled[other] as Item, shuffled[index] as Item];
    }
    return shuffled;
  }

  /** At most `count` of the items, in a random order. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    return this.shuffle(items).slice(0, count);
  }

  bytes(count: number): Bytes {
    const bytes = new Uint8Array(count);
    for (let index = 0; index < count; index++) bytes[index] = this.uint32() >>> 24;
    return bytes;
  }
}
