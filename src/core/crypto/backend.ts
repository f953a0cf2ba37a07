// The implementation of SHA-256, Keccak-256 and recovery in use. They are pure functions whose adapters are proven equal,
// so the choice is one of speed; a parameter through every hash of the node would carry no information.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { keccak_256 as nobleKeccak256 } from "@noble/hashes/sha3.js";
import { hashes, recoverPublicKey as nobleRecover, Point } from "@noble/secp256k1";
import type { CryptoBackend } from "../ports/index.ts";
import { assert, type Bytes, bytesToHex, hexToBytes } from "../primitives/index.ts";

hashes.sha256 = nobleSha256;
hashes.hmacSha256 = (key, message) => hmac(nobleSha256, key, message);

/** The portable reference: slower, and what every other backend is checked against. */
export const nobleBackend: CryptoBackend = {
  name: "noble",
  sha256(input, output) {
    const digest = nobleSha256(input);
    if (output === undefined) return digest;
    output.set(digest);
    return output;
  },
  keccak256: (input) => nobleKeccak256(input),
  recoverPublicKey({ digest, compact, parity }) {
    assert(digest.length === 32 && compact.length === 64, "a digest has 32 bytes, r and s have 64");
    const signature = new Uint8Array(65);
    signature[0] = parity;
    signature.set(compact, 1);
    try {
      return Point.fromBytes(nobleRecover(signature, digest, { prehash: false })).toBytes(false);
    } catch {
      // noble throws for every signature that no key can have made; its inputs' shapes are ours.
      return undefined;
    }
  },
};

let backend: CryptoBackend = nobleBackend;

// SHA-256 of "abc" (FIPS 180-2, appendix B.1).
const ABC = Uint8Array.of(0x61, 0x62, 0x63);
const ABC_DIGEST = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
// Keccak-256 of the same text, with the padding of the submission (docs/spec/encoding.md).
const ABC_KECCAK = "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45";
// A deterministic signature (RFC 6979) over that digest with secret key 1, whose public key is the curve's generator.
const CHECK_COMPACT =
  "0x75601b1385909ea698e3fd6e26e5fa5105127bd2299d3ab0b9d9f93df5b8b99c28ae7cc8f969e6b6fb1feac477818a75a46e8c364e88dfdc9880e1a5175c4bd1";
const GENERATOR =
  "0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

/** Switches this thread to `next` after known-answer checks. */
export function useCryptoBackend(next: CryptoBackend): void {
  const digest = next.sha256(ABC);
  assert(bytesToHex(digest) === ABC_DIGEST, `SHA-256 of backend ${next.name} gives the known answer`);
  assert(bytesToHex(next.keccak256(ABC)) === ABC_KECCAK, `Keccak-256 of backend ${next.name} gives the known answer`);
  const recovered = next.recoverPublicKey({ digest, compact: hexToBytes(CHECK_COMPACT), parity: 1 });
  assert(
    recovered !== undefined && bytesToHex(recovered) === GENERATOR,
    `recovery of backend ${next.name} gives the known answer`,
  );
  backend = next;
}

export function cryptoBackend(): CryptoBackend {
  return backend;
}

/** SHA-256 (FIPS 180-4). With `output`, 32 bytes are written there and it is returned. */
export function sha256(input: Bytes, output?: Bytes): Bytes {
  return backend.sha256(input, output);
}
