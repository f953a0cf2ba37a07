// The sealer finds real nonces, in as much virtual time as its hash rate takes.

import { describe, expect, test } from "bun:test";
import { sha256 } from "../../src/core/crypto/index.ts";
import type { SealJob, SealResult } from "../../src/core/ports/index.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedSealer } from "./simulatedSealer.ts";

/** One hash in 256 is at most this. */
const TARGET = new Uint8Array(32).fill(255).fill(0, 0, 1);

function jobOf(jobId: number): SealJob {
  return { jobId, header: new Uint8Array(48).fill(jobId), target: TARGET };
}

function createSealer(hashRate: number) {
  const scheduler = new Scheduler();
  const results: { result: SealResult; atMs: number }[] = [];
  const sealer = new SimulatedSealer({
    scheduler,
    hashRate,
    place: 3,
    onSealed: (result) => results.push({ result, atMs: scheduler.nowMs }),
  });
  return { scheduler, sealer, results };
}

/** Mean time of many jobs, one after the other. */
function meanMs(hashRate: number, count: number): number {
  const { scheduler, sealer, results } = createSealer(hashRate);
  for (let jobId = 1; jobId <= count; jobId++) {
    sealer.start(jobOf(jobId));
    scheduler.runUntil(Number.MAX_SAFE_INTEGER, () => results.length === jobId);
  }
  return scheduler.nowMs / count;
}

describe("the simulated sealer", () => {
  test("finds a nonce that satisfies the target", () => {
    const { scheduler, sealer, results } = createSealer(100);
    sealer.start(jobOf(7));
    scheduler.runUntil(600_000, () => results.length > 0);
    const header = jobOf(7).header.slice();
    new DataView(header.buffer).setBigUint64(40, BigInt(results[0]?.result.nonce ?? 0));
    expect(results[0]?.result.jobId).toBe(7);
    expect(sha256(header)[0]).toBe(0);
  });

  test("takes the time that its hash rate takes", () => {
    // 256 hashes on average; a mean over 200 jobs strays by 7 % in two of three cases.
    expect(meanMs(100, 200)).toBeWithin(1_900, 3_300);
    expect(meanMs(5, 200)).toBeWithin(38_000, 66_000);
  });

  test("gives up a job for the next one, and stops when told or without hash rate", () => {
    const { scheduler, sealer, results } = createSealer(100);
    sealer.start(jobOf(1));
    sealer.start(jobOf(2));
    scheduler.runUntil(100_000);
    expect(results.map(({ result }) => result.jobId)).toEqual([2]);
    sealer.start(jobOf(3));
    sealer.cancel();
    scheduler.runUntil(200_000);
    sealer.hashRate = 0;
    sealer.start(jobOf(4));
    scheduler.runUntil(300_000);
    expect(results).toHaveLength(1);
    sealer.hashRate = 1_000;
    scheduler.runUntil(400_000);
    expect(results.map(({ result }) => result.jobId)).toEqual([2, 4]);
  });
});
