// Figures and log lines of catching up.

import { describe, expect, test } from "bun:test";
import { SyncProgress } from "../../../../../src/core/network/sync/syncProgress.ts";
import type { LogFields, Logger } from "../../../../../src/core/ports/index.ts";
import type { Height } from "../../../../../src/core/primitives/index.ts";

function start() {
  const lines: [string, string, LogFields][] = [];
  const logger: Logger = {
    log: (level, event, fields = {}) => lines.push([level, event, fields]),
    module: () => logger,
  };
  const progress = new SyncProgress(logger);
  const update = (from: number, to: number, height: number, nowMs: number) =>
    progress.update({
      goal: { fromHeight: from as Height, toHeight: to as Height },
      height: height as Height,
      peerCount: 3,
      nowMs,
    });
  return { lines, progress, update };
}

describe("figures", () => {
  test("are those of the last ten seconds", () => {
    const { progress, update } = start();
    update(0, 1000, 0, 0);
    expect(progress.blocksPerSecond(500)).toBeUndefined();
    for (let second = 1; second <= 5; second++) progress.imported(50, second * 1000);
    expect([progress.blocksPerSecond(5000), progress.secondsLeft(250 as Height, 5000)]).toEqual([50, 15]);
    for (let second = 6; second <= 20; second++) progress.imported(10, second * 1000);
    expect(progress.blocksPerSecond(20_000)).toBe(10);
    expect(progress.secondsLeft(395 as Height, 20_000)).toBe(61);
  });

  test("are unknown while nothing comes", () => {
    const { progress, update } = start();
    update(0, 1000, 0, 0);
    expect([progress.blocksPerSecond(2000), progress.secondsLeft(0 as Height, 2000)]).toEqual([0, undefined]);
  });
});

describe("the log", () => {
  test("tells of the start, every five seconds, and the end", () => {
    const { lines, progress, update } = start();
    update(10, 1010, 10, 0);
    progress.imported(500, 2000);
    for (let atMs = 0; atMs <= 9000; atMs += 100) update(10, 1010, 510, atMs);
    progress.imported(500, 9000);
    progress.end(1010 as Height, 9500);
    expect(lines).toEqual([
      ["info", "sync started", { from: 10, to: 1010, peers: 3 }],
      ["info", "syncing", { height: 510, target: 1010, blocksPerSecond: 100, secondsLeft: 5 }],
      ["info", "sync finished", { height: 1010, target: 1010, blocks: 1000, seconds: 9 }],
    ]);
    expect(progress.targetHeight).toBeUndefined();
  });

  test.each([
    [2, "debug"],
    [3, "info"],
  ])("of %p blocks is at %p", (count, level) => {
    const { lines, progress, update } = start();
    update(10, 10 + count, 10, 0);
    progress.end((10 + count) as Height, 100);
    expect(lines.map(([at]) => at)).toEqual(level === "info" ? ["info", "info"] : ["debug"]);
  });

  test("says that it stopped where the goal was not reached", () => {
    const { lines, progress, update } = start();
    update(10, 20, 10, 0);
    progress.end(15 as Height, 100);
    expect(lines.at(-1)?.[1]).toBe("sync stopped");
  });
});
