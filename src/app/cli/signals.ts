// Signals of the process, one a call. The handlers are installed at the first call, so that commands which do not wait
// for signals end by them as any program does.

import type { Signal } from "./dependencies.ts";

/** More signals than this while nobody waits are one and the same wish. */
const QUEUE_COUNT_MAX = 4;

export interface SignalEmitter {
  on(signal: Signal, listener: () => void): unknown;
}

export function createSignalWaiter(emitter: SignalEmitter): () => Promise<Signal> {
  const queue: Signal[] = [];
  const waiting: ((signal: Signal) => void)[] = [];
  let isInstalled = false;

  function arrive(signal: Signal): void {
    const next = waiting.shift();
    if (next !== undefined) next(signal);
    else if (queue.length < QUEUE_COUNT_MAX) queue.push(signal);
  }

  return () => {
    if (!isInstalled) {
      isInstalled = true;
      emitter.on("SIGINT", () => arrive("SIGINT"));
      emitter.on("SIGTERM", () => arrive("SIGTERM"));
    }
    const { promise, resolve } = Promise.withResolvers<Signal>();
    const queued = queue.shift();
    if (queued === undefined) waiting.push(resolve);
    else resolve(queued);
    return promise;
  };
}
