// The Transport port in memory, for tests: transports of one network reach each other by `host:port`. Nothing happens
// before the test pumps the network, and then one thing after the other in the order in which it was asked for.

import type { Transport, TransportEvent } from "../../src/core/ports/index.ts";
import { assert, EMPTY_BYTES } from "../../src/core/primitives/index.ts";

export interface MemoryTransportOptions {
  /** Under which others reach it; undefined for one that takes no connections. */
  readonly endpoint: string | undefined;
  /** Its IP address, as others see it. */
  readonly address: string;
  readonly emit: (event: TransportEvent<string>) => void;
  readonly congestionBytes: number;
  readonly unacknowledgedMax: number;
}

interface End {
  readonly transport: MemoryTransport;
  readonly connectionId: number;
  /** What the other end has sent and this one has not taken. */
  readonly inbox: string[];
  other: End | undefined;
  unacknowledged: number;
  waitingBytes: number;
  isCongested: boolean;
  /** It takes and sends no more. */
  isClosing: boolean;
  hasEnded: boolean;
}

const FIRST_PORT = 40_000;

function sizeOf(message: string): number {
  return Buffer.byteLength(message) + 1;
}

export class MemoryNetwork {
  private readonly tasks: (() => void)[] = [];
  private readonly listening = new Map<string, MemoryTransport>();
  private readonly closing: End[] = [];
  private nextPort = FIRST_PORT;

  create(options: MemoryTransportOptions): MemoryTransport {
    const transport = new MemoryTransport(this, options);
    if (options.endpoint !== undefined) this.listening.set(options.endpoint, transport);
    return transport;
  }

  /** Does the next thing. With nothing else left, connections end that wait for an end that does not read. */
  pump(): boolean {
    const task = this.tasks.shift();
    if (task !== undefined) {
      task();
      return true;
    }
    const end = this.closing.shift();
    if (end === undefined) return false;
    this.end(end, "this node closed the connection");
    return true;
  }

  schedule(task: () => void): void {
    this.tasks.push(task);
  }

  leave(transport: MemoryTransport, endpoint: string | undefined): void {
    if (endpoint !== undefined && this.listening.get(endpoint) === transport) this.listening.delete(endpoint);
  }

  listener(endpoint: string): MemoryTransport | undefined {
    return this.listening.get(endpoint);
  }

  newPort(): number {
    this.nextPort += 1;
    return this.nextPort;
  }

  /** Takes one message out of an end's inbox, or notices that the other one closes. */
  deliver(end: End): void {
    if (end.hasEnded || end.isClosing || end.transport.isFull(end)) return;
    const message = end.inbox.shift();
    const { other } = end;
    if (message === undefined) {
      if (other === undefined || other.isClosing) this.end(end, "the other end closed the connection");
      return;
    }
    const sizeBytes = sizeOf(message);
    end.unacknowledged += 1;
    if (other !== undefined) other.transport.onTaken(other, sizeBytes);
    end.transport.emit({ kind: "message", connectionId: end.connectionId, message, sizeBytes });
    this.schedule(() => this.deliver(end));
  }

  startClosing(end: End): void {
    end.isClosing = true;
    this.closing.push(end);
    const { other } = end;
    if (other !== undefined) this.schedule(() => (other.isClosing ? this.end(other, "closed") : this.deliver(other)));
  }

  private end(end: End, reason: string): void {
    if (end.hasEnded) return;
    end.hasEnded = true;
    end.isClosing = true;
    end.inbox.length = 0;
    end.transport.onEnded(end, reason);
    const { other } = end;
    if (other !== undefined) this.schedule(() => this.end(other, "the connection has ended"));
  }
}

export class MemoryTransport implements Transport<string> {
  private readonly network: MemoryNetwork;
  private readonly options: MemoryTransportOptions;
  private readonly ends = new Map<number, End>();
  private readonly attempts = new Set<number>();
  private refused: readonly string[] = [];
  private nextInboundId = 1;
  private isStopped = false;

  constructor(network: MemoryNetwork, options: MemoryTransportOptions) {
    this.network = network;
    this.options = options;
  }

  connect({ connectionId, endpoint }: { connectionId: number; endpoint: string }): void {
    assert(connectionId % 2 === 0, "ids of outbound connections are even");
    this.attempts.add(connectionId);
    this.network.schedule(() => {
      const isWanted = this.attempts.delete(connectionId);
      const listener = this.network.listener(endpoint);
      if (!isWanted || listener === undefined || listener.refused.includes(this.options.address)) {
        this.emit({ kind: "failed", connectionId, reason: `${endpoint} is not reached` });
        return;
      }
      const port = Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
      const own = this.add(connectionId);
      const other = listener.add(listener.nextInboundId);
      listener.nextInboundId += 2;
      own.other = other;
      other.other = own;
      this.announce(connectionId, { direction: "outbound", address: listener.options.address, port });
      const from = { direction: "inbound", address: this.options.address, port: this.network.newPort() } as const;
      listener.announce(other.connectionId, from);
    });
  }

  send(connectionIds: readonly number[], message: string): void {
    for (const connectionId of connectionIds) {
      const end = this.ends.get(connectionId);
      const other = end?.other;
      if (end === undefined || other === undefined || end.isClosing || other.hasEnded) continue;
      other.inbox.push(message);
      end.waitingBytes += sizeOf(message);
      this.network.schedule(() => this.network.deliver(other));
      if (end.isCongested || end.waitingBytes <= this.options.congestionBytes) continue;
      end.isCongested = true;
      this.emit({ kind: "congestion", connectionId, isCongested: true });
    }
  }

  close(connectionId: number): void {
    this.attempts.delete(connectionId);
    const end = this.ends.get(connectionId);
    if (end !== undefined && !end.isClosing) this.network.startClosing(end);
  }

  refuse(addresses: readonly string[]): void {
    this.refused = addresses;
  }

  acknowledge(connectionId: number, count: number): void {
    const end = this.ends.get(connectionId);
    if (end === undefined) return;
    end.unacknowledged -= count;
    this.network.schedule(() => this.network.deliver(end));
  }

  stop(): void {
    this.isStopped = true;
    this.network.leave(this, this.options.endpoint);
    for (const connectionId of this.ends.keys()) this.close(connectionId);
  }

  emit(event: TransportEvent<string>): void {
    if (!this.isStopped) this.options.emit(event);
  }

  isFull(end: End): boolean {
    return end.unacknowledged >= this.options.unacknowledgedMax;
  }

  onTaken(end: End, sizeBytes: number): void {
    end.waitingBytes -= sizeBytes;
    if (!end.isCongested || end.isClosing || end.waitingBytes > this.options.congestionBytes / 2) return;
    end.isCongested = false;
    this.emit({ kind: "congestion", connectionId: end.connectionId, isCongested: false });
  }

  onEnded(end: End, reason: string): void {
    this.ends.delete(end.connectionId);
    this.emit({ kind: "disconnected", connectionId: end.connectionId, reason });
  }

  private add(connectionId: number): End {
    const state = { unacknowledged: 0, waitingBytes: 0, isCongested: false, isClosing: false, hasEnded: false };
    const end: End = { transport: this, connectionId, inbox: [], other: undefined, ...state };
    this.ends.set(connectionId, end);
    return end;
  }

  private announce(
    connectionId: number,
    from: { direction: "inbound" | "outbound"; address: string; port: number },
  ): void {
    this.emit({ kind: "connected", connectionId, ...from, channelBinding: EMPTY_BYTES });
  }
}
