// Port: the search for a seal over a header. It runs elsewhere (a Worker, or at once in tests) and answers later.

import type { Bytes } from "../primitives/index.ts";

export interface SealJob {
  /** Chosen by the replica, rising; the answer repeats it. */
  readonly jobId: number;
  /** The encoded header, whose last 8 bytes are the nonce to be found (docs/spec/proof-of-work.md). */
  readonly header: Bytes;
  /** 32 bytes, big-endian; the SHA-256 of the header must not be above it. */
  readonly target: Bytes;
}

export interface SealResult {
  readonly jobId: number;
  readonly nonce: number;
}

export interface Sealer {
  /** Starts a job and gives up the one under way, if any. The result reaches `Replica.onSealed`. */
  start(job: SealJob): void;
  /** Gives up the job under way, if any. A result that is already on its way may still arrive. */
  cancel(): void;
}
