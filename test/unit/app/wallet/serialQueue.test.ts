// One task of a key at a time, in order, whatever becomes of those before.

import { expect, test } from "bun:test";
import { createSerialQueue } from "../../../../src/app/wallet/serialQueue.ts";

test("runs the tasks of one key in order, and those of another beside them", async () => {
  const queue = createSerialQueue<string>({ taskCountMaxPerKey: 10 });
  const events: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = [
    queue.run("a", async () => {
      events.push("a1 starts");
      await first.promise;
      events.push("a1 ends");
    }),
    queue.run("a", async () => events.push("a2")),
    queue.run("b", async () => events.push("b1")),
  ];
  await running[2];
  expect(events).toEqual(["a1 starts", "b1"]);
  first.resolve();
  await Promise.all(running);
  expect(events).toEqual(["a1 starts", "b1", "a1 ends", "a2"]);
});

test("goes on after a task that fails, and tells only its caller", async () => {
  const queue = createSerialQueue<string>({ taskCountMaxPerKey: 10 });
  const failing = queue.run("a", () => Promise.reject(new RangeError("no")));
  const next = queue.run("a", () => Promise.resolve(2));
  expect(failing).rejects.toThrow("no");
  expect(await next).toBe(2);
});

test("takes no more than its bound, and again when there is room", async () => {
  const queue = createSerialQueue<string>({ taskCountMaxPerKey: 2 });
  const hold = Promise.withResolvers<number>();
  const held = queue.run("a", () => hold.promise);
  const waiting = queue.run("a", () => Promise.resolve(2));
  expect(queue.run("a", () => Promise.resolve(3))).toBeUndefined();
  expect(await queue.run("b", () => Promise.resolve(4))).toBe(4);
  hold.resolve(1);
  expect(await Promise.all([held, waiting])).toEqual([1, 2]);
  expect(await queue.run("a", () => Promise.resolve(5))).toBe(5);
});
