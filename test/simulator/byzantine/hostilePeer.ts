// A peer that keeps no rule: it connects to nodes, greets, attacks, and lies when it is asked. Once it is kept out, it
// comes again with another address and another key.

import type { Message } from "../../../src/core/network/index.ts";
import { lineSizeBytesMax } from "../../../src/core/network/index.ts";
import type { ConnectionDirection } from "../../../src/core/ports/index.ts";
import type { Bytes } from "../../../src/core/primitives/index.ts";
import { decodeBlock, encodeHeader, joinBlock } from "../../../src/core/protocol/index.ts";
import { keyHolder } from "../accounts.ts";
import type { Cluster } from "../cluster.ts";
import type { Random } from "../random.ts";
import type { Timer } from "../scheduler.ts";
import type { NetworkHost, Payload } from "../simulatedNetwork.ts";
import type { SimulatedNode } from "../simulatedNode.ts";
import type { WireReading } from "../wire.ts";
import {
  ATTACK_NAMES,
  ATTACKS,
  type AttackOptions,
  answer,
  answerTruly,
  garbled,
  type Lure,
  lureWith,
} from "./attacks.ts";
import { UNDENIABLE_FORGERY_NAMES } from "./forgeries.ts";
import { HOSTILE_LINES } from "./lines.ts";
import { HostileSession } from "./session.ts";
import { Spy } from "./spy.ts";

const KEY_FIRST = 4000;
const BENEFICIARY_FIRST = 5000;
/** Addresses that it has; each comes with the next of fewer keys, since those cost time to make. */
const ADDRESSES_MAX = 250;
const KEYS_MAX = 20;
const PORT = 6000;
const ATTACK_MS = { min: 400, max: 4_000 };
/** Of the transactions that it hears of on their way. */
const OVERTAKING_SHARE = 0.2;
/** Of the blocks that it hears of on their way. Each costs it its connections. */
const DISGUISING_SHARE = 0.2;
/** Between two looks at what has become of a provocation. */
const PROVOCATION_MS = 1_000;
/** Of all attacks: a false chain takes several messages both ways, so many of them come to nothing. */
const FALSE_CHAIN_SHARE = 0.2;
/** Between two false chains that are to have it banned. */
const FALSE_CHAIN_AGAIN_MS = 5_000;
/** Attempts that are refused before it takes another address. */
const REFUSALS_MAX = 2;

interface Provocation {
  readonly node: SimulatedNode;
  readonly kind: "line" | "false chain";
  /** When it was last sent, and may be sent again since honest blocks may have overtaken it. */
  sentMs: number | undefined;
  isShutOut: boolean;
}

interface Connection {
  readonly session: HostileSession;
  readonly read: (bytes: Uint8Array) => readonly WireReading<Message>[];
}

export class HostilePeer implements NetworkHost<Message> {
  readonly name: string;
  readonly port = PORT;
  address: string;
  private readonly cluster: Cluster;
  private readonly random: Random;
  private readonly index: number;
  private readonly spy: Spy;
  private readonly connections = new Map<number, Connection>();
  private readonly lure: Lure = { chain: undefined };
  private identityIndex = 0;
  private refusals = 0;
  private nextOutboundId = 2;
  private nextInboundId = 1;
  private timer: Timer | undefined;
  private provocation: Provocation | undefined;

  constructor(options: { cluster: Cluster; random: Random; index: number }) {
    this.cluster = options.cluster;
    this.random = options.random;
    this.index = options.index;
    this.name = `hostile-${options.index}`;
    this.address = this.addressOf(0);
    this.spy = new Spy({ cluster: options.cluster, beneficiary: BENEFICIARY_FIRST + options.index });
  }

  private addressOf(identity: number): string {
    return `10.${100 + this.index}.${identity}.1`;
  }

  private get identity() {
    const { address: nodeKey, secretKey } = keyHolder(
      KEY_FIRST + this.index * KEYS_MAX + (this.identityIndex % KEYS_MAX),
    );
    return { nodeKey, secretKey };
  }

  start(): void {
    this.cluster.world.network.attach(this);
    this.cluster.workload.listen((encoded) => this.overtake(encoded));
    this.plan();
  }

  stop(): void {
    this.timer?.cancel();
    this.cluster.world.network.detach(this);
    this.connections.clear();
  }

  /** Leaves its other doings, and gives a node a reason to ban it that leaves no doubt. */
  provoke(node: SimulatedNode): void {
    this.timer?.cancel();
    this.changeIdentity();
    this.lure.chain = undefined;
    const kind = this.random.pick(["line", "false chain"] as const);
    this.cluster.world.trace.milestone(this.name, "provokes", `${node.name} by a ${kind}`);
    this.provocation = { node, kind, sentMs: undefined, isShutOut: false };
    this.tryProvoked();
  }

  /** Whether the provoked node has closed the connection and takes none from the address any more. */
  get isShutOut(): boolean {
    return this.provocation?.isShutOut ?? false;
  }

  private tryProvoked(): void {
    const { provocation } = this;
    if (provocation === undefined || provocation.isShutOut) return;
    if (!this.isConnectedTo(provocation.node)) this.connectTo(`${provocation.node.name}:${PORT}`);
    for (const { session } of this.connections.values()) {
      if (session.isReady && session.address === provocation.node.address) this.sendProvocation(provocation, session);
    }
    this.timer = this.cluster.world.scheduler.after(PROVOCATION_MS, () => this.tryProvoked());
  }

  private sendProvocation(provocation: Provocation, session: HostileSession): void {
    const { kind, sentMs } = provocation;
    const { nowMs } = this.cluster.world.scheduler;
    if (sentMs !== undefined && (kind === "line" || nowMs < sentMs + FALSE_CHAIN_AGAIN_MS)) return;
    provocation.sentMs = nowMs;
    const options = this.attackOptions(session);
    const { random, lineSizeBytesMax } = options;
    if (kind === "line") session.sendBytes(HOSTILE_LINES["too long"]?.(random, lineSizeBytesMax) ?? random.bytes(1));
    else lureWith(random.pick(UNDENIABLE_FORGERY_NAMES), options);
  }

  private isConnectedTo(node: SimulatedNode): boolean {
    return [...this.connections.values()].some(({ session }) => session.address === node.address);
  }

  private plan(): void {
    const { scheduler } = this.cluster.world;
    this.timer = scheduler.after(this.random.int(ATTACK_MS.min, ATTACK_MS.max), () => {
      this.act();
      this.plan();
    });
  }

  /** Sends a transaction with a garbled signature to all nodes before the right one is there. */
  private overtake(encoded: Bytes): void {
    if (this.provocation !== undefined || !this.random.chance(OVERTAKING_SHARE)) return;
    const transactions = [garbled(encoded, this.random)];
    for (const { session } of this.connections.values()) {
      if (session.isReady) session.send({ type: "Transactions", transactions });
    }
  }

  /** Sends the header of a block that is on its way with another body, to nodes that may not have the block yet. */
  private disguise(block: Bytes, sender: HostileSession): void {
    const decoded = decodeBlock(block);
    const other = this.spy.anyBlock(this.random);
    if (!decoded.ok || other === undefined) return;
    const disguised = joinBlock({ header: encodeHeader(decoded.value.header), body: other.body });
    for (const { session } of this.connections.values()) {
      if (session.isReady && session !== sender) session.send({ type: "Block", block: disguised });
    }
  }

  private act(): void {
    const ready = [...this.connections.values()].filter(({ session }) => session.isReady);
    if (ready.length === 0 || this.random.chance(0.15)) {
      this.connect();
      return;
    }
    const { session } = this.random.pick(ready);
    const name = this.random.chance(FALSE_CHAIN_SHARE) ? "false chain" : this.random.pick(ATTACK_NAMES);
    this.cluster.world.trace.event(this.name, "attacks", `${session.address} ${name}`);
    ATTACKS[name]?.(this.attackOptions(session));
  }

  private attackOptions(session: HostileSession): AttackOptions {
    const { blockSizeBytesMax } = this.cluster.world.genesis.parameters;
    const { random, spy, lure } = this;
    return { session, random, spy, lure, lineSizeBytesMax: lineSizeBytesMax(blockSizeBytesMax) };
  }

  private connect(): void {
    if (this.refusals > REFUSALS_MAX) this.changeIdentity();
    this.connectTo(`${this.random.pick(this.cluster.nodes).name}:${PORT}`);
  }

  private connectTo(endpoint: string): void {
    const connectionId = this.nextOutboundId;
    this.nextOutboundId += 2;
    this.cluster.world.network.connect(this, { connectionId, endpoint });
  }

  private changeIdentity(): void {
    this.refusals = 0;
    this.identityIndex = (this.identityIndex + 1) % ADDRESSES_MAX;
    this.cluster.world.network.detach(this);
    this.connections.clear();
    this.address = this.addressOf(this.identityIndex);
    this.cluster.world.network.attach(this);
  }

  accept(): number | undefined {
    // While it waits for its ban, it has one connection at most.
    if (this.provocation !== undefined) return undefined;
    const connectionId = this.nextInboundId;
    this.nextInboundId += 2;
    return connectionId;
  }

  onConnected(options: { connectionId: number; direction: ConnectionDirection; address: string }): void {
    const { connectionId, direction, address } = options;
    const { network, wire } = this.cluster.world;
    const send = (bytes: Uint8Array) => network.send(this, connectionId, { kind: "bytes", bytes });
    const session = new HostileSession({
      connectionId,
      direction,
      address,
      identity: this.identity,
      genesisHash: this.spy.genesisHash,
      listenEndpoint: `${this.address}:${PORT}`,
      head: () => this.lure.chain?.head ?? this.spy.head(),
      random: this.random,
      send: (message) => send(wire.encode(message)),
      sendBytes: send,
    });
    this.connections.set(connectionId, { session, read: wire.createReader() });
  }

  onFailed(): void {
    this.refusals++;
    // All nodes live and can be reached by then, so nothing but a ban refuses it. Its lies may have done before the line.
    const { provocation } = this;
    if (provocation !== undefined && !this.isConnectedTo(provocation.node)) provocation.isShutOut = true;
  }

  onPayload(connectionId: number, payload: Payload<Message>): void {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return;
    if (payload.kind === "message") {
      this.onMessage(connection.session, payload.message);
      return;
    }
    for (const reading of connection.read(payload.bytes)) {
      if (reading.kind === "message") this.onMessage(connection.session, reading.message);
    }
  }

  private onMessage(session: HostileSession, message: Message): void {
    if (message.type === "PeerInfo" && (message.kind === "hello" || message.kind === "proof"))
      session.onGreeting(message);
    // A lie of the moment would have it banned for something else than what it is to be banned for.
    else if (this.provocation === undefined) {
      if (message.type === "Block" && this.random.chance(DISGUISING_SHARE)) this.disguise(message.block, session);
      answer(message, this.attackOptions(session));
    } else if (this.provocation.kind === "false chain") answerTruly(message, this.attackOptions(session));
  }

  onCongestion(): void {
    // It sends whatever waits already.
  }

  onDisconnected(connectionId: number): void {
    this.connections.delete(connectionId);
    this.refusals++;
  }
}
