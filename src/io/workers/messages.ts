// Requests and answers between two threads: each request carries a number that its answer repeats. Bounded, so that a
// thread that falls behind makes its callers wait or refuse instead of filling the memory.

export interface Request<Kind extends string, Payload> {
  readonly id: number;
  readonly kind: Kind;
  readonly payload: Payload;
}

export interface Answer {
  readonly id: number;
  readonly value: unknown;
}

/** What both a Worker and a Worker's own global scope can do. */
export interface Port {
  postMessage(message: unknown): void;
}

/** Request kinds, each with the payload that it takes and the answer that it gets. */
export type Protocol = Record<string, { payload: unknown; answer: unknown }>;

/** More calls are under way than the other thread keeps up with; the caller may try again. */
export class BusyError extends Error {
  override readonly name = "BusyError";
  readonly code = "node_busy";
}

/** The calling side. The owner hands incoming answers to `settle`. */
export class Caller<Kinds extends Protocol> {
  private readonly port: Port;
  private readonly pendingMax: number;
  private readonly indispensable: ReadonlySet<string>;
  private readonly pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private closedBy: Error | undefined;
  private lastId = 0;

  /**
   * @param options.indispensable kinds that are never refused: whoever makes these calls has few of them under way, and
   *   must not be kept from it by those who have many of others
   */
  constructor(options: { port: Port; pendingMax: number; indispensable?: readonly (keyof Kinds & string)[] }) {
    this.port = options.port;
    this.pendingMax = options.pendingMax;
    this.indispensable = new Set(options.indispensable);
  }

  /** Resolves with the answer. @throws BusyError when as many calls are under way as may be */
  call<Kind extends keyof Kinds & string>(kind: Kind, payload: Kinds[Kind]["payload"]): Promise<Kinds[Kind]["answer"]> {
    if (this.closedBy !== undefined) return Promise.reject(this.closedBy);
    if (this.pending.size >= this.pendingMax && !this.indispensable.has(kind)) {
      return Promise.reject(new BusyError(`${this.pendingMax} requests wait for the node; try again in a moment`));
    }
    this.lastId++;
    const id = this.lastId;
    this.port.postMessage({ id, kind, payload });
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as (value: never) => void, reject });
    });
  }

  /** The other thread has ended: nothing is answered any more. */
  close(error: Error): void {
    this.closedBy = error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  settle(answer: Answer): void {
    const waiting = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    waiting?.resolve(answer.value as never);
  }
}
