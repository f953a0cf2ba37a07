// The fastest hashes and recovery that load here: all give the same answers, and noble would take ten times as long.

import { useCryptoBackend } from "../../src/core/crypto/index.ts";
import { createCryptoBackend } from "../../src/io/crypto/index.ts";

export function useFastCrypto(): void {
  for (const kind of ["native", "wasm", "noble"] as const) {
    const attempt = createCryptoBackend(kind);
    if (!attempt.ok) continue;
    useCryptoBackend(attempt.backend);
    return;
  }
}
