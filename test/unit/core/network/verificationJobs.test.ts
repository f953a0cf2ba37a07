// Jobs of signature recovery: rising ids, answers in any order, late and unknown answers, the bound.

import { describe, expect, test } from "bun:test";
import { VerificationJobs } from "../../../../src/core/network/verificationJobs.ts";
import type { SignatureVerifier, VerificationJob } from "../../../../src/core/ports/index.ts";
import { AssertionError, type Bytes, type Hash, ZERO_HASH } from "../../../../src/core/primitives/index.ts";

const ONE: readonly Bytes[] = [Uint8Array.of(1)];
const TWO: readonly Bytes[] = [Uint8Array.of(1), Uint8Array.of(2)];

function setup(jobsMax: number) {
  const started: VerificationJob[] = [];
  const verifier: SignatureVerifier = { verify: (job) => started.push(job) };
  const jobs = new VerificationJobs({ verifier, jobsMax });
  const answers: [string, readonly (Hash | undefined)[]][] = [];
  const take = (name: string) => (hashes: readonly (Hash | undefined)[]) => answers.push([name, hashes]);
  return { started, jobs, answers, take };
}

describe("jobs", () => {
  test("have rising ids and pass the encodings on", () => {
    const { jobs, started, take } = setup(4);
    expect(jobs.verify(ONE, take("a"))).toBe(true);
    expect(jobs.verify(TWO, take("b"))).toBe(true);
    expect(started).toEqual([
      { jobId: 1, encoded: ONE },
      { jobId: 2, encoded: TWO },
    ]);
    expect(jobs.pendingCount).toBe(2);
  });

  test("are answered in any order, each once", () => {
    const { jobs, answers, take } = setup(4);
    jobs.verify(ONE, take("a"));
    jobs.verify(TWO, take("b"));
    jobs.onVerified({ jobId: 2, hashes: [undefined, ZERO_HASH] });
    jobs.onVerified({ jobId: 1, hashes: [ZERO_HASH] });
    expect(answers).toEqual([
      ["b", [undefined, ZERO_HASH]],
      ["a", [ZERO_HASH]],
    ]);
    expect(jobs.pendingCount).toBe(0);
  });

  test("ignore answers that come twice or that nobody asked for", () => {
    const { jobs, answers, take } = setup(4);
    jobs.verify(ONE, take("a"));
    jobs.onVerified({ jobId: 7, hashes: [ZERO_HASH] });
    jobs.onVerified({ jobId: 1, hashes: [ZERO_HASH] });
    jobs.onVerified({ jobId: 1, hashes: [undefined] });
    expect(answers).toEqual([["a", [ZERO_HASH]]]);
  });

  test("are refused past the bound, and taken again after an answer", () => {
    const { jobs, started, take } = setup(2);
    expect(jobs.verify(ONE, take("a"))).toBe(true);
    expect(jobs.verify(ONE, take("b"))).toBe(true);
    expect(jobs.verify(ONE, take("c"))).toBe(false);
    expect(started).toHaveLength(2);
    jobs.onVerified({ jobId: 1, hashes: [ZERO_HASH] });
    expect(jobs.verify(ONE, take("c"))).toBe(true);
    expect(started.map(({ jobId }) => jobId)).toEqual([1, 2, 3]);
  });

  test("may be answered within the call that starts them, and start another from their answer", () => {
    const order: string[] = [];
    const verifier: SignatureVerifier = {
      verify: ({ jobId, encoded }) => jobs.onVerified({ jobId, hashes: encoded.map(() => ZERO_HASH) }),
    };
    const jobs: VerificationJobs = new VerificationJobs({ verifier, jobsMax: 1 });
    jobs.verify(ONE, () => {
      order.push("first");
      jobs.verify(ONE, () => order.push("second"));
    });
    expect(order).toEqual(["first", "second"]);
    expect(jobs.pendingCount).toBe(0);
  });

  test("are never empty, and their answers have their length", () => {
    const { jobs, take } = setup(1);
    expect(() => jobs.verify([], take("a"))).toThrow(AssertionError);
    jobs.verify(TWO, take("a"));
    expect(() => jobs.onVerified({ jobId: 1, hashes: [ZERO_HASH] })).toThrow(AssertionError);
    expect(() => setup(0)).toThrow(AssertionError);
  });
});
