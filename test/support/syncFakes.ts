// One node that syncs, and scripted peers around it, over simulated time: every message has its delay, and the same
// script gives the same messages. Honest peers answer with the real server.

import { sha256 } from "../../src/core/crypto/index.ts";
import type { Offence, Peer, PeerLinks } from "../../src/core/network/peer.ts";
import type { DeepSplit } from "../../src/core/network/sync/headerSync.ts";
import { Sync, type SyncStatus } from "../../src/core/network/sync/sync.ts";
import { SyncPeers } from "../../src/core/network/sync/syncPeers.ts";
import { SyncServer } from "../../src/core/network/sync/syncServer.ts";
import type { Message, PeerHead, SyncRequest, SyncResponse } from "../../src/core/network/wire/message.ts";
import type { Logger } from "../../src/core/ports/index.ts";
import { type Bytes, bytesToHash, type Hash, type TimestampMs, ZERO_ADDRESS } from "../../src/core/primitives/index.ts";
import { decodeTransaction } from "../../src/core/protocol/index.ts";
import { type FakeBlock, FakeChain, START_MS } from "./syncFakeChain.ts";

const BLOCK_SIZE_BYTES_MAX = 1024 * 1024;
const TICK_MS = 100;
const EVENTS_MAX = 1_000_000;
/** These end the connection at once, as the real scoring does. */
const FATAL: readonly Offence[] = ["invalid_block", "invalid_header"];

/** Changes an honest answer; undefined swallows it. */
export type Script = (answer: SyncResponse, request: SyncRequest) => SyncResponse | undefined;

export interface PeerOptions {
  readonly blocks: readonly FakeBlock[];
  readonly latencyMs?: number;
  /** What it announces, in place of its chain's head. */
  readonly claim?: PeerHead;
  readonly script?: Script;
}

class FakePeer {
  readonly chain: FakeChain;
  readonly connectionId: number;
  readonly latencyMs: number;
  readonly script: Script;
  claim: PeerHead | undefined;
  isCongested = false;
  private readonly server: SyncServer;
  private readonly world: SyncWorld;
  private request: SyncRequest | undefined;

  constructor(world: SyncWorld, connectionId: number, options: PeerOptions) {
    this.world = world;
    this.connectionId = connectionId;
    this.chain = new FakeChain({ nowMs: () => world.nowMs, blocks: options.blocks });
    this.latencyMs = options.latencyMs ?? 10;
    this.claim = options.claim;
    this.script = options.script ?? ((answer) => answer);
    const asker = { connectionId, isCongested: false } as Peer;
    const links = {
      peer: () => asker,
      send: (_: number, message: Message) => this.reply(message),
    } as unknown as PeerLinks;
    this.server = new SyncServer({
      links,
      chain: this.chain,
      peers: new SyncPeers({ links, chain: this.chain }),
      blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX,
      nowMs: 0,
    });
    this.server.onPeerReady(connectionId, 0);
  }

  get peer(): Peer {
    const { connectionId, isCongested } = this;
    const head = this.claim ?? this.chain.head();
    return { connectionId, direction: "outbound", nodeKey: ZERO_ADDRESS, address: "127.0.0.1", head, isCongested };
  }

  onRequest(request: SyncRequest): void {
    this.request = request;
    this.server.onRequest(this.connectionId, request, this.world.nowMs - START_MS);
  }

  tick(): void {
    this.server.tick(this.world.nowMs - START_MS);
  }

  private reply(answer: Message): void {
    const changed = this.script(answer as SyncResponse, this.request as SyncRequest);
    if (changed !== undefined) this.world.toNode(this, changed);
  }
}

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export class SyncWorld {
  nowMs = START_MS;
  readonly chain: FakeChain;
  readonly sync: Sync;
  /** What the node sent, a line each. */
  readonly sent: string[] = [];
  readonly offences: { connectionId: number; offence: Offence; reason: string }[] = [];
  readonly splits: DeepSplit[] = [];
  readonly log: LogLine[] = [];
  readonly underway = new Set<Hash>();
  idleCount = 0;
  /** Looked at after every event. */
  check: (status: SyncStatus) => void = () => undefined;
  /** Transactions of each recovery job. */
  readonly recoveryJobs: number[] = [];
  recoveryMs: (transactionCount: number) => number = () => 20;
  private readonly peersById = new Map<number, FakePeer>();
  private events: { atMs: number; order: number; run: () => void }[] = [];
  private order = 0;

  constructor(options: { blocks?: readonly FakeBlock[]; reorgDepthMax?: number } = {}) {
    this.chain = new FakeChain({ ...options, nowMs: () => this.nowMs });
    const logger: Logger = {
      log: (level, event, fields = {}) => this.log.push({ level, event, fields }),
      module: () => logger,
    };
    this.sync = new Sync({
      links: this.links(),
      chain: this.chain,
      jobs: { verify: (encoded, done) => this.recover(encoded, done) },
      clock: { nowMs: () => this.nowMs as TimestampMs },
      logger,
      blockSizeBytesMax: BLOCK_SIZE_BYTES_MAX,
      hooks: { onDeepSplit: (split) => this.splits.push(split), onIdle: () => this.idleCount++ },
      isUnderway: (hash) => this.underway.has(hash),
    });
    this.later(TICK_MS, () => this.tick());
  }

  private links(): PeerLinks {
    return {
      peers: () => [...this.peersById.values()].map(({ peer }) => peer),
      peer: (connectionId) => this.peersById.get(connectionId)?.peer,
      send: (connectionId, message) => this.toPeer(connectionId, message),
      broadcast: () => undefined,
      punish: (connectionId, offence, reason) => {
        this.offences.push({ connectionId, offence, reason });
        if (FATAL.includes(offence)) this.disconnect(connectionId);
      },
    };
  }

  private recover(encoded: readonly Bytes[], done: (hashes: readonly (Hash | undefined)[]) => void): boolean {
    this.recoveryJobs.push(encoded.length);
    const hashes = encoded.map((bytes) => {
      const decoded = decodeTransaction(bytes);
      return decoded.ok && decoded.value.signature.startsWith("0x00") ? bytesToHash(sha256(bytes)) : undefined;
    });
    this.later(this.recoveryMs(encoded.length), () => done(hashes));
    return true;
  }

  later(delayMs: number, run: () => void): void {
    this.events.push({ atMs: this.nowMs + delayMs, order: this.order++, run });
  }

  private tick(): void {
    this.sync.tick();
    for (const peer of this.peersById.values()) peer.tick();
    this.later(TICK_MS, () => this.tick());
  }

  connect(options: PeerOptions): FakePeer {
    const peer = new FakePeer(this, this.order++ + 1, options);
    this.peersById.set(peer.connectionId, peer);
    this.sync.onPeerReady(peer.peer);
    return peer;
  }

  disconnect(connectionId: number): void {
    if (this.peersById.delete(connectionId)) this.sync.onPeerGone(connectionId);
  }

  /** The peer's chain grows, and it says so. */
  announce(peer: FakePeer, blocks: readonly FakeBlock[]): void {
    for (const block of blocks) peer.chain.extend(block);
    this.sync.onPeerHead(peer.peer);
  }

  private toPeer(connectionId: number, message: Message): void {
    const peer = this.peersById.get(connectionId);
    if (peer === undefined) return;
    if (message.type !== "SyncRequest") {
      this.sent.push(`${connectionId} ${message.type}`);
      return;
    }
    const detail = message.kind === "headers" ? message.locator : message.hashes;
    this.sent.push(`${connectionId} ${message.kind} ${message.requestId} ${detail.length} ${detail[0]}`);
    this.later(peer.latencyMs, () => peer.onRequest(message));
  }

  toNode(peer: FakePeer, message: SyncResponse): void {
    this.later(peer.latencyMs, () => {
      if (this.peersById.get(peer.connectionId) === peer) this.sync.onMessage(peer.peer, message);
    });
  }

  /** Goes on until `isDone` or until so much time has passed. @returns whether it was done */
  run(options: { isDone?: () => boolean; timeMs?: number }): boolean {
    const { isDone = () => false, timeMs = 120_000 } = options;
    const endMs = this.nowMs + timeMs;
    for (let count = 0; count < EVENTS_MAX; count++) {
      if (isDone()) return true;
      this.check(this.sync.progress());
      if (this.sync.hasWork()) {
        this.sync.step();
        continue;
      }
      const next = this.takeNext();
      if (next === undefined || next.atMs > endMs) {
        if (next !== undefined) this.events.push(next);
        this.nowMs = endMs;
        return isDone();
      }
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    throw new Error("the world does not come to rest");
  }

  private takeNext(): { atMs: number; order: number; run: () => void } | undefined {
    let best = 0;
    for (const [index, event] of this.events.entries()) {
      const found = this.events[best] as { atMs: number; order: number };
      if (event.atMs < found.atMs || (event.atMs === found.atMs && event.order < found.order)) best = index;
    }
    return this.events.splice(best, 1)[0];
  }

  offencesOf(peer: { connectionId: number }): Offence[] {
    return this.offences.filter(({ connectionId }) => connectionId === peer.connectionId).map(({ offence }) => offence);
  }

  lines(level: string): string[] {
    return this.log.filter((line) => line.level === level).map(({ event }) => event);
  }
}
