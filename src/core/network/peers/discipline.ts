// What becomes of points and bans: scores that outlast a connection, bans that outlast the process, and the list of
// addresses that the transport refuses.

import type { Clock, Logger, Transport } from "../../ports/index.ts";
import type { NoteStore } from "../chainAccess.ts";
import type { Message } from "../wire/message.ts";
import { type Ban, Bans } from "./bans.ts";
import { Score } from "./scoring.ts";

/** The record of bans in the note store. */
export const BANS_NOTE = "network.bans";
/** Addresses whose points are remembered after their connections have ended. */
export const REMEMBERED_SCORES_MAX = 1_024;
/** A write is durable and so takes milliseconds; bans that come in a burst are written together. */
const BANS_SAVE_INTERVAL_MS = 1_000;

export class Discipline {
  private readonly bans = new Bans();
  private readonly scores = new Map<string, Score>();
  private readonly clock: Clock;
  private readonly transport: Transport<Message>;
  private readonly notes: NoteStore;
  private readonly logger: Logger;
  private refused = "";
  private isUnsaved = false;
  private savedAtMs: number | undefined;

  constructor(options: { clock: Clock; transport: Transport<Message>; notes: NoteStore; logger: Logger }) {
    this.clock = options.clock;
    this.transport = options.transport;
    this.notes = options.notes;
    this.logger = options.logger;
    const record = this.notes.note(BANS_NOTE);
    const damage = record === undefined ? undefined : this.bans.load(record);
    if (damage !== undefined) this.logger.log("warn", "list of bans is damaged and starts empty", { reason: damage });
    this.bans.expire(this.clock.nowMs());
    this.tellTransport();
  }

  /** The score that a new connection from `address` starts with. */
  startScore(address: string, nowMs: number): Score {
    return new Score({ points: this.scores.get(address)?.at(nowMs) ?? 0, nowMs });
  }

  /**
   * Remembers the points of a connection that has ended, so that coming back does not wash them off.
   * @param options.extra points on top, which add up over connections
   */
  remember(address: string, options: { score: Score; extra: number; nowMs: number }): number {
    const { score, extra, nowMs } = options;
    const before = this.scores.get(address)?.at(nowMs) ?? 0;
    const kept = new Score({ points: Math.max(before, score.at(nowMs)), nowMs });
    const points = kept.add(extra, nowMs);
    this.scores.delete(address);
    if (points === 0) return 0;
    if (this.scores.size >= REMEMBERED_SCORES_MAX) this.dropOldestScore();
    this.scores.set(address, kept);
    return points;
  }

  private dropOldestScore(): void {
    for (const address of this.scores.keys()) {
      this.scores.delete(address);
      return;
    }
  }

  ban(address: string, reason: string): Ban {
    const untilMs = this.bans.ban(address, { reason, nowMs: this.clock.nowMs() });
    // The ban stands for the points.
    this.scores.delete(address);
    this.isUnsaved = true;
    this.tellTransport();
    this.logger.log("warn", "address banned", { address, untilMs, reason });
    return { address, untilMs, reason };
  }

  find(address: string): Ban | undefined {
    return this.bans.find(address, this.clock.nowMs());
  }

  list(): readonly Ban[] {
    return this.bans.list(this.clock.nowMs());
  }

  tick(nowMs: number): void {
    this.bans.expire(this.clock.nowMs());
    this.tellTransport();
    for (const [address, score] of this.scores) if (score.at(nowMs) === 0) this.scores.delete(address);
    const isDue = this.savedAtMs === undefined || nowMs - this.savedAtMs >= BANS_SAVE_INTERVAL_MS;
    if (!this.isUnsaved || !isDue) return;
    this.savedAtMs = nowMs;
    this.save();
  }

  save(): void {
    if (!this.isUnsaved) return;
    this.isUnsaved = false;
    this.notes.saveNote(BANS_NOTE, this.bans.encode());
  }

  private tellTransport(): void {
    const addresses = this.list().map((ban) => ban.address);
    const joined = addresses.join(" ");
    if (joined === this.refused) return;
    this.refused = joined;
    this.transport.refuse(addresses);
  }
}
