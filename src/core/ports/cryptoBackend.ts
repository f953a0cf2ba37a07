// Port: the three pure functions whose speed decides the node's. Every adapter gives the same answers (test/contract).

import type { Bytes } from "../primitives/index.ts";

export interface CryptoBackend {
  /** Which implementation this is, for the log: `noble`, or what carries it otherwise. */
  readonly name: string;
  /** SHA-256 (FIPS 180-4); writes the 32 bytes into `output` when it is given and returns it. */
  sha256(input: Bytes, output?: Bytes): Bytes;
  /** Keccak-256 with Ethereum's padding; 32 bytes that nothing else holds. */
  keccak256(input: Bytes): Bytes;
  /**
   * Recovers the public key that signed (SEC 1 version 2.0, section 4.1.6).
   * @param options.digest 32 bytes
   * @param options.compact r and s, 64 bytes; any values
   * @param options.parity of R's y coordinate, 0 or 1
   * @returns the uncompressed key, 65 bytes; undefined when r or s is out of range or no key fits
   */
  recoverPublicKey(options: { digest: Bytes; compact: Bytes; parity: 0 | 1 }): Bytes | undefined;
}
