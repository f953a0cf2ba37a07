// The thread that runs contracts for those who only ask: views, estimates, and what a module exports. It has a read-only
// connection and a virtual machine of its own, so that no call holds up requests or the import of blocks.

import { useCryptoBackend } from "../core/crypto/index.ts";
import { ContractViews } from "../core/node/index.ts";
import { assert } from "../core/primitives/index.ts";
import { checkStack, VirtualMachine } from "../core/vm/index.ts";
import { systemClock } from "../io/clock/index.ts";
import { chooseCryptoBackend } from "../io/crypto/index.ts";
import { openStoreReader, type SqliteStoreReader } from "../io/sqlite/index.ts";
import { wasmRuntime } from "../io/wasm/index.ts";
import type { Request } from "../io/workers/index.ts";
import type { ViewProtocol } from "./protocol.ts";

declare const self: Worker;

const CACHE_SIZE_MB = 8;
/** Of metered modules; the replica's machine keeps more. */
const KEPT_MODULES_SIZE_BYTES_MAX = 8 * 1024 * 1024;

// Contracts recover signers too.
useCryptoBackend(chooseCryptoBackend().backend);

let running: { readonly store: SqliteStoreReader; readonly views: ContractViews } | undefined;

function views(): ContractViews {
  assert(running !== undefined, "the database has been opened");
  return running.views;
}

const handlers: {
  readonly [Kind in keyof ViewProtocol]: (payload: ViewProtocol[Kind]["payload"]) => ViewProtocol[Kind]["answer"];
} = {
  open: ({ databasePath, genesis }) => {
    const machine = new VirtualMachine({
      runtime: wasmRuntime,
      keptModulesSizeBytesMax: KEPT_MODULES_SIZE_BYTES_MAX,
    });
    assert(checkStack(machine) === undefined, "a thread has the stack that contracts may take");
    const store = openStoreReader({ path: databasePath, cacheSizeMb: CACHE_SIZE_MB });
    running = { store, views: new ContractViews({ store, genesis, machine }) };
  },
  view: (request) => views().view(request),
  estimate: (options) => views().estimate({ ...options, nowMs: systemClock.nowMs() }),
  describe: (address) => views().describe(address),
  close: () => {
    running?.store.close();
  },
};

self.onmessage = (event: MessageEvent<Request<keyof ViewProtocol, never>>) => {
  const { id, kind, payload } = event.data;
  self.postMessage({ id, value: handlers[kind](payload) });
};
