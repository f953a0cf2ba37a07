// How fast blocks are caught up with, and what the log says of it.

import type { Logger } from "../../ports/index.ts";
import type { Height } from "../../primitives/index.ts";
import { LOG_INTERVAL_MS, QUIET_BLOCKS_MAX } from "./bounds.ts";

/** The rate is that of the last ten seconds, in samples of one. */
const SAMPLES_MAX = 10;
const SAMPLE_MS = 1000;

export interface Goal {
  readonly fromHeight: Height;
  readonly toHeight: Height;
}

interface Run {
  readonly startedMs: number;
  loggedMs: number;
  /** Set with the first line at info. */
  isTold: boolean;
  blockCount: number;
  toHeight: Height;
  readonly samples: { atMs: number; blockCount: number }[];
}

export class SyncProgress {
  private readonly logger: Logger;
  private run: Run | undefined;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Blocks are being caught up with, up to a goal that may move. */
  update(options: { goal: Goal; height: Height; peerCount: number; nowMs: number }): void {
    const { goal, height, peerCount, nowMs } = options;
    this.run ??= {
      startedMs: nowMs,
      loggedMs: nowMs,
      isTold: false,
      blockCount: 0,
      toHeight: goal.toHeight,
      samples: [{ atMs: nowMs, blockCount: 0 }],
    };
    const { run } = this;
    run.toHeight = goal.toHeight;
    if (!run.isTold && goal.toHeight - goal.fromHeight > QUIET_BLOCKS_MAX) {
      run.isTold = true;
      this.logger.log("info", "sync started", { from: goal.fromHeight, to: goal.toHeight, peers: peerCount });
    }
    if (run.isTold && run.loggedMs + LOG_INTERVAL_MS <= nowMs) {
      run.loggedMs = nowMs;
      this.logger.log("info", "syncing", {
        height,
        target: run.toHeight,
        blocksPerSecond: this.blocksPerSecond(nowMs),
        secondsLeft: this.secondsLeft(height, nowMs),
      });
    }
  }

  imported(count: number, nowMs: number): void {
    const { run } = this;
    if (run === undefined) return;
    run.blockCount += count;
    const last = run.samples[run.samples.length - 1];
    if (last !== undefined && last.atMs + SAMPLE_MS > nowMs) return;
    run.samples.push({ atMs: nowMs, blockCount: run.blockCount });
    if (run.samples.length > SAMPLES_MAX) run.samples.shift();
  }

  /** There is nothing more to catch up with, or nobody to do it with. */
  end(height: Height, nowMs: number): void {
    const { run } = this;
    if (run === undefined) return;
    this.run = undefined;
    const isLevel = height >= run.toHeight;
    this.logger.log(run.isTold ? "info" : "debug", isLevel ? "sync finished" : "sync stopped", {
      height,
      target: run.toHeight,
      blocks: run.blockCount,
      seconds: Math.floor((nowMs - run.startedMs) / 1000),
    });
  }

  get targetHeight(): Height | undefined {
    return this.run?.toHeight;
  }

  /** An integer; undefined before a second has passed. */
  blocksPerSecond(nowMs: number): number | undefined {
    const { run } = this;
    const first = run?.samples[0];
    if (run === undefined || first === undefined || first.atMs + SAMPLE_MS > nowMs) return undefined;
    return Math.floor(((run.blockCount - first.blockCount) * 1000) / (nowMs - first.atMs));
  }

  secondsLeft(height: Height, nowMs: number): number | undefined {
    const { run } = this;
    const rate = this.blocksPerSecond(nowMs);
    if (run === undefined || rate === undefined || rate === 0) return undefined;
    return Math.ceil(Math.max(run.toHeight - height, 0) / rate);
  }
}
