// Adapters of the CryptoBackend port: Bun's SHA-256 with the recovery of libsecp256k1, or of noble where that does not
// load. test/contract/cryptoBackend.test.ts holds them to the same answers.

import { nobleBackend } from "../../core/crypto/index.ts";
import type { CryptoBackend } from "../../core/ports/index.ts";
import { assert, type Bytes } from "../../core/primitives/index.ts";
import { loadSecp256k1Addon } from "./addon.ts";

const DIGEST_SIZE_BYTES = 32;
const COMPACT_SIZE_BYTES = 64;
const PUBLIC_KEY_SIZE_BYTES = 65;

function bunSha256(input: Bytes, output: Bytes = new Uint8Array(DIGEST_SIZE_BYTES)): Bytes {
  Bun.SHA256.hash(input, output);
  return output;
}

/** For every platform: native SHA-256, portable recovery. */
export const bunBackend: CryptoBackend = {
  name: "noble, Bun SHA-256",
  sha256: bunSha256,
  recoverPublicKey: nobleBackend.recoverPublicKey,
};

export type NativeBackend =
  | { readonly ok: true; readonly backend: CryptoBackend }
  /** Why libsecp256k1 did not load. */
  | { readonly ok: false; readonly reason: string };

/** Native SHA-256 and native recovery, where libsecp256k1 loads. */
export function createNativeBackend(): NativeBackend {
  const loaded = loadSecp256k1Addon();
  if (!loaded.ok) return loaded;
  const { addon, file } = loaded;
  const backend: CryptoBackend = {
    name: `libsecp256k1 ${file}, Bun SHA-256`,
    sha256: bunSha256,
    recoverPublicKey({ digest, compact, parity }) {
      // The addon throws on other lengths, and no caller's bug may pass for an invalid signature.
      assert(digest.length === DIGEST_SIZE_BYTES, "a digest has 32 bytes");
      assert(compact.length === COMPACT_SIZE_BYTES, "r and s have 64 bytes");
      const publicKey = new Uint8Array(PUBLIC_KEY_SIZE_BYTES);
      return addon.ecdsaRecover(publicKey, compact, parity, digest) === 0 ? publicKey : undefined;
    },
  };
  return { ok: true, backend };
}

/** The fastest backend of this machine, and for the log why it is that one. */
export function chooseCryptoBackend(): { readonly backend: CryptoBackend; readonly reason: string } {
  const native = createNativeBackend();
  if (native.ok) return { backend: native.backend, reason: "libsecp256k1 is loaded" };
  return { backend: bunBackend, reason: `libsecp256k1 is not loaded (${native.reason})` };
}
