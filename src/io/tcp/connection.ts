// One connection from the moment it stands: joins the socket, the reader and the send queue, and sees to it that it ends
// once, with one reason.

import type { Socket } from "node:net";
import type { ConnectionDirection, TransportEvent } from "../../core/ports/index.ts";
import type { Bytes } from "../../core/primitives/index.ts";
import type { Holdings } from "./holdings.ts";
import { CLOSE_GRACE_MS, KEEP_ALIVE_DELAY_MS, type TcpLimits } from "./limits.ts";
import { type Codec, LineReader, type LineSource } from "./lineReader.ts";
import { reasonOf, silenceReasonOf } from "./reasons.ts";
import { SendQueue } from "./sendQueue.ts";
import type { Unacknowledged } from "./unacknowledged.ts";

export interface ConnectionStats {
  readonly direction: ConnectionDirection;
  readonly address: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** What waits to be sent, in bytes. */
  readonly queuedBytes: number;
}

/** What all connections of a transport share. */
export interface ConnectionShared<Message> {
  readonly limits: TcpLimits;
  readonly codec: Codec<Message>;
  readonly createLineSource: () => LineSource;
  /** By TLS. */
  readonly isEncrypted: boolean;
  readonly unacknowledged: Unacknowledged;
  /** Lines whose ends have not come. */
  readonly partialLines: Holdings;
  /** What waits to be sent. */
  readonly sending: Holdings;
  readonly now: () => number;
  readonly emit: (event: TransportEvent<Message>) => void;
  /** It waits for other connections' messages to be acknowledged. */
  readonly onStarved: (connectionId: number) => void;
  /** More may be held of lines without an end than the bound. */
  readonly onMoreLines: () => void;
  /** More may wait to be sent than the bound. */
  readonly onMoreToSend: () => void;
  /** So many bytes have come in or gone out. */
  readonly onBytes: (count: number) => void;
  /** The last that is heard of a connection. */
  readonly onEnded: (connectionId: number) => void;
}

export interface ConnectionIdentity {
  readonly connectionId: number;
  readonly direction: ConnectionDirection;
  readonly address: string;
  readonly port: number;
  readonly channelBinding: Bytes;
}

const TLS_ALERT = 0x15;
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR_VERSION = 0x03;

/** Whether the first bytes are those of a TLS record: the other end begins a handshake, or complains of its absence. */
function isTlsRecord(chunk: Bytes): boolean {
  return (
    (chunk[0] === TLS_HANDSHAKE || chunk[0] === TLS_ALERT) && (chunk[1] ?? TLS_MAJOR_VERSION) === TLS_MAJOR_VERSION
  );
}

export class Connection<Message> {
  private readonly identity: ConnectionIdentity;
  private readonly socket: Socket;
  private readonly shared: ConnectionShared<Message>;
  private readonly reader: LineReader<Message>;
  private readonly queue: SendQueue;
  private bytesIn = 0;
  private messagesOut = 0;
  /** Set when the end has begun; the first one given is told. */
  private reason: string | undefined;
  private deadlineMs = Number.POSITIVE_INFINITY;
  private hasEnded = false;

  constructor(identity: ConnectionIdentity, socket: Socket, shared: ConnectionShared<Message>) {
    this.identity = identity;
    this.socket = socket;
    this.shared = shared;
    const { connectionId } = identity;
    const { limits, emit } = shared;
    this.queue = new SendQueue({
      socket,
      congestionBytes: limits.congestionBytes,
      sizeBytesMax: limits.sendBufferBytesMax,
      onProgress: (sizeBytes) => shared.sending.set(connectionId, { sizeBytes, sinceMs: shared.now() }),
      onCongestion: (isCongested) => {
        if (this.reason === undefined) emit({ kind: "congestion", connectionId, isCongested });
      },
    });
    this.reader = new LineReader({
      connectionId,
      limits,
      lines: shared.createLineSource(),
      decode: shared.codec.decode,
      unacknowledged: shared.unacknowledged,
      now: shared.now,
      onMessage: (message, sizeBytes) => emit({ kind: "message", connectionId, message, sizeBytes }),
      onFault: (fault, reason) => emit({ kind: "fault", connectionId, fault, reason }),
      onStarved: () => shared.onStarved(connectionId),
      onHeld: (line) => {
        shared.partialLines.set(connectionId, line);
        if (line.sizeBytes > 0) shared.onMoreLines();
      },
      setReading: (isReading) => (isReading ? socket.resume() : socket.pause()),
    });
  }

  get isOpen(): boolean {
    return this.reason === undefined;
  }

  get stats(): ConnectionStats {
    return {
      direction: this.identity.direction,
      address: this.identity.address,
      bytesIn: this.bytesIn,
      bytesOut: this.queue.sentBytes,
      messagesIn: this.reader.messagesRead,
      messagesOut: this.messagesOut,
      queuedBytes: this.queue.queuedBytes,
    };
  }

  /** Tells of the connection and begins to read. */
  start(): void {
    const { socket, shared } = this;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    shared.emit({ kind: "connected", ...this.identity });
    socket.on("error", (error) => this.destroy(this.explain(reasonOf(error))));
    socket.on("close", () => this.onClosed());
    socket.on("end", () => this.onOtherEnded());
    socket.on("data", (chunk: Buffer) => {
      if (this.bytesIn === 0 && isTlsRecord(chunk)) {
        this.reader.giveUp("malformed_message", "it speaks TLS, and [network] tls_cert_file is not set here");
      }
      this.bytesIn += chunk.length;
      shared.onBytes(chunk.length);
      this.reader.push(chunk);
    });
  }

  send(line: Bytes): void {
    if (this.reason !== undefined) return;
    this.shared.onBytes(line.length);
    const { sending } = this.shared;
    const { connectionId } = this.identity;
    if (!this.queue.push(line)) {
      this.giveUpSending();
      return;
    }
    this.messagesOut += 1;
    sending.grow(connectionId, { sizeBytes: this.queue.queuedBytes, nowMs: this.shared.now() });
    this.shared.onMoreToSend();
  }

  /** The other end does not read: what waits for it takes too much memory. */
  giveUpSending(): void {
    const waiting = this.queue.queuedBytes;
    this.destroy(`the other end does not read: ${waiting} bytes wait to be sent to it, and no more may wait`);
  }

  /** Ends it after what was sent. What the other end still sends is read and dropped, or the kernel would cut it off. */
  close(reason: string): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.deadlineMs = this.shared.now() + CLOSE_GRACE_MS;
    this.reader.stop();
    this.socket.resume();
    this.queue.end();
  }

  resumeReading(): void {
    this.reader.resume();
  }

  /** All connections together hold too much of lines without an end. */
  giveUpLine(): void {
    this.reader.giveUp("line_too_slow", "too much waits for the ends of lines, and this one has waited most");
  }

  tick(nowMs: number): void {
    if (nowMs >= this.deadlineMs) this.destroy("");
    else this.reader.tick();
  }

  private destroy(reason: string): void {
    this.reason ??= reason;
    this.reader.stop();
    this.queue.clear();
    this.socket.destroy();
  }

  private onOtherEnded(): void {
    // The end comes also to a socket that is paused, when its buffer is empty: what it sent before may still wait here.
    this.reader.finish(() => this.close(this.explain("the other end closed the connection")));
  }

  private explain(reason: string): string {
    const { isEncrypted } = this.shared;
    const isSilent = this.bytesIn === 0 && this.identity.direction === "outbound";
    return isSilent ? silenceReasonOf(reason, { isEncrypted }) : reason;
  }

  private onClosed(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.destroy("the connection was lost");
    const { connectionId } = this.identity;
    this.shared.onEnded(connectionId);
    this.shared.emit({ kind: "disconnected", connectionId, reason: this.reason ?? "" });
  }
}
