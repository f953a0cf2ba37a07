// Whether a node may make blocks: not before it is level with the bootstrap peers it can reach, so that a node with an
// empty or old folder follows the others instead of beginning a branch of its own.

import type { TimestampMs } from "../primitives/index.ts";

export interface GateView {
  /** Bootstrap peers that are neither connected nor have failed since the start. */
  readonly untriedCount: number;
  /** False while a node that is believed has a better head. */
  readonly isLevel: boolean;
  readonly height: number;
  /** The height that is being synced to. */
  readonly targetHeight: number;
}

/** A bootstrap peer whose attempt has not ended by then is out of reach. */
const BOOTSTRAP_WAIT_MS_MAX = 15_000;
/** A node that was level once goes on while it is behind by no more than this: it is about to hear of those blocks. */
const BEHIND_BLOCKS_MAX = 6;

export class MiningGate {
  private readonly startedMs: TimestampMs;
  private wasLevel = false;

  constructor(startedMs: TimestampMs) {
    this.startedMs = startedMs;
  }

  /** Whether the node has been level since it started, so that being level is all that matters from now on. */
  get isOpen(): boolean {
    return this.wasLevel;
  }

  /** One sentence: why no block may be made now; undefined when one may. */
  obstacle(view: GateView, nowMs: TimestampMs): string | undefined {
    const { untriedCount, isLevel, height, targetHeight } = view;
    if (!this.wasLevel) {
      const isWaiting = untriedCount > 0 && Math.abs(nowMs - this.startedMs) < BOOTSTRAP_WAIT_MS_MAX;
      if (isWaiting) return `the node has yet to hear from ${untriedCount} of its bootstrap peers`;
      if (isLevel) this.wasLevel = true;
    }
    const isBehind = this.wasLevel ? !isLevel && targetHeight - height > BEHIND_BLOCKS_MAX : !isLevel;
    if (!isBehind) return undefined;
    return `the node is syncing: it has height ${height}, its peers are at ${targetHeight}`;
  }
}
