// The Sealer port over real Workers that run the executable's own sealer thread.

import { afterEach, expect, test } from "bun:test";
import type { SealResult } from "../../../../src/core/ports/index.ts";
import { hashHeader } from "../../../../src/core/protocol/index.ts";
import { WorkerSealer } from "../../../../src/io/workers/sealer.ts";
import { openTestChain, template } from "../../../support/testChain.ts";

const THREAD = new URL("../../../../src/threads/sealer.ts", import.meta.url).href;
const NEVER = new Uint8Array(32);

let sealer: WorkerSealer | undefined;
afterEach(() => sealer?.terminate());

function createSealer(threads: number) {
  const results: SealResult[] = [];
  const errors: string[] = [];
  let told = Promise.withResolvers<SealResult>();
  sealer = new WorkerSealer({
    threads,
    hashRateLimit: 0,
    createWorker: () => new Worker(THREAD),
    onSealed: (result) => {
      results.push(result);
      told.resolve(result);
    },
    onError: (message) => errors.push(message),
  });
  const next = () => {
    told = Promise.withResolvers<SealResult>();
    return told.promise;
  };
  return { sealer, results, errors, next };
}

const testChain = openTestChain();
const { header } = template(testChain);
const jobOf = (jobId: number) => testChain.engine.sealJob({ jobId, header });

test("finds a nonce that seals the header", async () => {
  const { sealer: own, errors, next } = createSealer(1);
  const found = next();
  own.start(jobOf(1));
  const { jobId, nonce } = await found;
  expect(jobId).toBe(1);
  const sealed = testChain.engine.applySeal(header, nonce);
  expect(testChain.engine.checkSanity(sealed)).toBeUndefined();
  expect(BigInt(hashHeader(sealed))).toBeLessThan(2n ** 252n);
  expect(errors).toEqual([]);
});

test("a new job takes the place of one that never ends, on every Worker, and is answered once", async () => {
  const { sealer: own, results, next } = createSealer(2);
  for (const jobId of [1, 3, 5, 7]) {
    own.start({ ...jobOf(jobId), target: NEVER });
    const found = next();
    own.start(jobOf(jobId + 1));
    expect((await found).jobId).toBe(jobId + 1);
  }
  expect(results.map(({ jobId }) => jobId)).toEqual([2, 4, 6, 8]);
});

test("a result of a job that was given up is not passed on", async () => {
  const { sealer: own, results, next } = createSealer(1);
  own.start(jobOf(1));
  own.cancel();
  const found = next();
  own.start(jobOf(2));
  expect((await found).jobId).toBe(2);
  expect(results).toHaveLength(1);
});

test("a thread that can't run is told", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  sealer = new WorkerSealer({
    threads: 1,
    hashRateLimit: 0,
    createWorker: () => new Worker("data:text/javascript,throw new Error('no thread')"),
    onSealed: () => undefined,
    onError: resolve,
  });
  expect(await promise).toContain("no thread");
});
