// What waits to be sent on one connection. The queue is here and not in the socket, so that its bytes can be counted piece
// by piece, and small lines leave together in one write.

import type { Bytes } from "../../core/primitives/index.ts";

/** Small lines are gathered up to this; a larger line leaves in pieces of this size, so that progress shows. */
const WRITE_SIZE_BYTES_MAX = 256 * 1024;

/** The part of a socket that the queue needs. */
export interface WritableSocket {
  readonly destroyed: boolean;
  write(bytes: Bytes, written: (error?: Error | null) => void): boolean;
  end(): void;
}

export interface SendQueueOptions {
  readonly socket: WritableSocket;
  readonly congestionBytes: number;
  readonly sizeBytesMax: number;
  readonly onCongestion: (isCongested: boolean) => void;
  /** Something has left, or what waits was forgotten; so much waits now. */
  readonly onProgress: (queuedBytes: number) => void;
}

export class SendQueue {
  private readonly options: SendQueueOptions;
  private waiting: Bytes[] = [];
  private bytes = 0;
  private sent = 0;
  private isWriting = false;
  private isEnding = false;
  private isCongested = false;

  constructor(options: SendQueueOptions) {
    this.options = options;
  }

  get queuedBytes(): number {
    return this.bytes;
  }

  get sentBytes(): number {
    return this.sent;
  }

  /** False when the line would pass the bound of the queue: it is not sent, and the connection has to end. */
  push(line: Bytes): boolean {
    if (this.bytes + line.length > this.options.sizeBytesMax) return false;
    this.waiting.push(line);
    this.bytes += line.length;
    this.write();
    if (!this.isCongested && this.bytes > this.options.congestionBytes) {
      this.isCongested = true;
      this.options.onCongestion(true);
    }
    return true;
  }

  /** Ends the sending side once everything has left. */
  end(): void {
    this.isEnding = true;
    this.write();
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting = [];
    this.bytes = 0;
    this.options.onProgress(0);
  }

  private write(): void {
    const { socket } = this.options;
    if (this.isWriting || socket.destroyed) return;
    const piece = this.takePiece();
    if (piece === undefined) {
      if (this.isEnding) socket.end();
      return;
    }
    this.isWriting = true;
    socket.write(piece, (error) => {
      this.isWriting = false;
      if (error === undefined || error === null) this.onWritten(piece.length);
    });
  }

  private onWritten(count: number): void {
    this.sent += count;
    // The queue may have been cleared while the piece was on its way.
    this.bytes = Math.max(0, this.bytes - count);
    this.options.onProgress(this.bytes);
    if (this.isCongested && this.bytes <= this.options.congestionBytes / 2) {
      this.isCongested = false;
      this.options.onCongestion(false);
    }
    this.write();
  }

  private takePiece(): Bytes | undefined {
    const first = this.waiting[0];
    if (first === undefined) return undefined;
    if (first.length > WRITE_SIZE_BYTES_MAX) {
      this.waiting[0] = first.subarray(WRITE_SIZE_BYTES_MAX);
      return first.subarray(0, WRITE_SIZE_BYTES_MAX);
    }
    let size = 0;
    let count = 0;
    for (const line of this.waiting) {
      if (size + line.length > WRITE_SIZE_BYTES_MAX) break;
      size += line.length;
      count += 1;
    }
    const lines = this.waiting.splice(0, count);
    return count === 1 ? first : Buffer.concat(lines, size);
  }
}
