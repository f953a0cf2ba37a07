// The pool of signature threads: a batch is cut into as many parts as there are threads, and the parts run side by side.

import type { Bytes, Hash } from "../core/primitives/index.ts";
import { type Answer, Caller } from "../io/workers/index.ts";
import type { SignatureProtocol, SignatureVerdict } from "./protocol.ts";

// The main thread and the replica's need a core too; beyond eight, other costs than recovery decide.
const THREADS_MAX = 8;
const CALLS_PENDING_MAX = 256;

/** How many threads a machine with this many cores gets, at least one. */
export function signatureThreadCount(cores: number): number {
  return Math.min(Math.max(cores - 1, 1), THREADS_MAX);
}

export class SignaturePool {
  private readonly workers: readonly Worker[];
  private readonly callers: readonly Caller<SignatureProtocol>[];

  constructor(options: { threads: number; onError: (message: string) => void }) {
    this.workers = Array.from(
      { length: options.threads },
      () => new Worker(new URL("./signatures.ts", import.meta.url).href),
    );
    this.callers = this.workers.map((worker) => {
      const caller = new Caller<SignatureProtocol>({ port: worker, pendingMax: CALLS_PENDING_MAX });
      worker.onmessage = (event: MessageEvent<Answer>) => caller.settle(event.data);
      worker.onerror = (event) => options.onError(event.message);
      return caller;
    });
  }

  /** A verdict for each encoded transaction, in order. */
  async verify(options: { genesisHash: Hash; encoded: readonly Bytes[] }): Promise<SignatureVerdict[]> {
    const { genesisHash, encoded } = options;
    const partSize = Math.ceil(encoded.length / this.callers.length);
    const parts = this.callers.map((caller, index) => {
      const part = encoded.slice(index * partSize, (index + 1) * partSize);
      return part.length === 0 ? [] : caller.call("verify", { genesisHash, encoded: part });
    });
    return (await Promise.all(parts)).flat();
  }

  terminate(): void {
    for (const worker of this.workers) worker.terminate();
  }
}
