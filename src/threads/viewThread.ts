// The main thread's side of views and estimates.

import type { Genesis } from "../core/protocol/index.ts";
import { DemandThread } from "./demandThread.ts";
import type { ViewProtocol } from "./protocol.ts";

// Each may take a tenth of a second, so that what waits is answered within seven or told to come again.
const CALLS_PENDING_MAX = 64;

export function createViewThread(options: { databasePath: string; genesis: Genesis }): DemandThread<ViewProtocol> {
  const { databasePath, genesis } = options;
  return new DemandThread({
    name: "views",
    createWorker: () => new Worker(new URL("./views.ts", import.meta.url).href),
    pendingMax: CALLS_PENDING_MAX,
    open: (caller) => caller.call("open", { databasePath, genesis }),
    close: (caller) => caller.call("close", undefined),
  });
}
