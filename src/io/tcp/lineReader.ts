// The receiving side of one connection: bytes to lines to messages, as fast as the rates and the reader of the inbox allow.
// Whatever has to wait waits here only as far as it has been read from the socket; the rest stays with the sender.

import type { LineFault } from "../../core/ports/index.ts";
import type { Bytes, Result } from "../../core/primitives/index.ts";
import type { TcpLimits } from "./limits.ts";
import { TokenBucket } from "./tokenBucket.ts";
import type { Unacknowledged } from "./unacknowledged.ts";

/** Cuts a stream into lines, within a limit of their length. After a fault nothing more is fed to it. */
export interface LineSource {
  /** The lines that `chunk` completes, without their ends, and a fault that comes after them. */
  push(chunk: Uint8Array): { readonly lines: readonly string[]; readonly fault?: LineFault };
  /** Memory that it keeps of a line whose end has not come. */
  heldBytes(): number;
}

export interface Codec<Message> {
  /** One line, without its end. */
  encode(message: Message): string;
  decode(line: string): Result<Message>;
}

export interface LineReaderOptions<Message> {
  readonly connectionId: number;
  readonly limits: TcpLimits;
  readonly lines: LineSource;
  readonly decode: (line: string) => Result<Message>;
  readonly unacknowledged: Unacknowledged;
  readonly now: () => number;
  readonly onMessage: (message: Message, sizeBytes: number) => void;
  readonly onFault: (fault: LineFault, reason: string) => void;
  /** It waits for messages of other connections to be acknowledged, and wants to be resumed then. */
  readonly onStarved: () => void;
  /** What it holds of a line under way, whenever that has changed. */
  readonly onHeld: (line: { sizeBytes: number; sinceMs: number }) => void;
  /** Whether the socket shall be read from. Called only with changes. */
  readonly setReading: (isReading: boolean) => void;
}

/** What is cut into lines at once: it bounds the lines that wait, which may be of one byte each. */
const SLICE_SIZE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

const FAULT_REASONS: Readonly<Record<LineFault, string>> = {
  line_too_long: "a line passes the limit of its length",
  line_too_slow: "a line has been under way for too long",
  malformed_message: "a line is no message",
  flood: "more messages or bytes in a second than a peer may send",
};

export class LineReader<Message> {
  private readonly options: LineReaderOptions<Message>;
  private readonly messages: TokenBucket;
  private readonly bytes: TokenBucket;
  private lines: LineSource | undefined;
  private unread: Bytes[] = [];
  private waiting: readonly string[] = [];
  private waitingIndex = 0;
  private fault: LineFault | undefined;
  private isFlooded = false;
  private isReading = true;
  private isWorking = false;
  /** Called when everything has been handed on, after the last byte has come. */
  private onDone: (() => void) | undefined;
  private partialSinceMs: number | undefined;
  private messageCount = 0;

  constructor(options: LineReaderOptions<Message>) {
    this.options = options;
    this.lines = options.lines;
    const nowMs = options.now();
    this.messages = new TokenBucket(options.limits.messageRate, nowMs);
    this.bytes = new TokenBucket(options.limits.byteRate, nowMs);
  }

  get messagesRead(): number {
    return this.messageCount;
  }

  private get isOver(): boolean {
    return this.lines === undefined;
  }

  private get isAllHandedOn(): boolean {
    return this.unread.length === 0 && this.waitingIndex >= this.waiting.length;
  }

  push(chunk: Bytes): void {
    if (this.isOver) return;
    this.unread.push(chunk);
    this.work();
  }

  /** No more bytes come: calls `onDone` when what waits has been handed on, at once if nothing does. */
  finish(onDone: () => void): void {
    this.onDone = onDone;
    if (this.isOver || this.isAllHandedOn) this.stop();
  }

  /** Goes on with what waits, if it may. */
  resume(): void {
    if (!this.isOver && !this.isReading && !this.isFlooded) this.work();
  }

  /** Once a tick: looks at deadlines. */
  tick(): void {
    if (this.isOver) return;
    const nowMs = this.options.now();
    if (this.isFlooded && this.messages.isFull(nowMs) && this.bytes.isFull(nowMs)) {
      this.isFlooded = false;
      this.resume();
    }
    // While this side does not read, a line does not come because of it.
    if (!this.isReading || this.partialSinceMs === undefined) return;
    if (nowMs - this.partialSinceMs > this.options.limits.lineTimeoutMs) this.fail("line_too_slow");
  }

  /** Ends with a fault that is found elsewhere. */
  giveUp(fault: LineFault, reason: string): void {
    if (!this.isOver) this.fail(fault, reason);
  }

  /** No more messages: frees everything and takes no more. */
  stop(): void {
    this.lines = undefined;
    this.unread = [];
    this.waiting = [];
    this.waitingIndex = 0;
    this.options.onHeld({ sizeBytes: 0, sinceMs: 0 });
    const done = this.onDone;
    this.onDone = undefined;
    done?.();
  }

  /** Hands on what may be handed on. What a handler does in between (acknowledge, stop) must not enter it again. */
  private work(): void {
    if (this.isWorking) return;
    this.isWorking = true;
    while (this.deliver() && this.cut());
    this.isWorking = false;
    if (this.isOver) return;
    if (this.onDone !== undefined && this.isAllHandedOn) {
      this.stop();
      return;
    }
    const blockedBy = this.options.unacknowledged.blocks(this.options.connectionId);
    this.setReading(!this.isFlooded && blockedBy === undefined);
    if (blockedBy === "by_all") this.options.onStarved();
  }

  /** Hands on the lines that wait; false when some have to go on waiting. */
  private deliver(): boolean {
    while (this.waitingIndex < this.waiting.length) {
      if (this.options.unacknowledged.blocks(this.options.connectionId) !== undefined) return false;
      if (!this.messages.take(1, this.options.now())) return this.flood();
      this.take(this.waiting[this.waitingIndex] ?? "");
      this.waitingIndex += 1;
    }
    if (this.fault !== undefined && !this.isOver) this.fail(this.fault);
    return !this.isOver;
  }

  /** Cuts the next bytes into lines; false when there are none, or when they have to wait. */
  private cut(): boolean {
    const chunk = this.unread[0];
    if (chunk === undefined || this.lines === undefined) return false;
    const nowMs = this.options.now();
    const slice = chunk.subarray(0, SLICE_SIZE_BYTES);
    if (!this.bytes.take(slice.length, nowMs)) return this.flood();
    if (slice.length === chunk.length) this.unread.shift();
    else this.unread[0] = chunk.subarray(SLICE_SIZE_BYTES);
    const { lines, fault } = this.lines.push(slice);
    this.waiting = lines;
    this.waitingIndex = 0;
    this.fault = fault;
    if (slice.at(-1) === NEWLINE) this.partialSinceMs = undefined;
    else if (lines.length > 0 || this.partialSinceMs === undefined) this.partialSinceMs = nowMs;
    // The little that is kept after a line is no line under way.
    const sizeBytes = this.partialSinceMs === undefined ? 0 : this.lines.heldBytes();
    this.options.onHeld({ sizeBytes, sinceMs: this.partialSinceMs ?? nowMs });
    return true;
  }

  private take(line: string): void {
    const decoded = this.options.decode(line);
    if (!decoded.ok) {
      this.options.onFault("malformed_message", decoded.refusal.message);
      return;
    }
    const sizeBytes = Buffer.byteLength(line) + 1;
    this.messageCount += 1;
    this.options.unacknowledged.add(this.options.connectionId, sizeBytes);
    this.options.onMessage(decoded.value, sizeBytes);
  }

  private flood(): false {
    this.isFlooded = true;
    this.options.onFault("flood", FAULT_REASONS.flood);
    return false;
  }

  private fail(fault: LineFault, reason = FAULT_REASONS[fault]): void {
    this.stop();
    this.setReading(false);
    this.options.onFault(fault, reason);
  }

  private setReading(isReading: boolean): void {
    if (isReading === this.isReading) return;
    this.isReading = isReading;
    if (isReading && this.partialSinceMs !== undefined) this.partialSinceMs = this.options.now();
    this.options.setReading(isReading);
  }
}
