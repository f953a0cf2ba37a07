// Keccak-256 over the WebAssembly permutation of keccakModule.ts: the sponge and its padding (FIPS 202, section 4, with the
// suffix that Ethereum kept).

import type { Bytes } from "../../core/primitives/index.ts";
import { assembleKeccakModule, BLOCK_OFFSET, STATE_OFFSET } from "./keccakModule.ts";

const RATE_BYTES = 136;
const STATE_SIZE_BYTES = 200;
const DIGEST_SIZE_BYTES = 32;

interface KeccakExports {
  readonly memory: WebAssembly.Memory;
  absorb(): void;
}

/** A function of its own memory: one for each thread. */
export function createKeccak256(): (input: Bytes) => Bytes {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assembleKeccakModule()));
  const { memory, absorb } = instance.exports as unknown as KeccakExports;
  const state = new Uint8Array(memory.buffer, STATE_OFFSET, STATE_SIZE_BYTES);
  const block = new Uint8Array(memory.buffer, BLOCK_OFFSET, RATE_BYTES);
  return (input) => {
    state.fill(0);
    let offset = 0;
    for (; input.length - offset >= RATE_BYTES; offset += RATE_BYTES) {
      block.set(input.subarray(offset, offset + RATE_BYTES));
      absorb();
    }
    const rest = input.length - offset;
    block.set(offset === 0 ? input : input.subarray(offset));
    block.fill(0, rest);
    block[rest] = 0x01;
    block[RATE_BYTES - 1] = (block[RATE_BYTES - 1] as number) | 0x80;
    absorb();
    return state.slice(0, DIGEST_SIZE_BYTES);
  };
}
