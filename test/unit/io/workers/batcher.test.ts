// Batches: a lone item does not wait, and while one batch is under way the next gathers.

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

test("an item that comes alone is run at once", async () => {
  const { run, batches, letGo } = heldRun();
  const batcher = new Batcher({ run, batchMax: 10 });
  const outcome = batcher.add(1);
  expect(batches).toEqual([[1]]);
  expect(batcher.waitingCount).toBe(0);
  letGo(0);
  expect(await outcome).toBe("done 1");
});

test("items that come meanwhile make the next batches, in order and no larger than they may be", async () => {
  const { run, batches, letGo } = heldRun();
  const batcher = new Batcher({ run, batchMax: 3 });
  const outcomes = [0, 1, 2, 3, 4].map((item) => batcher.add(item));
  expect([batches, batcher.waitingCount]).toEqual([[[0]], 4]);
  letGo(0);
  expect(await outcomes[0]).toBe("done 0");
  expect([batches, batcher.waitingCount]).toEqual([[[0], [1, 2, 3]], 1]);
  const late = batcher.add(5);
  letGo(1);
  expect(await Promise.all(outcomes.slice(1, 4))).toEqual(["done 1", "done 2", "done 3"]);
  letGo(2);
  expect(await Promise.all([outcomes[4], late])).toEqual(["done 4", "done 5"]);
  expect(batches.at(-1)).toEqual([4, 5]);
});

test("a batch that fails fails for its items alone, and the batcher goes on", async () => {
  const { run, letGo } = heldRun();
  const batcher = new Batcher({ run, batchMax: 1 });
  const first = batcher.add(1);
  const second = batcher.add(2);
  letGo(0, true);
  await expect(first).rejects.toThrow("the thread is gone");
  letGo(1);
  expect(await second).toBe("done 2");
  const third = batcher.add(3);
  letGo(2);
  expect(await third).toBe("done 3");
});
