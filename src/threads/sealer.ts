// The thread of a sealer: searches nonces for the replica.

import { searchNonce } from "../core/consensus/pow/index.ts";
import { useCryptoBackend } from "../core/crypto/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { createSealerLoop, type SealerCommand } from "../io/workers/index.ts";

declare const self: Worker;

// A sealer hashes and recovers nothing, and every backend has the same SHA-256.
useCryptoBackend(chooseCryptoBackend(["noble"]).backend);

const handle = createSealerLoop({ search: searchNonce, post: (result) => self.postMessage(result) });

self.onmessage = (event: MessageEvent<SealerCommand>) => handle(event.data);
