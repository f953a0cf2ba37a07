// The contract of the SQLite adapter: the Store port, and the lock of its folder.

export { explainStoreFailure, StoreError, type StoreErrorCode } from "./errors.ts";
export { type DatadirLock, lockDatadir } from "./lock.ts";
export type { SqliteStoreReader } from "./reader.ts";
export { type OpenStore, openStore, openStoreReader, type StoreOptions } from "./store.ts";
