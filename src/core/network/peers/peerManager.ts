// All connections of this node, from the first byte to the last. This file joins the parts: who gets in (entrance), what
// there is and how it ends (connectionTable), whom this node calls (dialler), what it tells (announcer). What an
// established peer says of blocks, transactions and votes goes back to the caller.

import type { Clock, LineFault, Logger, Rng, Transport, TransportEvent } from "../../ports/index.ts";
import type { Hash } from "../../primitives/index.ts";
import type { NodeIdentity, NoteStore } from "../chainAccess.ts";
import { ENDPOINTS_PER_MESSAGE_MAX } from "../limits.ts";
import type { Offence, Peer, PeerLinks } from "../peer.ts";
import type { NetworkSettings } from "../settings.ts";
import type { Message, PeerHead, PeerInfo, PeerStatus, Ping, Pong } from "../wire/message.ts";
import { Announcer } from "./announcer.ts";
import { BookKeeper } from "./bookKeeper.ts";
import type { LivePeer } from "./connection.ts";
import { ConnectionTable } from "./connectionTable.ts";
import { type BootstrapPeer, Dialler } from "./dialler.ts";
import { Discipline } from "./discipline.ts";
import { Entrance } from "./entrance.ts";
import { type ConnectionsView, connectionsView } from "./peersView.ts";
import { SteadyTime } from "./steadyTime.ts";

export interface PeerHooks {
  /** A peer has passed the handshake. */
  onReady(peer: Peer): void;
  /** A peer that was ready has left. */
  onGone(connectionId: number): void;
  /** A peer has told of another head. */
  onHead(peer: Peer): void;
}

export interface PeerManagerOptions {
  readonly identity: NodeIdentity;
  readonly settings: NetworkSettings;
  readonly genesisHash: Hash;
  /** The engine's name. */
  readonly consensus: string;
  readonly head: () => PeerHead;
  readonly transport: Transport<Message>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly notes: NoteStore;
  readonly hooks: PeerHooks;
}

/** What an established peer said that is not about the connection. */
export interface PeerMessage {
  readonly peer: Peer;
  readonly message: Exclude<Message, PeerInfo | Ping | Pong>;
}

/** After these the transport reads nothing more of the connection, so there is no use in it. */
const ENDING_FAULTS: readonly LineFault[] = ["line_too_long", "line_too_slow"];

type Event<Kind extends TransportEvent<Message>["kind"]> = Extract<TransportEvent<Message>, { kind: Kind }>;

export class PeerManager implements PeerLinks {
  private readonly options: PeerManagerOptions;
  private readonly time: SteadyTime;
  private readonly keeper: BookKeeper;
  private readonly discipline: Discipline;
  private readonly dialler: Dialler;
  private readonly announcer: Announcer;
  private readonly table: ConnectionTable;
  private readonly entrance: Entrance;

  constructor(options: PeerManagerOptions) {
    const { identity, settings, genesisHash, consensus, head, transport, clock, rng, logger, notes, hooks } = options;
    const local = { identity, genesisHash, consensus, allowedNodeKeys: settings.allowedNodeKeys };
    const time = new SteadyTime(clock);
    const keeper = new BookKeeper({ settings, notes, logger });
    const { book } = keeper;
    const discipline = new Discipline({ clock, transport, notes, logger });
    const dialler = new Dialler({ book, transport, rng, logger, outboundMax: settings.outboundMax });
    const onGone = (connectionId: number): void => hooks.onGone(connectionId);
    const onReady = (peer: Peer): void => hooks.onReady(peer);
    const chain = { genesisHash, consensus };
    this.options = options;
    this.time = time;
    this.keeper = keeper;
    this.discipline = discipline;
    this.dialler = dialler;
    this.announcer = new Announcer({ transport, book, rng, head });
    this.table = new ConnectionTable({ transport, time, logger, discipline, dialler, chain, onGone });
    const { table } = this;
    const shared = { settings, head, transport, clock, time, rng, logger, book, discipline, dialler, table };
    this.entrance = new Entrance({ local, onReady, ...shared });
  }

  peers(): readonly Peer[] {
    return this.table.peers();
  }

  peer(connectionId: number): Peer | undefined {
    return this.table.peer(connectionId);
  }

  send(connectionId: number, message: Message): void {
    this.broadcast([connectionId], message);
  }

  broadcast(connectionIds: readonly number[], message: Message): void {
    const targets = connectionIds.filter((connectionId) => this.table.peer(connectionId) !== undefined);
    if (targets.length > 0) this.options.transport.send(targets, message);
  }

  punish(connectionId: number, offence: Offence, reason: string): void {
    this.table.punish(connectionId, offence, reason);
  }

  noteUseful(connectionId: number): void {
    const peer = this.table.peer(connectionId);
    if (peer !== undefined) peer.usefulAtMs = this.time.nowMs();
  }

  /** @returns what is for gossip or sync */
  onTransportEvent(event: TransportEvent<Message>): PeerMessage | undefined {
    const { connectionId } = event;
    switch (event.kind) {
      case "connected":
        this.entrance.onConnected(event);
        return undefined;
      case "failed":
        this.dialler.failed(connectionId, { reason: event.reason, nowMs: this.time.nowMs() });
        return undefined;
      case "message":
        return this.onMessage(event);
      case "fault":
        this.onFault(event);
        return undefined;
      case "congestion": {
        const peer = this.table.peer(connectionId);
        if (peer !== undefined) peer.isCongested = event.isCongested;
        return undefined;
      }
      case "disconnected": {
        const connection = this.table.get(connectionId);
        if (connection !== undefined) this.table.lost(connection, event.reason);
        return undefined;
      }
    }
  }

  /** What is due by time; to be called about every second. */
  tick(): void {
    const nowMs = this.time.nowMs();
    this.entrance.tick();
    for (const peer of this.table.peers()) this.checkLiveness(peer, nowMs);
    this.announcer.tick(this.table.peers(), nowMs);
    this.dialler.tick(this.table.all(), nowMs);
    this.discipline.tick(nowMs);
    this.keeper.tick(nowMs);
  }

  /** The node's head has changed. */
  announceHead(): void {
    this.announcer.announce(this.table.peers(), this.time.nowMs());
  }

  bootstrapState(): readonly BootstrapPeer[] {
    return this.dialler.bootstrapState(this.table.all());
  }

  view(): ConnectionsView {
    const { table, discipline, dialler, keeper, time } = this;
    return connectionsView({
      connections: table.all(),
      nowMs: time.nowMs(),
      bans: discipline.list(),
      dialling: dialler.count,
      book: keeper.book,
    });
  }

  /** Takes leave of all peers, and saves what is worth keeping. */
  stop(): void {
    for (const { connectionId } of this.table.all()) {
      this.table.refuse(connectionId, { code: "shutting_down", message: "this node is shutting down" });
    }
    this.discipline.save();
    this.keeper.save();
  }

  private checkLiveness(peer: LivePeer, nowMs: number): void {
    const { connectionId, liveness } = peer;
    const step = liveness.check(nowMs, this.options.rng);
    if (step?.kind === "ping") this.send(connectionId, { type: "Ping", nonce: step.nonce });
    if (step?.kind === "dead") {
      this.table.refuse(connectionId, { code: "silent", message: "nothing was heard for too long" });
    }
  }

  private onMessage(event: Event<"message">): PeerMessage | undefined {
    const { connectionId, message } = event;
    const connection = this.table.get(connectionId);
    if (connection === undefined) return undefined;
    const { peer } = connection;
    if (message.type === "PeerInfo" && message.kind === "refusal") this.table.onRefusal(connection, message);
    else if (peer === undefined) this.entrance.onMessage(connection, message);
    else {
      const nowMs = this.time.nowMs();
      peer.liveness.heard(nowMs);
      if (message.type === "Ping") this.onPing(peer, { nonce: message.nonce, nowMs });
      else if (message.type === "Pong") this.onPong(peer, { nonce: message.nonce, nowMs });
      else if (message.type !== "PeerInfo") return { peer, message };
      else if (message.kind === "status") this.onStatus(peer, { status: message, nowMs });
      else this.entrance.violate(connection, `a ${message.kind} came after the handshake was done`);
    }
    return undefined;
  }

  private onPing(peer: LivePeer, options: { nonce: number; nowMs: number }): void {
    const { nonce, nowMs } = options;
    if (peer.pings.take(nowMs)) this.send(peer.connectionId, { type: "Pong", nonce });
    else this.punish(peer.connectionId, "too_many_requests", "too many pings in a minute");
  }

  private onPong(peer: LivePeer, options: { nonce: number; nowMs: number }): void {
    if (peer.liveness.onPong(options.nonce, options.nowMs)) return;
    this.punish(peer.connectionId, "unrequested", "a pong that answers no ping");
  }

  private onStatus(peer: LivePeer, options: { status: PeerStatus; nowMs: number }): void {
    const { head, endpoints } = options.status;
    const { connectionId, address } = peer;
    if (!peer.statuses.take(options.nowMs)) {
      this.punish(connectionId, "flood", "too many announcements in a minute");
      return;
    }
    if (endpoints.length > ENDPOINTS_PER_MESSAGE_MAX) {
      const reason = `${endpoints.length} endpoints in one message; at most ${ENDPOINTS_PER_MESSAGE_MAX}`;
      this.punish(connectionId, "malformed_message", reason);
      return;
    }
    for (const endpoint of endpoints) this.keeper.book.learn(endpoint, { address });
    // It may go back: a node that takes blocks back says so.
    const isOther = head.hash !== peer.head.hash;
    peer.head = head;
    if (isOther) this.options.hooks.onHead(peer);
  }

  private onFault(event: Event<"fault">): void {
    const { connectionId, fault, reason } = event;
    const connection = this.table.get(connectionId);
    if (connection === undefined) return;
    this.table.offend(connection, fault, reason);
    const message = `${fault}: ${reason}`;
    if (connection.peer === undefined) this.table.refuse(connectionId, { code: "handshake_violation", message });
    else if (ENDING_FAULTS.includes(fault)) this.table.refuse(connectionId, { code: "misbehaviour", message });
  }
}
