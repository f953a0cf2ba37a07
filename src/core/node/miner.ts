// Decides when a block is built and sealed: all the time under ordinary proof of work, or when there is something to
// include on a development chain.

import type { Chain, Template } from "../chain/index.ts";
import type { ConsensusEngine } from "../consensus/index.ts";
import type { Mempool } from "../mempool/index.ts";
import type { Clock, Logger, Sealer, SealResult } from "../ports/index.ts";
import type { Address, TimestampMs } from "../primitives/index.ts";
import type { Header } from "../protocol/index.ts";

export interface MiningSettings {
  readonly enabled: boolean;
  readonly beneficiary: Address;
  /** True: a block when there is something to include, and at least one every `intervalMsMax`. */
  readonly onDemand: boolean;
  readonly intervalMsMax: number;
  /** On demand: after a block that took in more than a few transactions the next one is begun no sooner than this. */
  readonly intervalMsMin: number;
}

interface Job {
  readonly jobId: number;
  readonly template: Template;
  readonly startedMs: TimestampMs;
  /** How long the template took to build. */
  readonly buildMs: number;
  readonly mempoolVersion: number;
}

/**
 * No block is begun whose timestamp would be this far ahead of this node's clock: others would hold it, and so would this
 * node. Blocks that come within the same millisecond stay well below it.
 */
const TIMESTAMP_AHEAD_MS_MAX = 1000;
/** New transactions wait no longer than this for a new template of a search under way. */
const TEMPLATE_REFRESH_MS = 500;
/** Building templates again may take a twentieth of the time, so that a long one does not hold up submissions. */
const TEMPLATE_REFRESH_BUILD_TIMES = 20;
/**
 * After a block with no more transactions than this the next one is begun at once: who sends one after the other and waits
 * for each is not held up. Beyond that many are sending, and larger blocks spare each a share of a seal and of a sync.
 */
const SMALL_BLOCK_TRANSACTIONS_MAX = 4;
/** A search under way gets a new timestamp this often, since its target may have become easier. */
const TIMESTAMP_REFRESH_MS = 10_000;

export class Miner {
  private readonly chain: Chain;
  private readonly engine: ConsensusEngine;
  private readonly mempool: Mempool;
  private readonly sealer: Sealer;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly settings: MiningSettings;
  private readonly isHeldUp: () => boolean;
  private job: Job | undefined;
  private lastJobId = 0;
  /** Rises when a template built now could differ from one built before. */
  private mempoolVersion = 0;
  /** The version of which a template came out empty, so that it is not tried again and again. */
  private fruitlessVersion = -1;
  /** When the search for this node's last block began, where that block was more than a small one. */
  private largeBlockMs: TimestampMs | undefined;

  constructor(options: {
    chain: Chain;
    engine: ConsensusEngine;
    mempool: Mempool;
    sealer: Sealer;
    clock: Clock;
    logger: Logger;
    settings: MiningSettings;
    /** Whether blocks made now would be thrown away: on the wrong side of a split, or while the node is syncing. */
    isHeldUp: () => boolean;
  }) {
    this.chain = options.chain;
    this.engine = options.engine;
    this.mempool = options.mempool;
    this.sealer = options.sealer;
    this.clock = options.clock;
    this.logger = options.logger.module("miner");
    this.settings = options.settings;
    this.isHeldUp = options.isHeldUp;
  }

  get enabled(): boolean {
    return this.settings.enabled;
  }

  onMempoolChanged(): void {
    this.mempoolVersion++;
    if (this.settings.onDemand) this.consider();
  }

  onHeadChanged(): void {
    this.giveUp();
    this.mempoolVersion++;
    this.consider();
  }

  tick(): void {
    this.consider();
  }

  private giveUp(): void {
    this.sealer.cancel();
    this.job = undefined;
  }

  /** The header that a result seals, with its template; undefined for a result of a job that was given up. */
  takeSealed(result: SealResult): { template: Template; header: Header } | undefined {
    if (this.job === undefined || this.job.jobId !== result.jobId) return undefined;
    const { template, startedMs } = this.job;
    this.job = undefined;
    this.largeBlockMs = template.transactions.length > SMALL_BLOCK_TRANSACTIONS_MAX ? startedMs : undefined;
    return { template, header: this.engine.applySeal(template.header, result.nonce) };
  }

  /** When a block that is put off will be begun, where that is sooner than the host may tick; undefined for none. */
  nextTickMs(): TimestampMs | undefined {
    const nowMs = this.clock.nowMs();
    if (this.job !== undefined || !this.hasDemand() || this.isClockBehind(nowMs)) return undefined;
    return this.putOffUntilMs(nowMs);
  }

  /** Undefined when a block on demand may be begun now. */
  private putOffUntilMs(nowMs: TimestampMs): TimestampMs | undefined {
    const sinceMs = this.largeBlockMs;
    // A clock that was set back puts nothing off.
    if (sinceMs === undefined || nowMs < sinceMs || nowMs >= sinceMs + this.settings.intervalMsMin) return undefined;
    return (sinceMs + this.settings.intervalMsMin) as TimestampMs;
  }

  private hasDemand(): boolean {
    const { enabled, onDemand } = this.settings;
    return enabled && onDemand && this.fruitlessVersion !== this.mempoolVersion && this.mempool.hasReady();
  }

  /** Why no block can be made now; undefined while one can. */
  obstacle(): string | undefined {
    const nowMs = this.clock.nowMs();
    if (!this.settings.enabled || !this.isClockBehind(nowMs)) return undefined;
    const aheadMs = this.chain.head.header.timestampMs - nowMs;
    return `this machine's clock is ${aheadMs} ms behind the head's timestamp; no block can be made before it has caught up`;
  }

  private isClockBehind(nowMs: TimestampMs): boolean {
    return this.engine.timestampMin(this.chain.head.header) > nowMs + TIMESTAMP_AHEAD_MS_MAX;
  }

  private consider(): void {
    if (!this.settings.enabled) return;
    if (this.isHeldUp()) {
      this.giveUp();
      return;
    }
    const nowMs = this.clock.nowMs();
    if (this.isClockBehind(nowMs)) return;
    if (this.job !== undefined) {
      const ageMs = nowMs - this.job.startedMs;
      // A full template is not built again for what it has no room for.
      const hasRoom = !this.job.template.isFull && this.job.mempoolVersion !== this.mempoolVersion;
      const refreshMs = Math.max(TEMPLATE_REFRESH_MS, TEMPLATE_REFRESH_BUILD_TIMES * this.job.buildMs);
      const isOutdated = hasRoom && ageMs >= refreshMs;
      if (isOutdated || ageMs >= TIMESTAMP_REFRESH_MS) this.start(this.buildTemplate(nowMs), nowMs);
      return;
    }
    if (!this.settings.onDemand) {
      this.start(this.buildTemplate(nowMs), nowMs);
      return;
    }
    const isDue = nowMs - this.chain.head.header.timestampMs >= this.settings.intervalMsMax;
    if (!isDue && (this.putOffUntilMs(nowMs) !== undefined || !this.hasDemand())) return;
    const template = this.buildTemplate(nowMs);
    if (template.transactions.length === 0 && !isDue) this.fruitlessVersion = this.mempoolVersion;
    else this.start(template, nowMs);
  }

  private buildTemplate(nowMs: TimestampMs): Template {
    const { beneficiary: proposer } = this.settings;
    const template = this.chain.buildTemplate({ source: this.mempool.order(), proposer, nowMs });
    for (const { transaction, fault } of template.quarantined) {
      this.mempool.quarantine(transaction.hash);
      this.logger.log("error", "transaction quarantined", { hash: transaction.hash, reason: fault.message });
    }
    return template;
  }

  private start(template: Template, nowMs: TimestampMs): void {
    this.lastJobId++;
    this.job = {
      jobId: this.lastJobId,
      template,
      startedMs: nowMs,
      buildMs: this.clock.nowMs() - nowMs,
      mempoolVersion: this.mempoolVersion,
    };
    this.sealer.start(this.engine.sealJob({ jobId: this.lastJobId, header: template.header }));
    this.logger.log("debug", "search started", {
      height: template.header.height,
      transactions: template.transactions.length,
      isFull: template.isFull,
    });
  }
}
