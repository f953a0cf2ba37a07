// The Transport port over TCP, with or without TLS: joins the listener, the attempts and the connections. Generic over the
// message; a codec and a source of lines make it speak a protocol.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ConnectionDirection, Logger, Transport, TransportEvent } from "../../core/ports/index.ts";
import { accept, assert, type Bytes, EMPTY_BYTES, type Result } from "../../core/primitives/index.ts";
import { normalizeAddress } from "./address.ts";
import { Admission } from "./admission.ts";
import { Connection, type ConnectionShared, type ConnectionStats } from "./connection.ts";
import { dial, type Resolve, resolveWithSystem } from "./dial.ts";
import { Holdings } from "./holdings.ts";
import { OUTBOUND_MAX, type TcpLimits, TICK_MS } from "./limits.ts";
import type { Codec, LineSource } from "./lineReader.ts";
import { type ListenCode, type Listener, listen } from "./listen.ts";
import { channelBinding, checkTlsIdentity, type TlsIdentity } from "./tls.ts";
import { Unacknowledged } from "./unacknowledged.ts";

export type TcpTransportCode = ListenCode | "tls_unusable";

export interface TcpTransportOptions<Message> {
  /** Undefined for a node that takes no connections. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly codec: Codec<Message>;
  /** One for each connection, with the limit of a line. */
  readonly createLineSource: () => LineSource;
  readonly limits: TcpLimits;
  readonly tls?: TlsIdentity | undefined;
  readonly emit: (event: TransportEvent<Message>) => void;
  readonly logger: Logger;
  /** Told of all bytes that come in or go out. */
  readonly onBytes?: (count: number) => void;
  /** Milliseconds that only ever rise. */
  readonly now: () => number;
  /** The system's, unless a test has its own. */
  readonly resolve?: Resolve;
}

const FIRST_INBOUND_ID = 1;
const ID_STEP = 2;
const CLOSED_HERE = "this node closed the connection";

export class TcpTransport<Message> implements Transport<Message> {
  private readonly options: TcpTransportOptions<Message>;
  private readonly admission: Admission;
  private readonly unacknowledged: Unacknowledged;
  private readonly partialLines: Holdings;
  private readonly sending: Holdings;
  private readonly shared: ConnectionShared<Message>;
  private readonly connections = new Map<number, Connection<Message>>();
  private readonly attempts = new Map<number, AbortController>();
  /** Connections that wait for the total of unacknowledged messages to fall, the longest waiting first. */
  private readonly starved = new Set<number>();
  private readonly timer: ReturnType<typeof setInterval>;
  private listener: Listener | undefined;
  private nextInboundId = FIRST_INBOUND_ID;
  private isStopped = false;
  private stopped: Promise<void> | undefined;
  private onAllEnded: (() => void) | undefined;

  /** @internal `createTcpTransport` makes it. */
  constructor(options: TcpTransportOptions<Message>) {
    const { limits, now, codec, createLineSource } = options;
    this.options = options;
    this.admission = new Admission(limits, now());
    this.unacknowledged = new Unacknowledged(limits);
    this.partialLines = new Holdings({ sizeBytesMax: limits.partialBytesTotalMax });
    this.sending = new Holdings({ sizeBytesMax: limits.sendBufferBytesTotalMax });
    this.shared = {
      limits,
      codec,
      createLineSource,
      isEncrypted: options.tls !== undefined,
      unacknowledged: this.unacknowledged,
      partialLines: this.partialLines,
      sending: this.sending,
      now,
      emit: (event) => this.emit(event),
      onStarved: (connectionId) => this.starved.add(connectionId),
      onBytes: options.onBytes ?? (() => undefined),
      onMoreLines: () => this.relieve(this.partialLines, (connection) => connection.giveUpLine()),
      onMoreToSend: () => this.relieve(this.sending, (connection) => connection.giveUpSending()),
      onEnded: (connectionId) => this.onEnded(connectionId),
    };
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** The port that is listened on; undefined where none is. */
  get port(): number | undefined {
    return this.listener?.port;
  }

  async listen(at: { host: string; port: number }): Promise<Result<undefined, ListenCode>> {
    const { tls, limits, logger, now } = this.options;
    const onSocket = (socket: Socket, address: string) => {
      const connectionId = this.nextInboundId;
      this.nextInboundId += ID_STEP;
      this.adopt({ connectionId, direction: "inbound", socket, address });
    };
    const listening = await listen({ ...at, tls, limits, logger, now, admission: this.admission, onSocket });
    if (!listening.ok) return listening;
    this.listener = listening.value;
    return accept(undefined);
  }

  connect({ connectionId, endpoint }: { connectionId: number; endpoint: string }): void {
    assert(connectionId % ID_STEP === 0, "ids of outbound connections are even");
    assert(this.outboundCount() < OUTBOUND_MAX, "no more connections are opened than the core may have");
    assert(!this.attempts.has(connectionId) && !this.connections.has(connectionId), "an id is used once");
    const abort = new AbortController();
    this.attempts.set(connectionId, abort);
    void this.attempt({ connectionId, endpoint, abort });
  }

  send(connectionIds: readonly number[], message: Message): void {
    let line: Bytes | undefined;
    for (const connectionId of connectionIds) {
      const connection = this.connections.get(connectionId);
      if (connection === undefined || !connection.isOpen) continue;
      line ??= Buffer.from(`${this.options.codec.encode(message)}\n`);
      connection.send(line);
    }
  }

  /** An attempt that is under way ends with `failed`. */
  close(connectionId: number): void {
    this.attempts.get(connectionId)?.abort();
    this.connections.get(connectionId)?.close(CLOSED_HERE);
  }

  refuse(addresses: readonly string[]): void {
    this.admission.refuse(addresses);
  }

  /** The receiver of the events has worked off the oldest `count` messages of a connection, which may have ended. */
  acknowledge(connectionId: number, count: number): void {
    this.unacknowledged.acknowledge(connectionId, count);
    this.connections.get(connectionId)?.resumeReading();
    for (const waiting of this.starved) {
      if (this.unacknowledged.isFull) return;
      this.starved.delete(waiting);
      this.connections.get(waiting)?.resumeReading();
    }
  }

  /** Undefined for a connection that is gone. */
  stats(connectionId: number): ConnectionStats | undefined {
    return this.connections.get(connectionId)?.stats;
  }

  /** No event comes after this call. Resolves when all that was sent has left, at the latest after a second. */
  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    this.isStopped = true;
    this.listener?.stop();
    for (const abort of this.attempts.values()) abort.abort();
    for (const connection of this.connections.values()) connection.close(CLOSED_HERE);
    if (this.connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.onAllEnded = resolve;
      });
    }
    clearInterval(this.timer);
  }

  private async attempt(options: { connectionId: number; endpoint: string; abort: AbortController }): Promise<void> {
    const { connectionId, endpoint, abort } = options;
    const { limits, tls, now, resolve = resolveWithSystem } = this.options;
    const { signal } = abort;
    // The answer is an event of its own, whatever it is: it never comes from within `connect`.
    const reached = await dial({ endpoint, timeoutMs: limits.attemptTimeoutMs, tls, resolve, now, signal });
    this.attempts.delete(connectionId);
    if (!reached.ok) {
      const reason = signal.aborted ? `the attempt to reach ${endpoint} was given up` : reached.refusal.message;
      this.emit({ kind: "failed", connectionId, reason });
      return;
    }
    const socket = reached.value;
    if (socket.destroyed || signal.aborted) {
      socket.destroy();
      this.emit({ kind: "failed", connectionId, reason: `the connection to ${endpoint} broke off at once` });
      return;
    }
    this.adopt({ connectionId, direction: "outbound", socket, address: normalizeAddress(socket.remoteAddress ?? "") });
  }

  private outboundCount(): number {
    let count = this.attempts.size;
    for (const connectionId of this.connections.keys()) count += connectionId % ID_STEP === 0 ? 1 : 0;
    return count;
  }

  private adopt(options: {
    connectionId: number;
    direction: ConnectionDirection;
    socket: Socket;
    address: string;
  }): void {
    const { socket, connectionId, direction, address } = options;
    const binding = this.bindingOf(socket);
    if (this.isStopped || binding === undefined) {
      socket.destroy();
      if (direction === "outbound") this.emit({ kind: "failed", connectionId, reason: "its certificate is missing" });
      return;
    }
    const identity = { connectionId, direction, address, port: socket.remotePort ?? 0, channelBinding: binding };
    const connection = new Connection(identity, socket, this.shared);
    this.connections.set(connectionId, connection);
    connection.start();
  }

  private bindingOf(socket: Socket): Bytes | undefined {
    if (this.options.tls === undefined) return EMPTY_BYTES;
    return socket instanceof TLSSocket ? channelBinding(socket) : undefined;
  }

  /** Parts with connections until what all of them hold is within its bound. */
  private relieve(holdings: Holdings, giveUp: (connection: Connection<Message>) => void): void {
    const nowMs = this.options.now();
    for (let worst = holdings.excess(nowMs); worst !== undefined; worst = holdings.excess(nowMs)) {
      const connection = this.connections.get(worst);
      assert(connection !== undefined, "only open connections hold anything");
      giveUp(connection);
    }
  }

  private tick(): void {
    const nowMs = this.options.now();
    this.listener?.tick(nowMs);
    for (const connection of this.connections.values()) connection.tick(nowMs);
  }

  private onEnded(connectionId: number): void {
    this.connections.delete(connectionId);
    this.starved.delete(connectionId);
    if (this.connections.size === 0) this.onAllEnded?.();
  }

  private emit(event: TransportEvent<Message>): void {
    if (!this.isStopped) this.options.emit(event);
  }
}

/** A transport that listens, if it is to. */
export async function createTcpTransport<Message>(
  options: TcpTransportOptions<Message>,
): Promise<Result<TcpTransport<Message>, TcpTransportCode>> {
  const { tls, limits } = options;
  assert(limits.sendBufferBytesMax > limits.congestionBytes, "a connection is congested before it is given up");
  const checked = tls === undefined ? accept(undefined) : checkTlsIdentity(tls);
  if (!checked.ok) return checked;
  const transport = new TcpTransport(options);
  const listening = options.listen === undefined ? accept(undefined) : await transport.listen(options.listen);
  if (listening.ok) return accept(transport);
  await transport.stop();
  return listening;
}
