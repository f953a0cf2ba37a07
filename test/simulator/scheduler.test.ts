// Virtual time runs events in order, chance replays, and a trace tells two runs apart.

import { describe, expect, test } from "bun:test";
import { Random } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { Trace } from "./trace.ts";

describe("the scheduler", () => {
  test("runs events by time, those of one time as they were scheduled", () => {
    const scheduler = new Scheduler();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${scheduler.nowMs}`);
    scheduler.after(20, note("c"));
    scheduler.after(10, note("a"));
    scheduler.after(10, note("b"));
    scheduler.after(30, note("d")).cancel();
    scheduler.at(-5, note("now"));
    scheduler.runUntil(25);
    expect(ran).toEqual(["now at 0", "a at 10", "b at 10", "c at 20"]);
    expect(scheduler.nowMs).toBe(25);
    expect(scheduler.eventCount).toBe(4);
  });

  test("keeps the order of many events", () => {
    const scheduler = new Scheduler();
    const random = new Random("heap");
    const ran: number[] = [];
    const times = Array.from({ length: 2_000 }, () => random.int(0, 300));
    times.forEach((timeMs, index) => {
      scheduler.at(timeMs, () => ran.push(timeMs * 10_000 + index));
    });
    scheduler.runUntil(300);
    expect(ran).toHaveLength(2_000);
    expect(ran).toEqual(ran.toSorted((left, right) => left - right));
  });

  test("repeats until it is cancelled, and stops early when asked", () => {
    const scheduler = new Scheduler();
    let count = 0;
    const timer = scheduler.every(10, () => {
      count++;
      if (count === 3) timer.cancel();
    });
    scheduler.runUntil(100);
    expect(count).toBe(3);
    scheduler.after(5, () => count++);
    scheduler.after(6, () => count++);
    scheduler.runUntil(200, () => count === 4);
    expect(scheduler.nowMs).toBe(105);
  });
});

describe("chance", () => {
  test("replays from a seed, and streams do not disturb each other", () => {
    const draw = (random: Random) => Array.from({ length: 50 }, () => random.int(0, 1_000_000));
    expect(draw(new Random(7))).toEqual(draw(new Random(7)));
    expect(draw(new Random(7))).not.toEqual(draw(new Random(8)));
    const drained = new Random(7);
    draw(drained);
    expect(draw(drained.fork("x"))).toEqual(draw(new Random(7).fork("x")));
    expect(draw(drained.fork("x"))).not.toEqual(draw(drained.fork("y")));
  });

  test("keeps to its bounds and reaches both ends", () => {
    const random = new Random("bounds");
    const seen = new Set(Array.from({ length: 500 }, () => random.int(3, 7)));
    expect([...seen].toSorted()).toEqual([3, 4, 5, 6, 7]);
    const shuffled = random.shuffle([1, 2, 3, 4]);
    expect(shuffled.toSorted()).toEqual([1, 2, 3, 4]);
    expect(random.sample([1, 2, 3], 2)).toHaveLength(2);
    expect(random.bytes(40)).toHaveLength(40);
  });
});

describe("the trace", () => {
  test("has another hash for any other event, order or time", () => {
    const digest = (...events: readonly (readonly [number, string, string])[]) => {
      let nowMs = 0;
      const trace = new Trace(() => nowMs);
      for (const [timeMs, who, what] of events) {
        nowMs = timeMs;
        trace.event(who, what);
      }
      return trace.digest;
    };
    const base = digest([1, "a", "x"], [2, "b", "y"]);
    expect(digest([1, "a", "x"], [2, "b", "y"])).toBe(base);
    expect(digest([2, "b", "y"], [1, "a", "x"])).not.toBe(base);
    expect(digest([1, "a", "x"], [3, "b", "y"])).not.toBe(base);
    expect(digest([1, "a", "x"], [2, "b", "z"])).not.toBe(base);
    expect(digest([1, "a", "x"])).not.toBe(base);
  });

  test("shows the last events and the milestones", () => {
    const trace = new Trace(() => 1_500);
    trace.milestone("node-0", "started");
    for (let index = 0; index < 100; index++) trace.event("node-0", "message", String(index));
    const lines = trace.timeline();
    expect(lines.some((line) => line.includes("1.500 s  node-0     started"))).toBe(true);
    expect(lines.at(-1)).toContain("message 99");
    expect(lines.length).toBeLessThan(100);
  });
});
