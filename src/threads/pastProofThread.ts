// The main thread's side of proofs at earlier heights.

import { DemandThread } from "./demandThread.ts";
import type { PastProofProtocol } from "./protocol.ts";

// Each may take two seconds.
const CALLS_PENDING_MAX = 8;

export function createPastProofThread(databasePath: string): DemandThread<PastProofProtocol> {
  return new DemandThread({
    name: "past proofs",
    createWorker: () => new Worker(new URL("./pastProofs.ts", import.meta.url).href),
    pendingMax: CALLS_PENDING_MAX,
    open: (caller) => caller.call("open", { databasePath }),
    close: (caller) => caller.call("close", undefined),
  });
}
