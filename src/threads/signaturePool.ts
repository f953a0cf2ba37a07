// The pool of signature threads: each batch goes to the thread with the fewest under way.

import type { Bytes, Hash } from "../core/primitives/index.ts";
import { type Answer, Caller } from "../io/workers/index.ts";
import type { SignatureProtocol, SignatureVerdict } from "./protocol.ts";

// Beyond eight, other costs than recovery decide.
const THREADS_MAX = 8;
const CALLS_PENDING_MAX = 256;
// While a thread works on one batch the next is on its way.
const BATCHES_PER_THREAD = 2;

/** How many threads a machine with this many cores gets. The other threads leave gaps that recovery fills. */
export function signatureThreadCount(cores: number): number {
  return Math.min(Math.max(cores, 1), THREADS_MAX);
}

interface Member {
  readonly worker: Worker;
  readonly caller: Caller<SignatureProtocol>;
  underWay: number;
}

export class SignaturePool {
  private readonly members: readonly Member[];

  constructor(options: { threads: number; onError: (message: string) => void }) {
    this.members = Array.from({ length: options.threads }, () => {
      const worker = new Worker(new URL("./signatures.ts", import.meta.url).href);
      const caller = new Caller<SignatureProtocol>({ port: worker, pendingMax: CALLS_PENDING_MAX });
      worker.onmessage = (event: MessageEvent<Answer>) => caller.settle(event.data);
      worker.onerror = (event) => options.onError(event.message);
      return { worker, caller, underWay: 0 };
    });
  }

  /** How many batches keep all threads at work. */
  get batchesMax(): number {
    return this.members.length * BATCHES_PER_THREAD;
  }

  /** A verdict for each encoded transaction of a batch, in order. */
  async verify(options: { genesisHash: Hash; encoded: readonly Bytes[] }): Promise<readonly SignatureVerdict[]> {
    const member = this.members.reduce((least, other) => (other.underWay < least.underWay ? other : least));
    member.underWay++;
    try {
      return await member.caller.call("verify", options);
    } finally {
      member.underWay--;
    }
  }

  terminate(): void {
    for (const { worker } of this.members) worker.terminate();
  }
}
