// The loop of a sealer Worker: searches on, gives way to new jobs, and keeps to its limit.

import { expect, test } from "bun:test";
import type { SealResult } from "../../../../src/core/ports/index.ts";
import type { SealerCommand } from "../../../../src/io/workers/sealer.ts";
import { createSealerLoop } from "../../../../src/io/workers/sealerLoop.ts";

interface Stretch {
  readonly jobId: number;
  readonly start: number;
  readonly count: number;
}

function start(jobId: number, options: { firstNonce?: number; hashRateLimit?: number } = {}): SealerCommand {
  const { firstNonce = 0, hashRateLimit = 0 } = options;
  // The search below knows a job by its header.
  const job = { jobId, header: Uint8Array.of(jobId), target: new Uint8Array(32) };
  return { kind: "start", job, firstNonce, hashRateLimit };
}

/** A loop whose search answers with `onStretch`, which may give commands on its own. */
function createLoop(onStretch: (stretch: Stretch, index: number) => number | undefined) {
  const stretches: Stretch[] = [];
  const { promise: posted, resolve: post } = Promise.withResolvers<SealResult>();
  const results: SealResult[] = [];
  const handle = createSealerLoop({
    search: ({ header, start: first, count }) => {
      const stretch = { jobId: header[0] as number, start: first, count };
      stretches.push(stretch);
      return onStretch(stretch, stretches.length - 1);
    },
    post: (result) => {
      results.push(result);
      post(result);
    },
  });
  return { handle, stretches, results, posted };
}

/** Lets a loop that still runs go on for some turns. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test("searches stretch after stretch from its first nonce on, and stops when it has found one", async () => {
  const loop = createLoop((stretch, index) => (index === 2 ? stretch.start + 5 : undefined));
  loop.handle(start(1, { firstNonce: 1000 }));
  const result = await loop.posted;
  const [first, second, third] = loop.stretches as [Stretch, Stretch, Stretch];
  expect(first.start).toBe(1000);
  expect([second.start, third.start]).toEqual([1000 + first.count, 1000 + 2 * first.count]);
  expect(result).toEqual({ jobId: 1, nonce: third.start + 5 });
  await someTurns();
  expect(loop.stretches).toHaveLength(3);
});

test("a new job replaces the one under way, and begins at its own first nonce", async () => {
  const loop = createLoop((stretch, index) => {
    if (index === 1) loop.handle(start(2, { firstNonce: 77 }));
    return stretch.jobId === 2 ? stretch.start : undefined;
  });
  loop.handle(start(1));
  expect(await loop.posted).toEqual({ jobId: 2, nonce: 77 });
  expect(loop.stretches.map(({ jobId }) => jobId)).toEqual([1, 1, 2]);
  expect(loop.results).toHaveLength(1);
});

test("a cancelled job ends, and the next one is taken up", async () => {
  const loop = createLoop((stretch, index) => {
    if (index === 1) loop.handle({ kind: "cancel" });
    return stretch.jobId === 2 ? 3 : undefined;
  });
  loop.handle(start(1));
  await someTurns();
  expect(loop.stretches).toHaveLength(2);
  loop.handle(start(2));
  expect(await loop.posted).toEqual({ jobId: 2, nonce: 3 });
});

test("a job that comes while another is cancelled is searched once, not twice over", async () => {
  const loop = createLoop((stretch, index) => {
    if (index === 0) {
      loop.handle({ kind: "cancel" });
      loop.handle(start(2, { firstNonce: 10 }));
    }
    return index === 3 ? stretch.start : undefined;
  });
  loop.handle(start(1));
  await loop.posted;
  const { count } = loop.stretches[1] as Stretch;
  expect(loop.stretches.slice(1).map(({ start: first }) => first)).toEqual([10, 10 + count, 10 + 2 * count]);
});

test("a cancel with nothing under way is of no account", async () => {
  const loop = createLoop(() => 1);
  loop.handle({ kind: "cancel" });
  await someTurns();
  expect(loop.stretches).toEqual([]);
});

test("the limit is kept: a stretch of a twentieth of a second, then rest", async () => {
  const hashRateLimit = 20_000;
  const loop = createLoop((stretch, index) => (index === 3 ? stretch.start : undefined));
  const startedMs = performance.now();
  loop.handle(start(1, { hashRateLimit }));
  await loop.posted;
  const elapsedMs = performance.now() - startedMs;
  expect(loop.stretches.map(({ count }) => count)).toEqual([1000, 1000, 1000, 1000]);
  // Three rests came before the fourth stretch; timers are late rather than early.
  expect(elapsedMs).toBeGreaterThan(145);
});

test("the smallest limit still searches", async () => {
  const loop = createLoop((stretch) => stretch.start);
  loop.handle(start(1, { hashRateLimit: 0.5 }));
  await loop.posted;
  expect(loop.stretches).toEqual([{ jobId: 1, start: 0, count: 1 }]);
});
