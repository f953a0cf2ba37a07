// Encodings that a decoder must refuse, each with a word on what is wrong with it.

import { assert, type Bytes, type Decoded } from "../../src/core/primitives/index.ts";

export interface Refused {
  readonly why: string;
  readonly encoded: string;
}

/** Makes vectors of `cases` (what is wrong, hex digits) after seeing `decode` refuse each. */
export function refusedBy(
  decode: (bytes: Bytes) => Decoded<unknown>,
  cases: readonly (readonly [why: string, digits: string])[],
): Refused[] {
  return cases.map(([why, digits]) => {
    assert(!decode(Uint8Array.fromHex(digits)).ok, `the decoder refuses ${why}`);
    return { why, encoded: `0x${digits}` };
  });
}
