// What both builds of libsecp256k1 offer here, the native one and the one in WebAssembly.

export interface Secp256k1 {
  /**
   * Writes the uncompressed key into `output`, 65 bytes.
   * @param compact r and s, 64 bytes
   * @param digest 32 bytes
   * @returns 0 when it did; another number when r or s is out of range or no key fits
   */
  ecdsaRecover(output: Uint8Array, compact: Uint8Array, recoveryId: number, digest: Uint8Array): number;
}

export type Secp256k1Load =
  | { readonly ok: true; readonly secp256k1: Secp256k1; readonly file: string }
  | { readonly ok: false; readonly reason: string };
