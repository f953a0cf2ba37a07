// How a connection becomes a peer: whether it is taken, the handshake, and that each node is connected once.

import type { Clock, ConnectionDirection, Logger, Rng, Transport, TransportEvent } from "../../ports/index.ts";
import { type Address, bytesToHash, HASH_SIZE_BYTES, type Refusal } from "../../primitives/index.ts";
import type { Peer } from "../peer.ts";
import type { NetworkSettings } from "../settings.ts";
import type { Message, PeerHead, PeerHello } from "../wire/message.ts";
import type { AddressBook } from "./addressBook.ts";
import { type Connection, LivePeer } from "./connection.ts";
import type { ConnectionTable } from "./connectionTable.ts";
import type { Dialler } from "./dialler.ts";
import type { Discipline } from "./discipline.ts";
import { judgeDuplicate } from "./duplicates.ts";
import { HANDSHAKE_TIMEOUT_MS, Handshake, type HandshakeStep, type LocalNode, type RefusalCode } from "./handshake.ts";
import { reachableEndpoint } from "./netAddress.ts";
import { RateWindow } from "./rateWindow.ts";
import { admitInbound, type InboundConnection } from "./slots.ts";
import type { SteadyTime } from "./steadyTime.ts";

/** Connections that others open in a second: each costs a signature and a recovery, some 2 ms. */
export const INBOUND_PER_SECOND_MAX = 50;
/** After so long the end that accepted two connections of one node ends the older, which the opener does not know of. */
export const DUPLICATE_GRACE_MS = 5_000;

export interface EntranceOptions {
  readonly local: LocalNode;
  readonly settings: NetworkSettings;
  readonly head: () => PeerHead;
  readonly transport: Transport<Message>;
  readonly clock: Clock;
  readonly time: SteadyTime;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly book: AddressBook;
  readonly discipline: Discipline;
  readonly dialler: Dialler;
  readonly table: ConnectionTable;
  readonly onReady: (peer: Peer) => void;
}

type Connected = Extract<TransportEvent<Message>, { kind: "connected" }>;

export class Entrance {
  private readonly options: EntranceOptions;
  private readonly inboundRate = new RateWindow({ countMax: INBOUND_PER_SECOND_MAX, windowMs: 1_000 });

  constructor(options: EntranceOptions) {
    this.options = options;
  }

  onConnected(event: Connected): void {
    const { dialler, transport, table, head, settings } = this.options;
    const { connectionId } = event;
    const dial = event.direction === "outbound" ? dialler.connected(connectionId) : undefined;
    if (event.direction === "outbound" && dial === undefined) {
      transport.close(connectionId);
      return;
    }
    const connection = this.createConnection(event, dial);
    const refusal = this.refusalOf(connection);
    table.add(connection);
    if (refusal !== undefined) {
      table.refuse(connectionId, refusal);
      return;
    }
    const hello = connection.handshake.hello({ listenEndpoint: settings.listenEndpoint, head: head() });
    transport.send([connectionId], hello);
  }

  private createConnection(event: Connected, dial: ReturnType<Dialler["connected"]>): Connection {
    const { connectionId, direction, address, port, channelBinding } = event;
    const { local, rng, clock, time, discipline } = this.options;
    const nowMs = time.nowMs();
    const challenge = bytesToHash(rng.bytes(HASH_SIZE_BYTES));
    return {
      connectionId,
      direction,
      address,
      port,
      endpoint: dial?.endpoint,
      isBootstrapDial: dial?.isBootstrap === true,
      openedAtMs: nowMs,
      connectedAtMs: clock.nowMs(),
      handshake: new Handshake({ local, direction, channelBinding, challenge }),
      score: discipline.startScore(address, nowMs),
      nodeKey: undefined,
      peer: undefined,
    };
  }

  /** Why a connection is not even begun. Makes room for it where that is what it takes. */
  private refusalOf(connection: Connection): Refusal<RefusalCode> | undefined {
    const { direction, address, isBootstrapDial } = connection;
    const { discipline, settings, table, time } = this.options;
    const ban = discipline.find(address);
    if (ban !== undefined && !isBootstrapDial) {
      return { code: "banned", message: `${address} is banned until ${ban.untilMs} (Unix ms): ${ban.reason}` };
    }
    if (direction === "outbound") return undefined;
    if (!this.inboundRate.take(time.nowMs())) {
      return { code: "too_many_connections", message: `more than ${INBOUND_PER_SECOND_MAX} connections in a second` };
    }
    const verdict = admitInbound({ connections: this.inbound(), address, settings });
    if (verdict.kind === "refuse") return { code: "too_many_connections", message: verdict.message };
    if (verdict.kind === "evict") {
      table.refuse(verdict.connectionId, {
        code: "evicted",
        message: "all places are taken, and another node gets this",
      });
    }
    return undefined;
  }

  private inbound(): readonly InboundConnection[] {
    const { table, book } = this.options;
    const connections = table.all().filter((connection) => connection.direction === "inbound");
    return connections.map(({ connectionId, address, openedAtMs, peer }) => ({
      connectionId,
      address,
      openedAtMs,
      roundTripMs: peer?.liveness.roundTripMs,
      usefulAtMs: peer?.usefulAtMs,
      isBootstrap: peer !== undefined && book.isBootstrapKey(peer.nodeKey),
    }));
  }

  /** A message before the handshake is done. */
  onMessage(connection: Connection, message: Message): void {
    const { handshake } = connection;
    if (message.type !== "PeerInfo") this.violate(connection, `a ${message.type} came before the handshake was done`);
    else if (message.kind === "hello") this.onStep(connection, handshake.onHello(message));
    else if (message.kind === "proof") this.onStep(connection, handshake.onProof(message));
    else this.violate(connection, `a ${message.kind} came before the handshake was done`);
  }

  /** A message of the handshake where none belongs, or another one where one belongs: the connection ends. */
  violate(connection: Connection, message: string): void {
    const { table } = this.options;
    table.offend(connection, "handshake_violation", message);
    table.refuse(connection.connectionId, { code: "handshake_violation", message });
  }

  private onStep(connection: Connection, step: HandshakeStep): void {
    const { transport, table } = this.options;
    if (step.kind === "prove") transport.send([connection.connectionId], step.proof);
    else if (step.kind === "established") this.establish(connection, step.hello);
    else {
      const { code, message } = step.refusal;
      if (code === "wrong_proof" || code === "handshake_violation") table.offend(connection, code, message);
      table.refuse(connection.connectionId, step.refusal);
    }
  }

  private establish(connection: Connection, hello: PeerHello): void {
    const { table, book, time, logger, onReady } = this.options;
    const { nodeKey, head } = hello;
    const { endpoint, address, direction } = connection;
    const listenEndpoint = hello.listenEndpoint && reachableEndpoint({ listenEndpoint: hello.listenEndpoint, address });
    connection.nodeKey = nodeKey;
    if (endpoint !== undefined) book.reached(endpoint, nodeKey);
    const refusal = {
      code: "duplicate_connection",
      message: `another connection to ${nodeKey} is there, and that one stays`,
    } as const;
    const losers = this.losersOf(connection, nodeKey);
    if (losers === undefined) {
      table.refuse(connection.connectionId, refusal);
      return;
    }
    const peer = new LivePeer({ connection, nodeKey, listenEndpoint, head, nowMs: time.nowMs() });
    table.establish(connection, peer);
    for (const loser of losers) table.refuse(loser.connectionId, refusal);
    if (listenEndpoint !== undefined) book.learn(listenEndpoint, { address });
    logger.log("info", "peer connected", { nodeKey, address, direction, height: head.height });
    onReady(peer);
  }

  /** Those that leave now that a node has one more connection; undefined when the new one is what leaves. */
  private losersOf(connection: Connection, nodeKey: Address): readonly LivePeer[] | undefined {
    const { table, time } = this.options;
    const losers: LivePeer[] = [];
    for (const old of table.peers()) {
      if (old.nodeKey !== nodeKey) continue;
      const verdict = this.judge(old.direction, { nodeKey, newDirection: connection.direction });
      if (verdict === "keep_old") return undefined;
      if (verdict === "wait") old.supersededAtMs ??= time.nowMs();
      else losers.push(old);
    }
    return losers;
  }

  private judge(oldDirection: ConnectionDirection, options: { nodeKey: Address; newDirection: ConnectionDirection }) {
    const { nodeKey: otherKey, newDirection } = options;
    return judgeDuplicate({ ownKey: this.options.local.identity.nodeKey, otherKey, oldDirection, newDirection });
  }

  /** Ends handshakes that take too long, and the older of two connections that the other end opened. */
  tick(): void {
    const { table, time } = this.options;
    const nowMs = time.nowMs();
    for (const { connectionId, peer, openedAtMs } of table.all()) {
      if (peer !== undefined) this.checkSuperseded(peer, nowMs);
      else if (nowMs - openedAtMs >= HANDSHAKE_TIMEOUT_MS) {
        const message = `the handshake was not done after ${HANDSHAKE_TIMEOUT_MS} ms`;
        table.refuse(connectionId, { code: "handshake_timeout", message });
      }
    }
  }

  private checkSuperseded(peer: LivePeer, nowMs: number): void {
    const { table } = this.options;
    const { connectionId, nodeKey, supersededAtMs } = peer;
    if (supersededAtMs === undefined || nowMs - supersededAtMs < DUPLICATE_GRACE_MS) return;
    peer.supersededAtMs = undefined;
    if (!table.peers().some((other) => other !== peer && other.nodeKey === nodeKey)) return;
    table.refuse(connectionId, { code: "duplicate_connection", message: `${nodeKey} has opened another connection` });
  }
}
