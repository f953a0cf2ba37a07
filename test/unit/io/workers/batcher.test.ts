// Batches: a lone item hardly waits, several batches are under way, and answers keep the order of the items.

import { expect, test } from "bun:test";
import { Batcher } from "../../../../src/io/workers/batcher.ts";

/** A run whose batches stay under way until they are let go one by one. */
function heldRun() {
  const batches: (readonly number[])[] = [];
  const letGo: ((fails?: boolean) => void)[] = [];
  const run = (items: readonly number[]) => {
    batches.push(items);
    return new Promise<readonly string[]>((resolve, reject) => {
      letGo.push((fails = false) => {
        if (fails) reject(new RangeError("the thread is gone"));
        else resolve(items.map((item) => `done ${item}`));
      });
    });
  };
  return { run, batches, letGo: (index: number, fails = false) => letGo[index]?.(fails) };
}

/** The end of this turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

test("an item that comes alone is run at the end of the turn", async () => {
  const { run, batches, letGo } = heldRun();
  const batcher = new Batcher({ run, underWayMax: 1, batchMax: 10 });
  const outcome = batcher.add(1);
  expect([batches, batcher.waitingCount]).toEqual([[], 1]);
  await turn();
  expect([batches, batcher.waitingCount]).toEqual([[[1]], 0]);
  letGo(0);
  expect(await outcome).toBe("done 1");
});

test("items that come in one turn, or while all batches are under way, go together, in order", async () => {
  const { run, batches, letGo } = heldRun();
  const batcher = new Batcher({ run, underWayMax: 1, batchMax: 3 });
  const outcomes = [0, 1, 2, 3, 4].map((item) => batcher.add(item));
  await turn();
  expect([batches, batcher.waitingCount]).toEqual([[[0, 1, 2]], 2]);
  const late = batcher.add(5);
  await turn();
  expect(batches).toHaveLength(1);
  letGo(0);
  expect(await Promise.all(outcomes.slice(0, 3))).toEqual(["done 0", "done 1", "done 2"]);
  expect(batches.at(-1)).toEqual([3, 4, 5]);
  letGo(1);
  expect(await Promise.all([...outcomes.slice(3), late])).toEqual(["done 3", "done 4", "done 5"]);
});

test("as many batches as may be are under way, small ones first and of equal size when much waits", async () => {
  const few = heldRun();
  const fewBatcher = new Batcher({ run: few.run, underWayMax: 2, batchMax: 512 });
  for (const item of range(0, 40)) void fewBatcher.add(item);
  await turn();
  expect(few.batches).toEqual([range(0, 20), range(20, 40)]);
  const lone = heldRun();
  const loneBatcher = new Batcher({ run: lone.run, underWayMax: 4, batchMax: 512 });
  for (const item of range(0, 17)) void loneBatcher.add(item);
  await turn();
  expect(lone.batches).toEqual([range(0, 16), [16]]);
});

test("answers come in the order of the items, whichever batch is done first", async () => {
  const { run, batches, letGo } = heldRun();
  const batcher = new Batcher({ run, underWayMax: 2, batchMax: 1 });
  const answered: string[] = [];
  const outcomes = [0, 1, 2].map((item) => batcher.add(item).then((outcome) => answered.push(outcome)));
  await turn();
  expect(batches).toEqual([[0], [1]]);
  letGo(1);
  await turn();
  // The place is free for the next batch, though its predecessor is not answered yet.
  expect([batches, answered]).toEqual([[[0], [1], [2]], []]);
  letGo(2);
  letGo(0);
  await Promise.all(outcomes);
  expect(answered).toEqual(["done 0", "done 1", "done 2"]);
});

test("a batch that fails fails for its items alone, and the batcher goes on", async () => {
  const { run, letGo } = heldRun();
  const batcher = new Batcher({ run, underWayMax: 1, batchMax: 1 });
  const first = batcher.add(1);
  const second = batcher.add(2);
  await turn();
  letGo(0, true);
  await expect(first).rejects.toThrow("the thread is gone");
  letGo(1);
  expect(await second).toBe("done 2");
  const third = batcher.add(3);
  await turn();
  letGo(2);
  expect(await third).toBe("done 3");
});
