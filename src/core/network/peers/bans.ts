// IP addresses that are kept out for a time, longer each time. The list outlives the process: expiry is by the time of
// day (docs/spec/handshake-and-peers.md, "Bans").

import { type Bytes, decodeWith, Writer } from "../../primitives/index.ts";
import { plainText } from "./plainText.ts";

export const BAN_DURATION_MS = 3_600_000;
export const BAN_DURATION_MAX_MS = 24 * 3_600_000;
/** For so long after a ban has ended, the next one lasts twice as long. */
export const BAN_MEMORY_MS = 24 * 3_600_000;
/** Addresses that are banned or remembered: enough for any private chain, and at most some 400 KiB of a record. */
export const BANS_MAX = 1_024;

const FORMAT_VERSION = 1;
const ADDRESS_SIZE_BYTES_MAX = 64;
const REASON_LENGTH_MAX = 200;
/** Past the fifth ban in a row the duration has reached its bound. */
const REPETITIONS_MAX = 32;

export interface Ban {
  readonly address: string;
  /** Milliseconds since the Unix epoch. */
  readonly untilMs: number;
  readonly reason: string;
}

interface Entry extends Ban {
  /** Bans in a row, this one included. */
  readonly repetitions: number;
}

export class Bans {
  private readonly entries = new Map<string, Entry>();

  /** @returns until when, in milliseconds since the Unix epoch */
  ban(address: string, options: { reason: string; nowMs: number }): number {
    const { reason, nowMs } = options;
    const before = this.entries.get(address);
    const repetitions = Math.min(REPETITIONS_MAX, (before?.repetitions ?? 0) + 1);
    const durationMs = Math.min(BAN_DURATION_MAX_MS, BAN_DURATION_MS * 2 ** (repetitions - 1));
    const untilMs = Math.max(nowMs + durationMs, before?.untilMs ?? 0);
    this.entries.delete(address);
    if (this.entries.size >= BANS_MAX) this.dropFirstToEnd();
    this.entries.set(address, { address, untilMs, reason: plainText(reason, REASON_LENGTH_MAX), repetitions });
    return untilMs;
  }

  /** The ban in force. */
  find(address: string, nowMs: number): Ban | undefined {
    const entry = this.entries.get(address);
    return entry !== undefined && entry.untilMs > nowMs ? entry : undefined;
  }

  /** The bans in force, in the order in which they were made. */
  list(nowMs: number): readonly Ban[] {
    return [...this.entries.values()]
      .filter((entry) => entry.untilMs > nowMs)
      .map(({ address, untilMs, reason }) => ({ address, untilMs, reason }));
  }

  /** Forgets what ended long ago, and shortens what would last longer than any ban, as after a jump of the clock. */
  expire(nowMs: number): void {
    for (const entry of this.entries.values()) {
      if (entry.untilMs + BAN_MEMORY_MS <= nowMs) this.entries.delete(entry.address);
      else if (entry.untilMs > nowMs + BAN_DURATION_MAX_MS) {
        this.entries.set(entry.address, { ...entry, untilMs: nowMs + BAN_DURATION_MAX_MS });
      }
    }
  }

  private dropFirstToEnd(): void {
    let first: Entry | undefined;
    for (const entry of this.entries.values()) if (first === undefined || entry.untilMs < first.untilMs) first = entry;
    if (first !== undefined) this.entries.delete(first.address);
  }

  encode(): Bytes {
    const writer = new Writer().u8(FORMAT_VERSION).u32(this.entries.size);
    for (const { address, untilMs, reason, repetitions } of this.entries.values()) {
      writer.text(address).u64(untilMs).text(reason).u8(repetitions);
    }
    return writer.finish();
  }

  /** Takes the list that `encode` gave; a damaged one leaves this as it is and gives the reason. */
  load(record: Bytes): string | undefined {
    const decoded = decodeWith(record, (reader) => {
      reader.expect(reader.u8() === FORMAT_VERSION, "the format's version is unknown");
      return Array.from({ length: reader.count(BANS_MAX) }, (): Entry => {
        const address = reader.text({ countMax: ADDRESS_SIZE_BYTES_MAX });
        const untilMs = reader.u64();
        const reason = reader.text({ countMax: REASON_LENGTH_MAX });
        return { address, untilMs, reason, repetitions: Math.max(1, Math.min(REPETITIONS_MAX, reader.u8())) };
      });
    });
    if (!decoded.ok) return decoded.reason;
    for (const entry of decoded.value) this.entries.set(entry.address, entry);
    return undefined;
  }
}
