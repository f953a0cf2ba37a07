// Chance from a seed, for tests and simulations: the same seed gives the same run on every machine. The generator is
// xoshiro128** 1.1 (Blackman and Vigna, 2018) over 32-bit integers, its state filled by SplitMix32 (a 32-bit finalizer of
// MurmurHash3 over a Weyl sequence). Nobody may use it where chance must not be foreseen.

import type { Rng } from "../../src/core/ports/index.ts";

const TWO_TO_32 = 2 ** 32;
/** 2^53: the numbers of `uint` are exact below it. */
const TWO_TO_53 = 2 ** 53;

export interface SeededRng extends Rng {
  /** An integer from 0 to `below` - 1, each equally likely; `below` is from 1 to 2^53. */
  uint(below: number): number;
  /** True in `numerator` of `denominator` cases. */
  chance(numerator: number, denominator: number): boolean;
}

/** SplitMix32: the nth word of the sequence that starts at `seed`. */
function splitMix32(seed: number, index: number): number {
  let word = (seed + Math.imul(index + 1, 0x9e3779b9)) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) | 0;
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

/** @param seed an integer from 0 to 2^53-1; other parts of one run take other seeds, such as `seed + index` */
export function createSeededRng(seed: number): SeededRng {
  // Both halves of the seed count; four words of a sequence without repetition are never all zero.
  const start = Math.imul(Math.floor(seed / TWO_TO_32) | 0, 0x2545f491) ^ (seed | 0);
  const state = Int32Array.from([0, 1, 2, 3], (index) => splitMix32(start, index));

  const nextWord = (): number => {
    const [a, b, c, d] = state as unknown as [number, number, number, number];
    const word = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const mixedC = c ^ a;
    const mixedD = d ^ b;
    state[0] = a ^ mixedD;
    state[1] = b ^ mixedC;
    state[2] = mixedC ^ (b << 9);
    state[3] = rotateLeft(mixedD, 11);
    return word;
  };

  const uint = (below: number): number => {
    if (!(below >= 1 && below <= TWO_TO_53)) throw new RangeError(`uint is asked for a number below ${below}`);
    // Values past the last whole multiple of `below` are drawn again, so that no result is likelier than another.
    const span = below <= TWO_TO_32 ? TWO_TO_32 : TWO_TO_53;
    const limit = span - (span % below);
    for (;;) {
      const high = span === TWO_TO_32 ? 0 : nextWord() >>> 11;
      const value = high * TWO_TO_32 + nextWord();
      if (value < limit) return value % below;
    }
  };

  return {
    uint,
    chance: (numerator, denominator) => uint(denominator) < numerator,
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let offset = 0; offset < count; offset += 4) {
        const word = nextWord();
        for (let index = 0; index < 4 && offset + index < count; index++) bytes[offset + index] = word >>> (8 * index);
      }
      return bytes;
    },
  };
}
