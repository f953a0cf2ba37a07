// The main thread's side of a thread that is started when it is first asked something, and anew when it has failed.

import { type Answer, Caller, type Protocol } from "../io/workers/index.ts";

// What is under way may end within this time when the node stops; nobody waits for it any more.
const STOP_GRACE_MS = 1000;

export interface DemandThreadOptions<Kinds extends Protocol> {
  /** For messages of failures. */
  readonly name: string;
  readonly createWorker: () => Worker;
  /** Calls that may wait; further ones are told that the node is busy. */
  readonly pendingMax: number;
  /** The first call to a new thread. */
  readonly open: (caller: Caller<Kinds>) => Promise<unknown>;
  /** The last one: closes its connection, which would keep the writing one from removing the database's log. */
  readonly close: (caller: Caller<Kinds>) => Promise<unknown>;
}

interface Running<Kinds extends Protocol> {
  readonly worker: Worker;
  readonly caller: Caller<Kinds>;
}

export class DemandThread<Kinds extends Protocol> {
  private readonly options: DemandThreadOptions<Kinds>;
  private running: Running<Kinds> | undefined;

  constructor(options: DemandThreadOptions<Kinds>) {
    this.options = options;
  }

  /** Rejects with a BusyError when as many calls wait as may. */
  call<Kind extends keyof Kinds & string>(kind: Kind, payload: Kinds[Kind]["payload"]): Promise<Kinds[Kind]["answer"]> {
    this.running ??= this.start();
    return this.running.caller.call(kind, payload);
  }

  private start(): Running<Kinds> {
    const { name, createWorker, pendingMax, open } = this.options;
    const worker = createWorker();
    const caller = new Caller<Kinds>({ port: worker, pendingMax });
    worker.onmessage = (event: MessageEvent<Answer>) => caller.settle(event.data);
    // Who waits is told, and the next request starts the thread anew.
    worker.onerror = (event) => {
      caller.close(new Error(`the thread of ${name} failed: ${event.message}`));
      worker.terminate();
      this.running = undefined;
    };
    open(caller).catch(() => undefined);
    return { worker, caller };
  }

  async stop(): Promise<void> {
    if (this.running === undefined) return;
    const { worker, caller } = this.running;
    const closed = this.options.close(caller).catch(() => undefined);
    await Promise.race([closed, Bun.sleep(STOP_GRACE_MS)]);
    worker.terminate();
  }
}
