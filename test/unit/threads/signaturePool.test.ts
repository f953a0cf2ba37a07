// The pool of signature threads: how many there are, and which one gets a batch. The threads are stand-ins that answer when
// the test says so.

import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Hash } from "../../../src/core/primitives/index.ts";
import { SignaturePool, signatureThreadCount } from "../../../src/threads/signaturePool.ts";

class FakeWorker {
  readonly ids: number[] = [];
  isTerminated = false;
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onerror: ((event: { message: string }) => void) | undefined;

  postMessage(request: { readonly id: number }): void {
    this.ids.push(request.id);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answer(): void {
    this.onmessage?.({ data: { id: this.ids.shift(), value: [] } });
  }
}

const batch = { genesisHash: `0x${"00".repeat(32)}` as Hash, encoded: [] };

let workers: FakeWorker[];
let errors: string[];
let pool: SignaturePool;
beforeEach(() => {
  workers = [];
  errors = [];
  pool = new SignaturePool({
    threadsMax: 3,
    onError: (message) => errors.push(message),
    createWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
});
afterEach(() => pool.terminate());

test("batches that come one after the other need one thread", async () => {
  for (let round = 0; round < 4; round++) {
    const verified = pool.verify(batch);
    workers[0]?.answer();
    expect(await verified).toEqual([]);
  }
  expect(workers.length).toBe(1);
});

test("while all are at work another thread starts, up to the limit; then the least busy one takes the batch", async () => {
  const verified = Array.from({ length: 7 }, () => pool.verify(batch));
  expect(workers.map(({ ids }) => ids.length)).toEqual([3, 2, 2]);
  workers[1]?.answer();
  workers[1]?.answer();
  await verified[1];
  await verified[4];
  verified.push(pool.verify(batch));
  expect(workers.map(({ ids }) => ids.length)).toEqual([3, 1, 2]);
  for (const worker of workers) while (worker.ids.length > 0) worker.answer();
  await Promise.all(verified);
});

test("as many batches keep all threads at work, whether they are there yet or not", () => {
  expect(pool.batchesMax).toBe(6);
});

test("a thread that fails is told of, and all end with the pool", () => {
  const pending = [pool.verify(batch), pool.verify(batch)];
  for (const verified of pending) verified.catch(() => undefined);
  workers[1]?.onerror?.({ message: "out of memory" });
  expect(errors).toEqual(["out of memory"]);
  pool.terminate();
  expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, true]);
});

test.each([
  [0, 1],
  [1, 1],
  [6, 6],
  [64, 8],
])("a machine with %i cores gets %i threads at most", (cores, threads) => {
  expect(signatureThreadCount(cores)).toBe(threads);
});
