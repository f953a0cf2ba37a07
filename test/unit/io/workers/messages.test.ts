// Calls between threads: each answer finds its call, and their number is bounded.

import { expect, test } from "bun:test";
import { BusyError, Caller, type Request } from "../../../../src/io/workers/messages.ts";

type Kinds = {
  double: { payload: number; answer: number };
  shout: { payload: string; answer: string };
};

function createCaller(pendingMax: number, indispensable: readonly (keyof Kinds)[] = []) {
  const sent: Request<string, unknown>[] = [];
  const port = {
    postMessage: (message: unknown) => {
      sent.push(message as Request<string, unknown>);
    },
  };
  return { caller: new Caller<Kinds>({ port, pendingMax, indispensable }), sent };
}

test("answers reach their calls in whatever order they come", async () => {
  const { caller, sent } = createCaller(10);
  const calls = [caller.call("double", 1), caller.call("shout", "a"), caller.call("double", 3)];
  expect(sent.map(({ kind, payload }) => [kind, payload])).toEqual([
    ["double", 1],
    ["shout", "a"],
    ["double", 3],
  ]);
  const [first, second, third] = sent.map(({ id }) => id) as [number, number, number];
  expect(new Set([first, second, third]).size).toBe(3);
  caller.settle({ id: third, value: 6 });
  caller.settle({ id: first, value: 2 });
  caller.settle({ id: second, value: "A" });
  expect(await Promise.all(calls)).toEqual([2, "A", 6]);
});

test("as many calls as may be are under way; another is refused and not sent, until one is answered", async () => {
  const { caller, sent } = createCaller(2);
  const first = caller.call("double", 1);
  const second = caller.call("double", 2);
  const refused = await caller.call("double", 3).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BusyError);
  expect(sent).toHaveLength(2);
  caller.settle({ id: sent[0]?.id as number, value: 2 });
  expect(await first).toBe(2);
  const fourth = caller.call("double", 4);
  expect(sent).toHaveLength(3);
  caller.settle({ id: sent[1]?.id as number, value: 4 });
  caller.settle({ id: sent[2]?.id as number, value: 8 });
  expect(await Promise.all([second, fourth])).toEqual([4, 8]);
});

test("what is indispensable is sent however many other calls are under way", async () => {
  const { caller, sent } = createCaller(1, ["shout"]);
  const first = caller.call("double", 1);
  expect(await caller.call("double", 2).catch((error: unknown) => error)).toBeInstanceOf(BusyError);
  const shouted = [caller.call("shout", "a"), caller.call("shout", "b")];
  expect(sent.map(({ kind }) => kind)).toEqual(["double", "shout", "shout"]);
  sent.forEach(({ id }, index) => {
    caller.settle({ id, value: index });
  });
  expect(await Promise.all([first, ...shouted])).toEqual([0, 1, 2] as never);
});

test("an answer to no call, or a second one, is of no account", async () => {
  const { caller, sent } = createCaller(1);
  caller.settle({ id: 99, value: 0 });
  const call = caller.call("double", 5);
  const id = sent[0]?.id as number;
  caller.settle({ id, value: 10 });
  caller.settle({ id, value: 11 });
  expect(await call).toBe(10);
  const next = caller.call("double", 6);
  caller.settle({ id: sent[1]?.id as number, value: 12 });
  expect(await next).toBe(12);
});

test("when the other thread has ended, calls under way fail, and so does every later one", async () => {
  const { caller, sent } = createCaller(5);
  const underWay = [caller.call("double", 1), caller.call("double", 2)];
  caller.close(new RangeError("the thread has ended"));
  for (const call of underWay) await expect(call).rejects.toThrow("the thread has ended");
  await expect(caller.call("double", 3)).rejects.toThrow("the thread has ended");
  expect(sent).toHaveLength(2);
  caller.settle({ id: sent[0]?.id as number, value: 2 });
});
