// Hashes and signatures, computed by the node.

import { ADDRESS_SIZE, Address } from "./address";
import * as env from "./env";

export function sha256(data: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32);
  env.sha256(data.dataStart, data.length, hash.dataStart);
  return hash;
}

export function keccak256(data: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32);
  env.keccak256(data.dataStart, data.length, hash.dataStart);
  return hash;
}

/** Who signed a digest of 32 bytes with r, s and the parity (65 bytes); null when nobody can have. */
export function recoverSigner(digest: Uint8Array, signature: Uint8Array): Address | null {
  assert(digest.length === 32 && signature.length === 65);
  const signer = new Uint8Array(ADDRESS_SIZE);
  const found = env.secp256k1_recover(digest.dataStart, signature.dataStart, signer.dataStart);
  return found === 0 ? null : new Address(signer);
}
