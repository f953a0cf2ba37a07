// Nodes for the tests of peers: a lone one whose transport is a list of what was sent, and several in one process whose
// messages travel in streams, delivered in an order that a seed gives.

import { secretKeyToAddress } from "../../../../../src/core/crypto/index.ts";
import type { NodeIdentity, NoteStore } from "../../../../../src/core/network/chainAccess.ts";
import type { Peer } from "../../../../../src/core/network/peer.ts";
import { PeerManager, type PeerMessage } from "../../../../../src/core/network/peers/peerManager.ts";
import { DEFAULT_NETWORK_SETTINGS, type NetworkSettings } from "../../../../../src/core/network/settings.ts";
import type { Message, PeerHead, PeerInfo, PeerRefusal } from "../../../../../src/core/network/wire/message.ts";
import type { LogFields, Logger, LogLevel, Transport, TransportEvent } from "../../../../../src/core/ports/index.ts";
import {
  type Bytes,
  EMPTY_BYTES,
  type Hash,
  type Height,
  type TimestampMs,
} from "../../../../../src/core/primitives/index.ts";
import { createSeededRng, type SeededRng } from "../../../../support/seededRng.ts";

export const GENESIS = `0x${"11".repeat(32)}` as Hash;
export const START_MS = 1_700_000_000_000;

export function identityOf(index: number): NodeIdentity {
  const secretKey = new Uint8Array(32).fill(index + 1);
  return { secretKey, nodeKey: secretKeyToAddress(secretKey) };
}

/** Identities with ascending node keys. */
export function orderedIdentities(count: number): readonly NodeIdentity[] {
  const identities = Array.from({ length: count }, (_, index) => identityOf(index));
  return identities.toSorted((left, right) => (left.nodeKey < right.nodeKey ? -1 : 1));
}

export function headAt(height: number): PeerHead {
  const hash = `0x${height.toString(16).padStart(64, "0")}` as Hash;
  return { height: height as Height, hash, totalWork: BigInt(height) };
}

export class TestClock {
  ms = START_MS;
  nowMs(): TimestampMs {
    return this.ms as TimestampMs;
  }
}

export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

export class TestLogger implements Logger {
  readonly lines: LogLine[] = [];
  log(level: LogLevel, event: string, fields: LogFields = {}): void {
    this.lines.push({ level, event, fields });
  }
  module(): Logger {
    return this;
  }
  at(level: LogLevel): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }
}

export class TestNotes implements NoteStore {
  readonly records = new Map<string, Bytes>();
  saves = 0;
  note(name: string): Bytes | undefined {
    return this.records.get(name);
  }
  saveNote(name: string, value: Bytes): void {
    this.saves++;
    this.records.set(name, value);
  }
}

export interface NodeOptions {
  readonly identity?: NodeIdentity;
  readonly settings?: Partial<NetworkSettings>;
  readonly genesisHash?: Hash;
  readonly consensus?: string;
  readonly notes?: TestNotes;
  readonly clock?: TestClock;
  readonly seed?: number;
}

/** One node and what its owner hears. */
export class TestNode {
  readonly identity: NodeIdentity;
  readonly clock: TestClock;
  readonly rng: SeededRng;
  readonly logger = new TestLogger();
  readonly notes: TestNotes;
  readonly manager: PeerManager;
  readonly ready: Peer[] = [];
  readonly gone: number[] = [];
  readonly heads: Peer[] = [];
  readonly received: PeerMessage[] = [];
  head = headAt(0);

  constructor(transport: Transport<Message>, options: NodeOptions = {}) {
    this.identity = options.identity ?? identityOf(0);
    this.clock = options.clock ?? new TestClock();
    this.rng = createSeededRng(options.seed ?? 1);
    this.notes = options.notes ?? new TestNotes();
    this.manager = new PeerManager({
      identity: this.identity,
      settings: { ...DEFAULT_NETWORK_SETTINGS, ...options.settings },
      genesisHash: options.genesisHash ?? GENESIS,
      consensus: options.consensus ?? "pow",
      head: () => this.head,
      transport,
      clock: this.clock,
      rng: this.rng,
      logger: this.logger,
      notes: this.notes,
      hooks: {
        onReady: (peer) => this.ready.push(peer),
        onGone: (connectionId) => this.gone.push(connectionId),
        onHead: (peer) => this.heads.push(peer),
      },
    });
  }

  on(event: TransportEvent<Message>): void {
    const routed = this.manager.onTransportEvent(event);
    if (routed !== undefined) this.received.push(routed);
  }
}

/** A transport that goes nowhere. */
export class RecordingTransport implements Transport<Message> {
  readonly sent: { connectionId: number; message: Message }[] = [];
  readonly dialled: { connectionId: number; endpoint: string }[] = [];
  readonly closed: number[] = [];
  refused: readonly string[] = [];
  connect(options: { connectionId: number; endpoint: string }): void {
    this.dialled.push(options);
  }
  send(connectionIds: readonly number[], message: Message): void {
    for (const connectionId of connectionIds) this.sent.push({ connectionId, message });
  }
  close(connectionId: number): void {
    this.closed.push(connectionId);
  }
  refuse(addresses: readonly string[]): void {
    this.refused = addresses;
  }
  to(connectionId: number): readonly Message[] {
    return this.sent.filter((item) => item.connectionId === connectionId).map((item) => item.message);
  }
  /** The PeerInfo messages of a kind that were sent over a connection. */
  infos<Kind extends PeerInfo["kind"]>(connectionId: number, kind: Kind): Extract<PeerInfo, { kind: Kind }>[] {
    const messages = this.to(connectionId).filter((message) => message.type === "PeerInfo" && message.kind === kind);
    return messages as Extract<PeerInfo, { kind: Kind }>[];
  }
}

interface End {
  readonly node: NetNode;
  readonly connectionId: number;
}

interface Link {
  readonly ends: readonly [End, End];
  isOpen: boolean;
}

export class NetNode {
  readonly host: string;
  readonly endpoint: string;
  readonly links = new Map<number, Link>();
  refused: readonly string[] = [];
  readonly node: TestNode;

  constructor(net: TestNet, options: NodeOptions & { host: string }) {
    this.host = options.host;
    this.endpoint = `${options.host}:6000`;
    const settings = { listenEndpoint: this.endpoint, ...options.settings };
    this.node = new TestNode(net.transportOf(this), { clock: net.clock, ...options, settings });
  }

  get manager(): PeerManager {
    return this.node.manager;
  }
}

interface Stream {
  readonly target: NetNode;
  readonly events: TransportEvent<Message>[];
}

/** Several nodes and the streams between them. Each direction of each connection keeps its order; streams overtake. */
export class TestNet {
  readonly clock = new TestClock();
  readonly nodes: NetNode[] = [];
  /** Every refusal that was sent, by the host of its sender. */
  readonly refusals: { from: string; message: PeerRefusal }[] = [];
  /** 32 bytes for TLS; empty for none. */
  binding: Bytes = EMPTY_BYTES;
  private readonly rng: SeededRng;
  private readonly streams = new Map<string, Stream>();
  private inboundId = 1;

  constructor(seed = 1) {
    this.rng = createSeededRng(seed);
  }

  add(options: NodeOptions & { host: string }): NetNode {
    const node = new NetNode(this, { seed: this.nodes.length + 1, ...options });
    this.nodes.push(node);
    return node;
  }

  private push(end: End, event: TransportEvent<Message>): void {
    const key = `${end.node.host}/${end.connectionId}`;
    const stream = this.streams.get(key) ?? { target: end.node, events: [] };
    this.streams.set(key, stream);
    stream.events.push(event);
  }

  transportOf(own: NetNode): Transport<Message> {
    return {
      connect: ({ connectionId, endpoint }) => this.connect(own, { connectionId, endpoint }),
      send: (connectionIds, message) => {
        for (const connectionId of connectionIds) this.send(own, { connectionId, message });
      },
      close: (connectionId) => {
        const link = own.links.get(connectionId);
        if (link === undefined || !link.isOpen) return;
        link.isOpen = false;
        for (const end of link.ends) {
          this.push(end, { kind: "disconnected", connectionId: end.connectionId, reason: "closed" });
        }
      },
      refuse: (addresses) => {
        own.refused = addresses;
      },
    };
  }

  private connect(own: NetNode, options: { connectionId: number; endpoint: string }): void {
    const { connectionId, endpoint } = options;
    const dialler: End = { node: own, connectionId };
    const target = this.nodes.find((node) => node.endpoint === endpoint || `alias-${node.endpoint}` === endpoint);
    if (target === undefined || target.refused.includes(own.host)) {
      this.push(dialler, { kind: "failed", connectionId, reason: `${endpoint} does not answer` });
      return;
    }
    const acceptor: End = { node: target, connectionId: this.inboundId };
    this.inboundId += 2;
    const link: Link = { ends: [dialler, acceptor], isOpen: true };
    for (const [end, other, direction] of [
      [dialler, acceptor, "outbound"],
      [acceptor, dialler, "inbound"],
    ] as const) {
      end.node.links.set(end.connectionId, link);
      const address = other.node.host;
      const port = direction === "outbound" ? 6000 : 50_000;
      const { connectionId } = end;
      this.push(end, { kind: "connected", connectionId, direction, address, port, channelBinding: this.binding });
    }
  }

  private send(own: NetNode, options: { connectionId: number; message: Message }): void {
    const { connectionId, message } = options;
    const link = own.links.get(connectionId);
    if (link === undefined || !link.isOpen) return;
    if (message.type === "PeerInfo" && message.kind === "refusal") this.refusals.push({ from: own.host, message });
    const [first, second] = link.ends;
    const other = first.node === own && first.connectionId === connectionId ? second : first;
    this.push(other, { kind: "message", connectionId: other.connectionId, message, sizeBytes: 100 });
  }

  /** Delivers one event of one stream; false when there is none. */
  private step(): boolean {
    const waiting = [...this.streams.values()].filter((stream) => stream.events.length > 0);
    const stream = waiting.length === 0 ? undefined : waiting[this.rng.uint(waiting.length)];
    const event = stream?.events.shift();
    if (stream === undefined || event === undefined) return false;
    stream.target.node.on(event);
    return true;
  }

  /** Delivers all there is, and what comes of it. */
  settle(): void {
    for (let count = 0; this.step(); count++) if (count > 100_000) throw new Error("the nodes do not come to rest");
  }

  /** Lets time pass in steps of a second, with a tick of every node in each. */
  run(durationMs: number): void {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 1_000) {
      for (const node of this.nodes) node.manager.tick();
      this.settle();
      this.clock.ms += 1_000;
    }
  }
}
