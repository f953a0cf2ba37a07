// The main thread's side of the network: the sockets. What happens on them goes to the replica in batches, one batch
// under way at a time, and what the replica wants done comes back as commands.

import type { Message } from "../core/network/index.ts";
import type { TransportEvent } from "../core/ports/index.ts";
import type { TcpTransport } from "../io/tcp/index.ts";
import type { TransportCommand } from "./protocol.ts";

/** Events of one batch; what comes meanwhile makes the next one. */
const BATCH_EVENTS_MAX = 256;
/** Bytes of messages in one batch, so that the replica's thread is not held up by one for long. */
const BATCH_SIZE_BYTES_MAX = 1024 * 1024;

export class NetworkHost {
  private readonly waiting: TransportEvent<Message>[] = [];
  private transport: TcpTransport<Message> | undefined;
  private deliver: ((events: readonly TransportEvent<Message>[]) => Promise<unknown>) | undefined;
  private isDelivering = false;

  /** Takes an event of the transport, which bounds how many may wait here. */
  readonly emit = (event: TransportEvent<Message>): void => {
    this.waiting.push(event);
    if (!this.isDelivering) void this.drain();
  };

  /** The sockets listen. */
  attach(transport: TcpTransport<Message>): void {
    this.transport = transport;
  }

  /** The replica takes events from now on. @param deliver resolves when a batch has been worked off */
  open(deliver: (events: readonly TransportEvent<Message>[]) => Promise<unknown>): void {
    this.deliver = deliver;
    void this.drain();
  }

  private takeBatch(): TransportEvent<Message>[] {
    let sizeBytes = 0;
    let count = 0;
    for (const event of this.waiting) {
      if (count >= BATCH_EVENTS_MAX || sizeBytes >= BATCH_SIZE_BYTES_MAX) break;
      if (event.kind === "message") sizeBytes += event.sizeBytes;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async drain(): Promise<void> {
    if (this.deliver === undefined || this.isDelivering) return;
    this.isDelivering = true;
    try {
      while (this.waiting.length > 0 && this.deliver !== undefined) {
        const batch = this.takeBatch();
        await this.deliver(batch);
        for (const event of batch) {
          if (event.kind === "message") this.transport?.acknowledge(event.connectionId, 1);
        }
      }
    } catch {
      // The replica's thread has ended; the node ends with it.
      this.waiting.length = 0;
    } finally {
      this.isDelivering = false;
    }
  }

  run(commands: readonly TransportCommand[]): void {
    for (const command of commands) {
      switch (command.kind) {
        case "connect":
          this.transport?.connect(command);
          break;
        case "send":
          this.transport?.send(command.connectionIds, command.message);
          break;
        case "close":
          this.transport?.close(command.connectionId);
          break;
        case "refuse":
          this.transport?.refuse(command.addresses);
          break;
      }
    }
  }

  /** Bytes that a connection has carried; undefined for one that has ended. */
  stats(connectionId: number): { readonly bytesIn: number; readonly bytesOut: number } | undefined {
    return this.transport?.stats(connectionId);
  }

  /** The replica takes no more events. */
  close(): void {
    this.deliver = undefined;
    this.waiting.length = 0;
  }

  /** Ends all connections, once what was sent has left. */
  async stop(): Promise<void> {
    this.close();
    await this.transport?.stop();
  }
}
