// The SignatureVerifier port: real recovery, answered after a while and not always in order. Nodes of one simulation may
// share what they found, keyed by the whole encoding (so by hash and signature together), since the answer is a pure
// function of it; a seed in ten has every node recover for itself.

import type { SignatureVerifier, VerificationJob, VerificationResult } from "../../src/core/ports/index.ts";
import type { Bytes, Hash } from "../../src/core/primitives/index.ts";
import { decodeTransaction, type SigningDomain, verifyTransaction } from "../../src/core/protocol/index.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

const DELAY_MS = { min: 1, max: 12 };

/** What recovery came to, by the encoding's text. */
export type RecoveryCache = Map<string, Hash | undefined>;

export class SimulatedVerifier implements SignatureVerifier {
  private readonly scheduler: Scheduler;
  private readonly random: Random;
  private readonly domain: SigningDomain;
  private readonly cache: RecoveryCache | undefined;
  private readonly onVerified: (result: VerificationResult) => void;

  constructor(options: {
    scheduler: Scheduler;
    random: Random;
    domain: SigningDomain;
    cache: RecoveryCache | undefined;
    onVerified: (result: VerificationResult) => void;
  }) {
    this.scheduler = options.scheduler;
    this.random = options.random;
    this.domain = options.domain;
    this.cache = options.cache;
    this.onVerified = options.onVerified;
  }

  verify(job: VerificationJob): void {
    const hashes = job.encoded.map((encoded) => this.recover(encoded));
    this.scheduler.after(this.random.int(DELAY_MS.min, DELAY_MS.max), () => {
      this.onVerified({ jobId: job.jobId, hashes });
    });
  }

  private recover(encoded: Bytes): Hash | undefined {
    const key = this.cache === undefined ? undefined : encoded.toHex();
    if (key !== undefined && this.cache?.has(key)) return this.cache.get(key);
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) throw new RangeError("a replica has transactions verified that decode");
    const verified = verifyTransaction(decoded.value, this.domain);
    const hash = verified.ok ? verified.value.hash : undefined;
    if (key !== undefined) this.cache?.set(key, hash);
    return hash;
  }
}
