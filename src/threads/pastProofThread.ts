// The main thread's side of proofs at earlier heights: starts their thread when the first one is asked for.

import type { AccountProofView, PastProofCode } from "../core/node/index.ts";
import type { Address, Height, Result } from "../core/primitives/index.ts";
import { type Answer, Caller } from "../io/workers/index.ts";
import type { PastProofProtocol } from "./protocol.ts";

// Each may take two seconds; further requests are told that the node is busy.
const CALLS_PENDING_MAX = 8;
// What is under way may end within this time when the node stops; nobody waits for it any more.
const STOP_GRACE_MS = 1000;

interface Running {
  readonly worker: Worker;
  readonly caller: Caller<PastProofProtocol>;
}

export class PastProofThread {
  private readonly databasePath: string;
  private running: Running | undefined;

  constructor(databasePath: string) {
    this.databasePath = databasePath;
  }

  /** Rejects with a BusyError when as many proofs wait as may. */
  prove(options: { address: Address; height: Height }): Promise<Result<AccountProofView, PastProofCode>> {
    this.running ??= this.start();
    return this.running.caller.call("prove", options);
  }

  private start(): Running {
    const worker = new Worker(new URL("./pastProofs.ts", import.meta.url).href);
    const caller = new Caller<PastProofProtocol>({ port: worker, pendingMax: CALLS_PENDING_MAX });
    worker.onmessage = (event: MessageEvent<Answer>) => caller.settle(event.data);
    // Who waits is told, and the next request starts the thread anew.
    worker.onerror = (event) => {
      caller.close(new Error(`the thread of past proofs failed: ${event.message}`));
      worker.terminate();
      this.running = undefined;
    };
    caller.call("open", { databasePath: this.databasePath }).catch(() => undefined);
    return { worker, caller };
  }

  /** Closes the connection, which would keep the writing one from removing the database's log. */
  async stop(): Promise<void> {
    if (this.running === undefined) return;
    const { worker, caller } = this.running;
    const closed = caller.call("close", undefined).catch(() => undefined);
    await Promise.race([closed, Bun.sleep(STOP_GRACE_MS)]);
    worker.terminate();
  }
}
