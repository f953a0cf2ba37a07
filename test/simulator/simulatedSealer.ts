// The Sealer port at a few tens of hashes a virtual second: the nonce is really searched, so targets are small and every
// check of them is real, and the result arrives when as many hashes have passed in virtual time.

import { searchNonce } from "../../src/core/consensus/pow/index.ts";
import type { Sealer, SealJob, SealResult } from "../../src/core/ports/index.ts";
import type { Scheduler, Timer } from "./scheduler.ts";

/** A job is searched in stretches of this length, so that one which is given up soon has cost little. */
const STRETCH_MS = 400;
/** Sealers of different nodes search the same template at different nonces. */
const NONCES_APART = 2 ** 40;

export class SimulatedSealer implements Sealer {
  /** Hashes a virtual second; 0 stops the search. May be changed at any time. */
  hashRate: number;
  private readonly scheduler: Scheduler;
  private readonly firstNonce: number;
  private readonly onSealed: (result: SealResult) => void;
  private timer: Timer | undefined;
  /** Part of a hash that a stretch left over. */
  private credit = 0;

  constructor(options: {
    scheduler: Scheduler;
    hashRate: number;
    place: number;
    onSealed: (result: SealResult) => void;
  }) {
    this.scheduler = options.scheduler;
    this.hashRate = options.hashRate;
    this.firstNonce = options.place * NONCES_APART;
    this.onSealed = options.onSealed;
  }

  start(job: SealJob): void {
    this.timer?.cancel();
    this.search(job, this.firstNonce);
  }

  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private search(job: SealJob, start: number): void {
    const budget = this.credit + (this.hashRate * STRETCH_MS) / 1000;
    const count = Math.floor(budget);
    this.credit = budget - count;
    const nonce = count === 0 ? undefined : searchNonce({ ...job, start, count });
    if (nonce === undefined) {
      this.timer = this.scheduler.after(STRETCH_MS, () => this.search(job, start + count));
      return;
    }
    const delayMs = (STRETCH_MS * (nonce - start + 1)) / count;
    this.timer = this.scheduler.after(delayMs, () => {
      this.timer = undefined;
      this.onSealed({ jobId: job.jobId, nonce });
    });
  }
}
