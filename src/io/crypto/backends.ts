// Adapters of the CryptoBackend port: the recovery of libsecp256k1, native or in WebAssembly, or of noble where neither
// loads. test/contract/cryptoBackend.test.ts holds them to the same answers.

import { nobleBackend } from "../../core/crypto/index.ts";
import type { CryptoBackend } from "../../core/ports/index.ts";
import { assert, type Bytes } from "../../core/primitives/index.ts";
import { loadSecp256k1Addon } from "./addon.ts";
import { createKeccak256 } from "./keccak.ts";
import type { Secp256k1Load } from "./secp256k1.ts";
import { loadSecp256k1Wasm } from "./secp256k1Wasm.ts";

const DIGEST_SIZE_BYTES = 32;
const COMPACT_SIZE_BYTES = 64;
const PUBLIC_KEY_SIZE_BYTES = 65;

/** Where recovery comes from. */
export type CryptoBackendKind = "native" | "wasm" | "noble";

/** By the figures of docs/adr/0007. */
const FASTEST_FIRST: readonly CryptoBackendKind[] = ["native", "wasm", "noble"];

export type BackendAttempt =
  | { readonly ok: true; readonly backend: CryptoBackend }
  /** Why it does not load here. */
  | { readonly ok: false; readonly reason: string };

function bunSha256(input: Bytes, output: Bytes = new Uint8Array(DIGEST_SIZE_BYTES)): Bytes {
  Bun.SHA256.hash(input, output);
  return output;
}

/** What runs where nothing can be loaded, from a file or as WebAssembly. */
const portableBackend: CryptoBackend = { ...nobleBackend, name: "noble, Bun SHA-256", sha256: bunSha256 };

function overLibsecp256k1(loaded: Secp256k1Load): BackendAttempt {
  if (!loaded.ok) return loaded;
  const { secp256k1, file } = loaded;
  const backend: CryptoBackend = {
    name: `libsecp256k1 ${file}, Bun SHA-256, WebAssembly Keccak-256`,
    sha256: bunSha256,
    keccak256: createKeccak256(),
    recoverPublicKey({ digest, compact, parity }) {
      // Other lengths come from a caller's bug, which must not pass for an invalid signature.
      assert(digest.length === DIGEST_SIZE_BYTES, "a digest has 32 bytes");
      assert(compact.length === COMPACT_SIZE_BYTES, "r and s have 64 bytes");
      const publicKey = new Uint8Array(PUBLIC_KEY_SIZE_BYTES);
      return secp256k1.ecdsaRecover(publicKey, compact, parity, digest) === 0 ? publicKey : undefined;
    },
  };
  return { ok: true, backend };
}

const creators: { readonly [Kind in CryptoBackendKind]: () => BackendAttempt } = {
  native: () => overLibsecp256k1(loadSecp256k1Addon()),
  wasm: () => overLibsecp256k1(loadSecp256k1Wasm()),
  noble: () => ({ ok: true, backend: portableBackend }),
};

export function createCryptoBackend(kind: CryptoBackendKind): BackendAttempt {
  return creators[kind]();
}

/**
 * The first backend of `order` that loads here, and for the log why it is that one.
 * @param order of which one can be forced, by naming it alone
 */
export function chooseCryptoBackend(order: readonly CryptoBackendKind[] = FASTEST_FIRST): {
  readonly backend: CryptoBackend;
  readonly reason: string;
} {
  const failures: string[] = [];
  for (const kind of order) {
    const attempt = createCryptoBackend(kind);
    if (attempt.ok) {
      const reason = failures.length === 0 ? "the first choice is loaded" : `not loaded: ${failures.join("; ")}`;
      return { backend: attempt.backend, reason };
    }
    failures.push(`${kind} (${attempt.reason})`);
  }
  throw new Error(`no crypto backend is loaded: ${failures.join("; ")}`);
}
