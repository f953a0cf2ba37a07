// Port: recovery of signers off the replica's thread. It answers later, so the replica goes on meanwhile.

import type { Bytes, Hash } from "../primitives/index.ts";

export interface VerificationJob {
  /** Chosen by the replica, rising; the answer repeats it. */
  readonly jobId: number;
  /** Canonical encodings of transactions, which decode. */
  readonly encoded: readonly Bytes[];
}

export interface VerificationResult {
  readonly jobId: number;
  /** In the order of the job: a transaction's hash, or undefined where the signature is not its sender's. */
  readonly hashes: readonly (Hash | undefined)[];
}

export interface SignatureVerifier {
  /** Starts a job. The result reaches `Replica.onVerified`, in any order. */
  verify(job: VerificationJob): void;
}
