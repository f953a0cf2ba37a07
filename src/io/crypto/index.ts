// The contract of the crypto adapters: native SHA-256, fast signature recovery and Keccak-256.

export { type BackendAttempt, type CryptoBackendKind, chooseCryptoBackend, createCryptoBackend } from "./backends.ts";
