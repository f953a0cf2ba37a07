// The pool of signature threads: each batch goes to the thread with the fewest under way. One thread is there from the start,
// the others come when all are at work: each takes 4 MB, which an idle node on a machine of many cores can do without.

import type { Bytes, Hash } from "../core/primitives/index.ts";
import { type Answer, Caller } from "../io/workers/index.ts";
import type { SignatureProtocol, SignatureVerdict } from "./protocol.ts";

// Beyond eight, other costs than recovery decide.
const THREADS_MAX = 8;
const CALLS_PENDING_MAX = 256;
// While a thread works on one batch the next is on its way.
const BATCHES_PER_THREAD = 2;

/** How many threads a machine with this many cores gets at most. The other threads leave gaps that recovery fills. */
export function signatureThreadCount(cores: number): number {
  return Math.min(Math.max(cores, 1), THREADS_MAX);
}

interface Member {
  readonly worker: Worker;
  readonly caller: Caller<SignatureProtocol>;
  underWay: number;
}

function createSignatureWorker(): Worker {
  return new Worker(new URL("./signatures.ts", import.meta.url).href);
}

export class SignaturePool {
  private readonly members: Member[] = [];
  private readonly threadsMax: number;
  private readonly onError: (message: string) => void;
  private readonly createWorker: () => Worker;

  constructor(options: { threadsMax: number; onError: (message: string) => void; createWorker?: () => Worker }) {
    this.threadsMax = options.threadsMax;
    this.onError = options.onError;
    this.createWorker = options.createWorker ?? createSignatureWorker;
    this.startMember();
  }

  private startMember(): Member {
    const worker = this.createWorker();
    const caller = new Caller<SignatureProtocol>({ port: worker, pendingMax: CALLS_PENDING_MAX });
    worker.onmessage = (event: MessageEvent<Answer>) => caller.settle(event.data);
    worker.onerror = (event) => this.onError(event.message);
    const member = { worker, caller, underWay: 0 };
    this.members.push(member);
    return member;
  }

  /** An idle thread, a new one while there may be more, or the one with the least to do. */
  private chooseMember(): Member {
    const least = this.members.reduce((best, other) => (other.underWay < best.underWay ? other : best));
    return least.underWay === 0 || this.members.length >= this.threadsMax ? least : this.startMember();
  }

  /** How many batches keep all threads at work. */
  get batchesMax(): number {
    return this.threadsMax * BATCHES_PER_THREAD;
  }

  /** A verdict for each encoded transaction of a batch, in order. */
  async verify(options: { genesisHash: Hash; encoded: readonly Bytes[] }): Promise<readonly SignatureVerdict[]> {
    const member = this.chooseMember();
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
