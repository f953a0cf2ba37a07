// The thread that proves accounts and contracts' values at earlier heights. It has a read-only connection of its own, so that deriving the tree of
// a height, up to two seconds' work, holds up neither requests nor import.

import { useCryptoBackend } from "../core/crypto/index.ts";
import { PastProofs } from "../core/node/index.ts";
import { assert } from "../core/primitives/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { openStoreReader, type SqliteStoreReader } from "../io/sqlite/index.ts";
import type { Request } from "../io/workers/index.ts";
import type { PastProofProtocol } from "./protocol.ts";

declare const self: Worker;

const CACHE_SIZE_MB = 8;

// It recovers no signatures, and every backend has the same SHA-256.
useCryptoBackend(chooseCryptoBackend(["noble"]).backend);

let running: { readonly store: SqliteStoreReader; readonly proofs: PastProofs } | undefined;

const handlers: {
  readonly [Kind in keyof PastProofProtocol]: (
    payload: PastProofProtocol[Kind]["payload"],
  ) => PastProofProtocol[Kind]["answer"];
} = {
  open: ({ databasePath }) => {
    const store = openStoreReader({ path: databasePath, cacheSizeMb: CACHE_SIZE_MB });
    running = { store, proofs: new PastProofs({ store }) };
  },
  prove: (options) => {
    assert(running !== undefined, "the database has been opened");
    return running.proofs.accountProof(options);
  },
  proveStorage: (options) => {
    assert(running !== undefined, "the database has been opened");
    return running.proofs.storageProof(options);
  },
  close: () => {
    running?.store.close();
  },
};

self.onmessage = (event: MessageEvent<Request<keyof PastProofProtocol, never>>) => {
  const { id, kind, payload } = event.data;
  self.postMessage({ id, value: handlers[kind](payload) });
};
