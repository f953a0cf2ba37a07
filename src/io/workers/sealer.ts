// The Sealer port over Workers: each searches a range of nonces of its own, and the first to find one ends the job.

import type { Sealer, SealJob, SealResult } from "../../core/ports/index.ts";

export type SealerCommand =
  | { readonly kind: "start"; readonly job: SealJob; readonly firstNonce: number; readonly hashRateLimit: number }
  | { readonly kind: "cancel" };

// Ranges this far apart are never searched to their end.
const NONCE_STRIDE = 2 ** 45;

export class WorkerSealer implements Sealer {
  private readonly workers: readonly Worker[];
  private readonly hashRateLimit: number;
  private openJobId: number | undefined;

  /**
   * @param options.hashRateLimit hashes a second over all Workers; 0 for no limit
   * @param options.createWorker starts a thread that runs `runSealer`
   */
  constructor(options: {
    threads: number;
    hashRateLimit: number;
    createWorker: () => Worker;
    onSealed: (result: SealResult) => void;
    onError: (message: string) => void;
  }) {
    this.hashRateLimit = options.hashRateLimit / options.threads;
    this.workers = Array.from({ length: options.threads }, () => {
      const worker = options.createWorker();
      worker.onmessage = (event: MessageEvent<SealResult>) => {
        if (event.data.jobId !== this.openJobId) return;
        this.cancel();
        options.onSealed(event.data);
      };
      worker.onerror = (event) => options.onError(event.message);
      return worker;
    });
  }

  start(job: SealJob): void {
    this.openJobId = job.jobId;
    this.workers.forEach((worker, index) => {
      const command: SealerCommand = {
        kind: "start",
        job,
        firstNonce: index * NONCE_STRIDE,
        hashRateLimit: this.hashRateLimit,
      };
      worker.postMessage(command);
    });
  }

  cancel(): void {
    if (this.openJobId === undefined) return;
    this.openJobId = undefined;
    // A lone Worker that has just answered has nothing to give up; others are still searching.
    const command: SealerCommand = { kind: "cancel" };
    for (const worker of this.workers) worker.postMessage(command);
  }

  terminate(): void {
    for (const worker of this.workers) worker.terminate();
  }
}
