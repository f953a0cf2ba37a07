// How many signatures a core recovers a second: the yardstick of everything that a transfer costs.

import { sign } from "../../src/core/crypto/index.ts";
import { hexToBytes } from "../../src/core/primitives/index.ts";
import { chooseCryptoBackend } from "../../src/io/crypto/index.ts";

const ROUNDS = 5;
const ROUND_MS = 200;
const CHECK_EVERY = 64;

export interface RecoveryRate {
  readonly perSecond: number;
  readonly microseconds: number;
  readonly backend: string;
}

/** The best of several short rounds of the backend that a node would choose here, public key only. */
export function measureRecovery(): RecoveryRate {
  const { backend } = chooseCryptoBackend();
  const digest = new Uint8Array(32).fill(7);
  const signature = hexToBytes(sign({ digest, secretKey: new Uint8Array(32).fill(1) }));
  const compact = signature.subarray(0, 64);
  const parity = signature[64] as 0 | 1;
  let perSecond = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    let count = 0;
    let elapsedMs = 0;
    while (elapsedMs < ROUND_MS) {
      for (let index = 0; index < CHECK_EVERY; index++) backend.recoverPublicKey({ digest, compact, parity });
      count += CHECK_EVERY;
      elapsedMs = performance.now() - startedMs;
    }
    perSecond = Math.max(perSecond, (count / elapsedMs) * 1000);
  }
  return { perSecond, microseconds: 1_000_000 / perSecond, backend: backend.name };
}
