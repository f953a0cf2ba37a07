// Jobs of signature recovery that are under way: gossip and sync hand encodings in here and go on when the answer comes.
// The answers come in any order; what nobody waits for any more is ignored.

import type { SignatureVerifier, VerificationResult } from "../ports/index.ts";
import { assert, type Bytes, type Hash } from "../primitives/index.ts";

/** In the order of the job: a transaction's hash, or undefined where the signature is not its sender's. */
export type OnVerified = (hashes: readonly (Hash | undefined)[]) => void;

interface Pending {
  readonly count: number;
  readonly done: OnVerified;
}

export class VerificationJobs {
  private readonly verifier: SignatureVerifier;
  private readonly jobsMax: number;
  private readonly pending = new Map<number, Pending>();
  private nextJobId = 1;

  /** @param options.jobsMax how many may be under way at once, whoever started them; 1 or more */
  constructor(options: { verifier: SignatureVerifier; jobsMax: number }) {
    assert(options.jobsMax >= 1, "at least one job may be under way");
    this.verifier = options.verifier;
    this.jobsMax = options.jobsMax;
  }

  /** Jobs that are under way. */
  get pendingCount(): number {
    return this.pending.size;
  }

  /**
   * Starts a job; `done` is called once, within this call when the verifier answers at once.
   * @param encoded canonical encodings of transactions, which decode; at least one
   * @returns false when too many are under way: nothing has been started, and the caller tries again later
   */
  verify(encoded: readonly Bytes[], done: OnVerified): boolean {
    assert(encoded.length > 0, "a job has a transaction");
    if (this.pending.size >= this.jobsMax) return false;
    const jobId = this.nextJobId++;
    this.pending.set(jobId, { count: encoded.length, done });
    this.verifier.verify({ jobId, encoded });
    return true;
  }

  /** Takes an answer. One that comes late, twice or for a job that never was is ignored. */
  onVerified(result: VerificationResult): void {
    const pending = this.pending.get(result.jobId);
    if (pending === undefined) return;
    assert(result.hashes.length === pending.count, "an answer has a hash for each transaction of its job");
    this.pending.delete(result.jobId);
    pending.done(result.hashes);
  }
}
