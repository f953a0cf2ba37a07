// The connections that this node opens: to its bootstrap peers always, to learned endpoints as long as places are free;
// what came of each attempt; and where the bootstrap peers stand.

import type { Logger, Rng, Transport } from "../../ports/index.ts";
import type { Address } from "../../primitives/index.ts";
import type { Message } from "../wire/message.ts";
import type { AddressBook, BookEntry } from "./addressBook.ts";
import type { Connection } from "./connection.ts";
import type { RefusalCode } from "./handshake.ts";
import { groupOf, parseEndpoint } from "./netAddress.ts";

/** An attempt of which nothing is heard is given up; the transport has a shorter bound of its own. */
export const DIAL_TIMEOUT_MS = 20_000;
/** Attempts at learned endpoints that begin in one tick, so that many free places are filled in steps. */
export const DIALS_PER_TICK_MAX = 4;
/** A connection that lasted so long was a success. */
export const LASTING_MS = 10_000;

/** The other end is on another chain or wants no stranger: no use to come back to an endpoint that somebody told of. */
const FINAL_CODES: readonly (RefusalCode | undefined)[] = [
  "wrong_protocol",
  "wrong_genesis",
  "wrong_consensus",
  "not_allowed",
];

export type BootstrapPeerState =
  | { readonly kind: "connected"; readonly connectionId: number }
  /** An attempt is under way or about to be, and none has failed since it was last reached. */
  | { readonly kind: "trying" }
  /** Attempts go on. */
  | { readonly kind: "failed"; readonly reason: string; readonly attempts: number }
  | { readonly kind: "never_tried" }
  /** The endpoint is this node's own. */
  | { readonly kind: "self" };

export interface BootstrapPeer {
  readonly endpoint: string;
  readonly state: BootstrapPeerState;
}

interface Dial {
  readonly endpoint: string;
  readonly isBootstrap: boolean;
  readonly group: string | undefined;
  readonly startedAtMs: number;
}

export class Dialler {
  private readonly dials = new Map<number, Dial>();
  private readonly book: AddressBook;
  private readonly transport: Transport<Message>;
  private readonly rng: Rng;
  private readonly logger: Logger;
  private readonly outboundMax: number;
  private lastConnectionId = 0;

  constructor(options: {
    book: AddressBook;
    transport: Transport<Message>;
    rng: Rng;
    logger: Logger;
    outboundMax: number;
  }) {
    this.book = options.book;
    this.transport = options.transport;
    this.rng = options.rng;
    this.logger = options.logger;
    this.outboundMax = options.outboundMax;
  }

  /** Attempts under way. */
  get count(): number {
    return this.dials.size;
  }

  tick(connections: readonly Connection[], nowMs: number): void {
    for (const [connectionId, dial] of this.dials) {
      if (nowMs - dial.startedAtMs < DIAL_TIMEOUT_MS) continue;
      this.transport.close(connectionId);
      this.failed(connectionId, { reason: "the attempt took too long", nowMs });
    }
    const isTaken = this.takenTest(connections);
    for (const entry of this.book.bootstrapEntries()) {
      const isDue = entry.nextAttemptAtMs <= nowMs && !this.book.isOwn(entry.endpoint);
      if (isDue && !isTaken(entry)) this.dial(entry, nowMs);
    }
    this.dialLearned(connections, { isTaken, nowMs });
  }

  private takenTest(connections: readonly Connection[]): (entry: BookEntry) => boolean {
    const endpoints = new Set(connections.map((connection) => connection.endpoint));
    for (const { peer, address } of connections) {
      // Only at its own address is a peer's word enough: else it could keep us from calling somebody else.
      const listen = peer?.listenEndpoint;
      if (listen !== undefined && parseEndpoint(listen)?.host === address) endpoints.add(listen);
    }
    const nodeKeys = new Set<Address | undefined>(connections.map((connection) => connection.peer?.nodeKey));
    return (entry) =>
      endpoints.has(entry.endpoint) ||
      (entry.nodeKey !== undefined && nodeKeys.has(entry.nodeKey)) ||
      [...this.dials.values()].some((dial) => dial.endpoint === entry.endpoint);
  }

  private dialLearned(
    connections: readonly Connection[],
    options: { isTaken: (entry: BookEntry) => boolean; nowMs: number },
  ): void {
    const { isTaken, nowMs } = options;
    const outbound = connections.filter((connection) => connection.direction === "outbound");
    const open = outbound.filter((connection) => !connection.isBootstrapDial).length;
    for (let count = 0; count < DIALS_PER_TICK_MAX; count++) {
      const dials = [...this.dials.values()];
      if (open + dials.filter((dial) => !dial.isBootstrap).length >= this.outboundMax) return;
      const groups = [...outbound.map((connection) => groupOf(connection.address)), ...dials.map((dial) => dial.group)];
      const groupsTaken = new Set(groups.filter((group) => group !== undefined));
      const entry = this.book.next({ nowMs, rng: this.rng, groupsTaken, isTaken });
      if (entry === undefined) return;
      this.dial(entry, nowMs);
    }
  }

  private dial(entry: BookEntry, nowMs: number): void {
    const { endpoint, isBootstrap, group } = entry;
    this.lastConnectionId += 2;
    const connectionId = this.lastConnectionId;
    this.dials.set(connectionId, { endpoint, isBootstrap, group, startedAtMs: nowMs });
    entry.attempts++;
    this.logger.log("debug", "dialling", { endpoint, isBootstrap });
    this.transport.connect({ connectionId, endpoint });
  }

  /** An attempt has become a connection; undefined when it was given up before. */
  connected(connectionId: number): { readonly endpoint: string; readonly isBootstrap: boolean } | undefined {
    const dial = this.dials.get(connectionId);
    this.dials.delete(connectionId);
    return dial;
  }

  /** An attempt has failed before there was a connection. */
  failed(connectionId: number, options: { reason: string; nowMs: number }): void {
    const dial = this.connected(connectionId);
    if (dial !== undefined) this.fail(dial.endpoint, { ...options, isQuiet: false });
  }

  /**
   * A connection of this node's has ended, before or after its handshake.
   * @param options.isTold the code is what the other end says
   * @param options.isElsewhere there is another connection to the same node
   */
  lost(
    connection: Connection,
    options: { code: RefusalCode | undefined; isTold: boolean; reason: string; isElsewhere: boolean; nowMs: number },
  ): void {
    const { endpoint, peer, openedAtMs, isBootstrapDial } = connection;
    const { code, isTold, reason, isElsewhere, nowMs } = options;
    if (endpoint === undefined || (code === "shutting_down" && !isTold)) return;
    if (code === "self_connection" && !isTold) {
      this.book.markOwn(endpoint);
      this.logger.log("info", "endpoint is this node's own and is not dialled again", { endpoint, reason });
      return;
    }
    const hasLasted = peer !== undefined && nowMs - openedAtMs >= LASTING_MS && code !== "misbehaviour";
    if (hasLasted || isElsewhere) this.book.ended(endpoint, { nowMs, rng: this.rng });
    else this.fail(endpoint, { reason, nowMs, isQuiet: code === "duplicate_connection" });
    if (!isBootstrapDial && FINAL_CODES.includes(code)) this.book.forget(endpoint);
  }

  /** @param options.isQuiet the other end has, or will soon have, another connection to this node */
  private fail(endpoint: string, options: { reason: string; nowMs: number; isQuiet: boolean }): void {
    const { reason, nowMs, isQuiet } = options;
    this.book.failed(endpoint, { reason, nowMs, rng: this.rng });
    const entry = this.book.get(endpoint);
    const failures = entry?.failures ?? 0;
    // The first failure and then each that doubles their count: a peer that is off does not fill the log.
    const isDue = entry?.isBootstrap === true && !isQuiet && (failures & (failures - 1)) === 0;
    const event = entry?.isBootstrap === true ? "bootstrap peer cannot be reached" : "peer cannot be reached";
    this.logger.log(isDue ? "warn" : "debug", event, { endpoint, reason, failures });
  }

  bootstrapState(connections: readonly Connection[]): readonly BootstrapPeer[] {
    return this.book.bootstrapEntries().map((entry) => ({
      endpoint: entry.endpoint,
      state: this.stateOf(entry, connections),
    }));
  }

  private stateOf(entry: BookEntry, connections: readonly Connection[]): BootstrapPeerState {
    const connected = connections.find(
      ({ peer, endpoint }) => peer !== undefined && (endpoint === entry.endpoint || peer.nodeKey === entry.nodeKey),
    );
    if (connected !== undefined) return { kind: "connected", connectionId: connected.connectionId };
    if (this.book.isOwn(entry.endpoint)) return { kind: "self" };
    if (entry.attempts === 0) return { kind: "never_tried" };
    if (entry.failures === 0) return { kind: "trying" };
    return { kind: "failed", reason: entry.lastFailure ?? "", attempts: entry.failures };
  }
}
