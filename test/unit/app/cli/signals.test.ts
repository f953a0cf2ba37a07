// Signals arrive one a call, whether they are waited for or not.

import { expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import { createSignalWaiter } from "../../../../src/app/cli/signals.ts";

test("handlers are installed once, at the first call", () => {
  const emitter = new EventEmitter();
  const waitForSignal = createSignalWaiter(emitter);
  expect(emitter.eventNames()).toEqual([]);
  void waitForSignal();
  void waitForSignal();
  expect(emitter.listenerCount("SIGINT")).toBe(1);
  expect(emitter.listenerCount("SIGTERM")).toBe(1);
});

test("each call has a signal of its own, in order", async () => {
  const emitter = new EventEmitter();
  const waitForSignal = createSignalWaiter(emitter);
  const first = waitForSignal();
  emitter.emit("SIGINT");
  emitter.emit("SIGTERM");
  emitter.emit("SIGINT");
  expect([await first, await waitForSignal(), await waitForSignal()]).toEqual(["SIGINT", "SIGTERM", "SIGINT"]);
});
