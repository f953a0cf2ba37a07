// The connections that there are, and every way in which one ends: refused here, refused there, lost, punished, banned.

import type { Logger, Transport } from "../../ports/index.ts";
import type { Hash, Refusal } from "../../primitives/index.ts";
import type { Offence } from "../peer.ts";
import type { Message, PeerRefusal } from "../wire/message.ts";
import type { Connection, LivePeer } from "./connection.ts";
import { type Dialler, LASTING_MS } from "./dialler.ts";
import type { Discipline } from "./discipline.ts";
import type { RefusalCode } from "./handshake.ts";
import { plainText } from "./plainText.ts";
import { RateWindow } from "./rateWindow.ts";
import { type ConnectionOffence, pointsOf, SCORE_LIMIT, Score } from "./scoring.ts";
import type { SteadyTime } from "./steadyTime.ts";

/** Ended connections whose peers are still held to what they sent: all that is under way is checked by then. */
const DEPARTED_MAX = 256;
/** Refusals told of at level warn in a minute; what is past that is told at level debug. */
const REFUSALS_TOLD_PER_MINUTE_MAX = 10;
/** Of what goes to or comes from another node, in characters. */
const REFUSAL_CODE_LENGTH_MAX = 64;
const REFUSAL_MESSAGE_LENGTH_MAX = 256;

/** Ends of this node's making that say nothing against the other end. */
const CALM_CODES: readonly (RefusalCode | undefined)[] = [
  "duplicate_connection",
  "self_connection",
  "evicted",
  "shutting_down",
];
/** What the other end says of these is told with this node's own values. */
const MISMATCH_CODES: readonly (RefusalCode | undefined)[] = ["wrong_protocol", "wrong_genesis", "wrong_consensus"];

/** How a connection ends; without a code it was lost. */
interface Ending {
  readonly code: RefusalCode | undefined;
  readonly reason: string;
  /** The other end gave the code, and may have given any. */
  readonly isTold: boolean;
}

export class ConnectionTable {
  private readonly connections = new Map<number, Connection>();
  private readonly established = new Map<number, LivePeer>();
  private readonly departed = new Map<number, Pick<Connection, "address" | "isBootstrapDial">>();
  private readonly toldRate = new RateWindow({ countMax: REFUSALS_TOLD_PER_MINUTE_MAX, windowMs: 60_000 });
  private readonly transport: Transport<Message>;
  private readonly time: SteadyTime;
  private readonly logger: Logger;
  private readonly discipline: Discipline;
  private readonly dialler: Dialler;
  private readonly chain: { readonly genesisHash: Hash; readonly consensus: string };
  private readonly onGone: (connectionId: number) => void;

  constructor(options: {
    transport: Transport<Message>;
    time: SteadyTime;
    logger: Logger;
    discipline: Discipline;
    dialler: Dialler;
    chain: { readonly genesisHash: Hash; readonly consensus: string };
    onGone: (connectionId: number) => void;
  }) {
    this.transport = options.transport;
    this.time = options.time;
    this.logger = options.logger;
    this.discipline = options.discipline;
    this.dialler = options.dialler;
    this.chain = options.chain;
    this.onGone = options.onGone;
  }

  get(connectionId: number): Connection | undefined {
    return this.connections.get(connectionId);
  }

  /** A copy, which stays as it is while connections end. */
  all(): readonly Connection[] {
    return [...this.connections.values()];
  }

  /** Those that have passed the handshake, in the order in which they did; a copy. */
  peers(): readonly LivePeer[] {
    return [...this.established.values()];
  }

  peer(connectionId: number): LivePeer | undefined {
    return this.established.get(connectionId);
  }

  add(connection: Connection): void {
    this.connections.set(connection.connectionId, connection);
  }

  establish(connection: Connection, peer: LivePeer): void {
    connection.peer = peer;
    this.established.set(peer.connectionId, peer);
  }

  /** Tells the other end why, and ends the connection. */
  refuse(connectionId: number, refusal: Refusal<RefusalCode>): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return;
    const { code } = refusal;
    const message = plainText(refusal.message, REFUSAL_MESSAGE_LENGTH_MAX);
    this.transport.send([connectionId], { type: "PeerInfo", kind: "refusal", code, message });
    this.end(connection, { code, reason: `${code}: ${message}`, isTold: false });
    if (connection.peer === undefined) this.tell("refused a connection", connection, { code, reason: message });
  }

  /** The other end has told why it leaves. */
  onRefusal(connection: Connection, refusal: PeerRefusal): void {
    const code = refusal.code as RefusalCode;
    const told = plainText(refusal.message, REFUSAL_MESSAGE_LENGTH_MAX);
    const { genesisHash, consensus } = this.chain;
    const own = MISMATCH_CODES.includes(code) ? `; here: genesis ${genesisHash}, consensus ${consensus}` : "";
    const reason = `the other end says ${plainText(code, REFUSAL_CODE_LENGTH_MAX)}: ${told}${own}`;
    this.end(connection, { code, reason, isTold: true });
    if (connection.peer === undefined) this.tell("refused by the other end", connection, { code, reason });
  }

  /** The connection is gone. */
  lost(connection: Connection, reason: string): void {
    this.end(connection, { code: undefined, reason, isTold: false });
  }

  private tell(event: string, connection: Connection, options: Pick<Ending, "code" | "reason">): void {
    const { code, reason } = options;
    const { address, endpoint } = connection;
    // The dialler tells of what becomes of its attempts, less often with each.
    const isWorthy = endpoint === undefined && !CALM_CODES.includes(code) && this.toldRate.take(this.time.nowMs());
    this.logger.log(isWorthy ? "warn" : "debug", event, { address, endpoint, code, reason });
  }

  /** Adds points; at the limit the connection ends, and with it all others from its address, which is banned. */
  offend(connection: Connection, offence: Offence | ConnectionOffence, reason: string): void {
    const { connectionId, address, isBootstrapDial, score } = connection;
    const points = score.add(pointsOf(offence), this.time.nowMs());
    this.logger.log("debug", "peer broke a rule", { address, offence, reason, points });
    if (points < SCORE_LIMIT) return;
    const why = `${offence}: ${reason}`;
    // The operator has named this peer. One bad block of a friend must not split a cluster for an hour.
    if (isBootstrapDial) this.refuse(connectionId, { code: "misbehaviour", message: why });
    else this.banAddress(address, why);
  }

  /** As `offend`, also for a peer that has left meanwhile. */
  punish(connectionId: number, offence: Offence, reason: string): void {
    const connection = this.connections.get(connectionId);
    if (connection !== undefined) {
      this.offend(connection, offence, reason);
      return;
    }
    const departed = this.departed.get(connectionId);
    if (departed === undefined || departed.isBootstrapDial) return;
    // What else it had sent before its ban is part of what it was banned for.
    if (this.discipline.find(departed.address) !== undefined) return;
    this.addToMemory(departed.address, { extra: pointsOf(offence), reason: `${offence}: ${reason}` });
  }

  private addToMemory(address: string, options: { score?: Score; extra: number; reason: string }): void {
    const nowMs = this.time.nowMs();
    const { score = new Score({ points: 0, nowMs }), extra, reason } = options;
    const points = this.discipline.remember(address, { score, extra, nowMs });
    if (points >= SCORE_LIMIT) this.banAddress(address, reason);
  }

  private banAddress(address: string, reason: string): void {
    const ban = this.discipline.ban(address, reason);
    const message = `${address} is banned until ${ban.untilMs} (Unix ms): ${reason}`;
    for (const connection of this.all()) {
      if (connection.address !== address || connection.isBootstrapDial) continue;
      this.refuse(connection.connectionId, { code: "banned", message });
    }
  }

  private end(connection: Connection, ending: Ending): void {
    const { connectionId, address, direction, peer, score, openedAtMs, isBootstrapDial } = connection;
    if (!this.connections.delete(connectionId)) return;
    this.established.delete(connectionId);
    this.transport.close(connectionId);
    const nowMs = this.time.nowMs();
    this.noteDeparture(connection);
    const isElsewhere = this.peers().some((other) => other.nodeKey === connection.nodeKey);
    this.dialler.lost(connection, { ...ending, isElsewhere, nowMs });
    if (peer !== undefined) {
      this.logger.log("info", "peer left", { nodeKey: peer.nodeKey, address, direction, reason: ending.reason });
      this.onGone(connectionId);
    }
    if (isBootstrapDial || ending.code === "banned") return;
    const isCalm = !ending.isTold && CALM_CODES.includes(ending.code);
    const isShort = direction === "inbound" && nowMs - openedAtMs < LASTING_MS && !isCalm;
    const extra = isShort ? pointsOf("short_connection") : 0;
    this.addToMemory(address, { score, extra, reason: "many connections that ended as soon as they were opened" });
  }

  private noteDeparture(connection: Connection): void {
    const { connectionId, address, isBootstrapDial } = connection;
    if (this.departed.size >= DEPARTED_MAX) {
      const [oldest] = this.departed.keys();
      if (oldest !== undefined) this.departed.delete(oldest);
    }
    this.departed.set(connectionId, { address, isBootstrapDial });
  }
}
