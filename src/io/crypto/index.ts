// The contract of the crypto adapters: native SHA-256 and signature recovery.

export { bunBackend, chooseCryptoBackend, createNativeBackend, type NativeBackend } from "./backends.ts";
