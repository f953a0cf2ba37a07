// One direction of a connection: what was sent and has not arrived. It keeps the order, as TCP does, unless a hostile
// middle is at work on the link.

import type { Link } from "./links.ts";
import type { Random } from "./random.ts";
import type { Scheduler, Timer } from "./scheduler.ts";

interface Item<Payload> {
  readonly payload: Payload;
  readonly sizeBytes: number;
  readonly readyMs: number;
}

/** How long a partition may last before the connections across it break; a kernel's retries last about as long. */
const BREAK_AFTER_MS = { min: 8_000, max: 25_000 };

export interface FlowOptions<Payload> {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly link: () => Readonly<Link>;
  readonly deliver: (payload: Payload) => void;
  /** Bytes that wait have changed. */
  readonly onBacklog: (sizeBytes: number) => void;
  /** It has waited at a partition for too long. */
  readonly onBroken: () => void;
}

export class Flow<Payload> {
  private readonly options: FlowOptions<Payload>;
  private readonly items: Item<Payload>[] = [];
  private sizeBytes = 0;
  private sentMs = 0;
  private lastReadyMs = 0;
  private pumpTimer: Timer | undefined;
  private breakTimer: Timer | undefined;
  private isStopped = false;

  constructor(options: FlowOptions<Payload>) {
    this.options = options;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  send(payload: Payload, sizeBytes: number): void {
    const { random, scheduler } = this.options;
    const link = this.options.link();
    if (link.dropRate > 0 && random.chance(link.dropRate)) return;
    const copies = link.duplicateRate > 0 && random.chance(link.duplicateRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.sentMs = Math.max(this.sentMs, scheduler.nowMs) + sizeBytes / link.bytesPerMs;
      const arrivesMs = this.sentMs + random.int(link.latencyMsMin, link.latencyMsMax);
      this.lastReadyMs = Math.max(this.lastReadyMs, arrivesMs);
      this.items.push({ payload, sizeBytes, readyMs: this.lastReadyMs });
      this.sizeBytes += sizeBytes;
      if (link.reorderRate > 0 && random.chance(link.reorderRate)) this.overtake();
    }
    this.options.onBacklog(this.sizeBytes);
    this.pump();
  }

  /** The last two change places, each keeping the time of the place. */
  private overtake(): void {
    const [before, last] = [this.items.at(-2), this.items.at(-1)];
    if (before === undefined || last === undefined) return;
    this.items[this.items.length - 2] = { ...last, readyMs: before.readyMs };
    this.items[this.items.length - 1] = { ...before, readyMs: last.readyMs };
  }

  /** The link has changed. */
  pump(): void {
    const { scheduler, random } = this.options;
    for (let next = this.items[0]; next !== undefined && !this.isStopped; next = this.items[0]) {
      const { isBlocked, isClogged } = this.options.link();
      if (isBlocked) {
        const { min, max } = BREAK_AFTER_MS;
        this.breakTimer ??= scheduler.after(random.int(min, max), () => this.breakOff());
        return;
      }
      this.breakTimer?.cancel();
      this.breakTimer = undefined;
      if (isClogged) return;
      if (next.readyMs > scheduler.nowMs) {
        this.pumpTimer?.cancel();
        this.pumpTimer = scheduler.at(next.readyMs, () => this.pump());
        return;
      }
      this.items.shift();
      this.sizeBytes -= next.sizeBytes;
      this.options.onBacklog(this.sizeBytes);
      this.options.deliver(next.payload);
    }
  }

  private breakOff(): void {
    if (!this.isStopped) this.options.onBroken();
  }

  /** Nothing of it arrives any more. */
  stop(): void {
    this.isStopped = true;
    this.pumpTimer?.cancel();
    this.breakTimer?.cancel();
    this.items.length = 0;
  }
}
