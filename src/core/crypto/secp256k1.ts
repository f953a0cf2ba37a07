// ECDSA over secp256k1 (SEC 2, section 2.4.1): keys, deterministic signatures (RFC 6979), and recovery of the signer.
// Only low-S signatures with parity 0 or 1 are valid, so that nobody can alter a signature that he did not make.

import { getPublicKey, sign as nobleSign, utils } from "@noble/secp256k1";
import {
  type Address,
  assert,
  type Bytes,
  bytesToSignature,
  defined,
  hexToBytes,
  isSignature,
  type Signature,
} from "../primitives/index.ts";
import { publicKeyToAddress } from "./address.ts";
import { cryptoBackend } from "./backend.ts";

// n / 2 rounded down, n being the order of the curve's group (SEC 2, section 2.4.1).
const HALF_ORDER = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";

export function isSecretKey(secretKey: Bytes): boolean {
  return utils.isValidSecretKey(secretKey);
}

export function secretKeyToAddress(secretKey: Bytes): Address {
  return publicKeyToAddress(getPublicKey(secretKey, false));
}

/** Signs a 32-byte digest; the same key and digest always give the same signature, and S is low. */
export function sign(options: { digest: Bytes; secretKey: Bytes }): Signature {
  const recovered = nobleSign(options.digest, options.secretKey, { prehash: false, format: "recovered" });
  const parity = recovered[0];
  assert(parity === 0 || parity === 1, "a signature's x coordinate does not overflow the order");
  const signature = new Uint8Array(65);
  signature.set(recovered.subarray(1));
  signature[64] = parity;
  return bytesToSignature(signature);
}

/** True when S is at most half the order, by the canonical text of the signature. */
export function isLowS(signature: Signature): boolean {
  return signature.slice(66, 130) <= HALF_ORDER;
}

/** The address whose key signed `digest`; undefined when no key can have, or the signature is not in its one form. */
export function recoverSigner(options: { digest: Bytes; signature: Signature }): Address | undefined {
  const { digest, signature } = options;
  // S is compared as text, which only the written form allows.
  if (!isSignature(signature) || !isLowS(signature)) return undefined;
  const bytes = hexToBytes(signature);
  const parity = defined(bytes[64], "a signature has 65 bytes");
  if (parity > 1) return undefined;
  const publicKey = cryptoBackend().recoverPublicKey({
    digest,
    compact: bytes.subarray(0, 64),
    parity: parity as 0 | 1,
  });
  return publicKey === undefined ? undefined : publicKeyToAddress(publicKey);
}
