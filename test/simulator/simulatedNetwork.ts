// Hosts and the connections between them, as TCP makes them: what is sent arrives whole and in order, or the connection is
// lost. Partitions and clogs act on links (links.ts), which hold up flows (flow.ts).

import type { ConnectionDirection } from "../../src/core/ports/index.ts";
import { Flow } from "./flow.ts";
import { Links } from "./links.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** What travels: a message as it is, or bytes that the receiver makes of what it can. */
export type Payload<Message> =
  | { readonly kind: "message"; readonly message: Message; readonly sizeBytes: number }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** A program at an address that opens and accepts connections. */
export interface NetworkHost<Message> {
  /** Its name in the DNS of the simulation, and in traces. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Whether a connection from this address is accepted; its id at this end, or undefined. */
  accept(address: string): number | undefined;
  onConnected(options: { connectionId: number; direction: ConnectionDirection; address: string; port: number }): void;
  onFailed(connectionId: number, reason: string): void;
  onPayload(connectionId: number, payload: Payload<Message>): void;
  onCongestion(connectionId: number, isCongested: boolean): void;
  onDisconnected(connectionId: number, reason: string): void;
}

interface End<Message> {
  readonly host: NetworkHost<Message>;
  readonly connectionId: number;
  /** Towards the other end. */
  readonly outgoing: Flow<Payload<Message>>;
  isCongested: boolean;
}

interface Connection<Message> {
  readonly ends: readonly [End<Message>, End<Message>];
  isOpen: boolean;
}

/** The first port that a machine gives to the outgoing end of a connection. */
const EPHEMERAL_PORT_MIN = 32_768;
const EPHEMERAL_PORTS = 28_000;
/** A connection attempt into a partition ends after this. */
const CONNECT_TIMEOUT_MS = 5_000;
/** What waits to be sent is congestion from here on, until it has halved. */
const CONGESTION_SIZE_BYTES = 1024 * 1024;
/** A receiver so far behind is given up. */
const BACKLOG_SIZE_BYTES_MAX = 16 * 1024 * 1024;
/** After this, a connection that is being closed ends with what has not left. */
const CLOSE_AFTER_MS = 1_000;
const CLOSE_POLL_MS = 20;

export class SimulatedNetwork<Message> {
  readonly links = new Links();
  /** Names that do not resolve, as when a cluster's DNS is behind. */
  readonly unresolvable = new Set<string>();
  private readonly hosts = new Map<string, NetworkHost<Message>>();
  private readonly connections = new Set<Connection<Message>>();
  private readonly scheduler: Scheduler;
  private readonly random: Random;
  private nextPort = 0;

  constructor(options: { scheduler: Scheduler; random: Random }) {
    this.scheduler = options.scheduler;
    this.random = options.random;
    this.links.onChange((from, to) => this.pump(from, to));
  }

  attach(host: NetworkHost<Message>): void {
    this.hosts.set(host.name, host);
  }

  /** The host's program has died: the kernels of the others learn it, unless a partition lies between. */
  detach(host: NetworkHost<Message>): void {
    this.hosts.delete(host.name);
    for (const connection of this.connections) {
      const [first, second] = connection.ends;
      if (first.host === host) this.lose(connection, second, "connection reset by peer");
      else if (second.host === host) this.lose(connection, first, "connection reset by peer");
    }
  }

  /** Ends every connection between two hosts at both ends. */
  reset(one: string, other: string): void {
    for (const connection of this.connections) {
      const names = connection.ends.map((end) => end.host.name);
      if (names.includes(one) && names.includes(other)) this.end(connection, "connection reset");
    }
  }

  connect(from: NetworkHost<Message>, options: { connectionId: number; endpoint: string }): void {
    const { connectionId, endpoint } = options;
    const separator = endpoint.lastIndexOf(":");
    const name = endpoint.slice(0, separator);
    const port = Number(endpoint.slice(separator + 1));
    const fail = (reason: string, delayMs: number) =>
      this.scheduler.after(delayMs, () => {
        if (this.hosts.get(from.name) === from) from.onFailed(connectionId, reason);
      });
    if (this.unresolvable.has(name)) return void fail("the name does not resolve", 2);
    const to = [...this.hosts.values()].find((host) => host.name === name || host.address === name);
    if (to === undefined) return void fail("connection refused", 2);
    const isBlocked = this.links.get(from.name, to.name).isBlocked || this.links.get(to.name, from.name).isBlocked;
    if (isBlocked) return void fail("the connection attempt timed out", CONNECT_TIMEOUT_MS);
    const delayMs = this.latencyMs(from, to) + this.latencyMs(to, from);
    this.scheduler.after(delayMs, () => {
      if (this.hosts.get(from.name) !== from) return;
      const acceptedId = this.hosts.get(to.name) === to && to.port === port ? to.accept(from.address) : undefined;
      if (acceptedId === undefined) return from.onFailed(connectionId, "connection refused");
      this.open({ host: from, connectionId }, { host: to, connectionId: acceptedId });
    });
  }

  private latencyMs(from: NetworkHost<Message>, to: NetworkHost<Message>): number {
    const link = this.links.get(from.name, to.name);
    return this.random.int(link.latencyMsMin, link.latencyMsMax);
  }

  private open(
    opener: { host: NetworkHost<Message>; connectionId: number },
    acceptor: { host: NetworkHost<Message>; connectionId: number },
  ): void {
    const flow = (ends: () => { from: End<Message>; to: End<Message> }): Flow<Payload<Message>> =>
      new Flow({
        scheduler: this.scheduler,
        random: this.random,
        link: () => this.links.get(ends().from.host.name, ends().to.host.name),
        deliver: (payload) => this.deliver(ends().to, payload),
        onBacklog: (sizeBytes) => this.onBacklog(connection, ends().from, sizeBytes),
        onBroken: () => this.end(connection, "the connection timed out"),
      });
    const first: End<Message> = {
      ...opener,
      outgoing: flow(() => ({ from: first, to: second })),
      isCongested: false,
    };
    const second: End<Message> = {
      ...acceptor,
      outgoing: flow(() => ({ from: second, to: first })),
      isCongested: false,
    };
    const connection: Connection<Message> = { ends: [first, second], isOpen: true };
    this.connections.add(connection);
    const port = EPHEMERAL_PORT_MIN + (this.nextPort++ % EPHEMERAL_PORTS);
    acceptor.host.onConnected({
      connectionId: acceptor.connectionId,
      direction: "inbound",
      address: opener.host.address,
      port,
    });
    opener.host.onConnected({
      connectionId: opener.connectionId,
      direction: "outbound",
      address: acceptor.host.address,
      port: acceptor.host.port,
    });
  }

  private deliver(to: End<Message>, payload: Payload<Message>): void {
    if (this.hosts.get(to.host.name) === to.host) to.host.onPayload(to.connectionId, payload);
  }

  /** Sends over a connection of `host`; one that is gone is passed over. */
  send(host: NetworkHost<Message>, connectionId: number, payload: Payload<Message>): void {
    const found = this.find(host, connectionId);
    const sizeBytes = payload.kind === "bytes" ? payload.bytes.length : payload.sizeBytes;
    found?.end.outgoing.send(payload, sizeBytes);
  }

  close(host: NetworkHost<Message>, connectionId: number): void {
    const found = this.find(host, connectionId);
    if (found === undefined) return;
    const deadlineMs = this.scheduler.nowMs + CLOSE_AFTER_MS;
    const poll = () => {
      const isDue = found.end.outgoing.isEmpty || this.scheduler.nowMs >= deadlineMs;
      if (isDue) this.end(found.connection, "closed");
      else this.scheduler.after(CLOSE_POLL_MS, poll);
    };
    this.scheduler.after(1, poll);
  }

  private find(host: NetworkHost<Message>, connectionId: number) {
    for (const connection of this.connections) {
      for (const end of connection.ends) {
        if (end.host === host && end.connectionId === connectionId) return { connection, end };
      }
    }
    return undefined;
  }

  private onBacklog(connection: Connection<Message>, end: End<Message>, sizeBytes: number): void {
    if (sizeBytes > BACKLOG_SIZE_BYTES_MAX) {
      this.scheduler.after(0, () => this.end(connection, "too much waits to be sent"));
    }
    const isCongested = sizeBytes > (end.isCongested ? CONGESTION_SIZE_BYTES / 2 : CONGESTION_SIZE_BYTES);
    if (isCongested === end.isCongested) return;
    end.isCongested = isCongested;
    // The sender learns it after the call that sent has returned, as from a socket.
    this.scheduler.after(0, () => {
      if (connection.isOpen) end.host.onCongestion(end.connectionId, isCongested);
    });
  }

  private pump(from: string, to: string): void {
    for (const connection of [...this.connections]) {
      const [first, second] = connection.ends;
      if (first.host.name === from && second.host.name === to) first.outgoing.pump();
      if (second.host.name === from && first.host.name === to) second.outgoing.pump();
    }
  }

  private stop(connection: Connection<Message>): boolean {
    if (!connection.isOpen) return false;
    connection.isOpen = false;
    this.connections.delete(connection);
    for (const end of connection.ends) end.outgoing.stop();
    return true;
  }

  private end(connection: Connection<Message>, reason: string): void {
    if (!this.stop(connection)) return;
    for (const { host, connectionId } of connection.ends) {
      if (this.hosts.get(host.name) === host) host.onDisconnected(connectionId, reason);
    }
  }

  /** One end is gone; the other is told as soon as the network lets it know. */
  private lose(connection: Connection<Message>, survivor: End<Message>, reason: string): void {
    if (!this.stop(connection)) return;
    const [first, second] = connection.ends;
    const gone = survivor === first ? second : first;
    const isBlocked = this.links.get(gone.host.name, survivor.host.name).isBlocked;
    const delayMs = isBlocked ? CONNECT_TIMEOUT_MS : this.latencyMs(gone.host, survivor.host);
    this.scheduler.after(delayMs, () => {
      if (this.hosts.get(survivor.host.name) === survivor.host)
        survivor.host.onDisconnected(survivor.connectionId, reason);
    });
  }
}
