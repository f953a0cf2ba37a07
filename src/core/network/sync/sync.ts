// Catching up with other nodes, and serving those that catch up (docs/spec/sync.md): headers first, their blocks from
// several peers at once, signatures recovered ahead, imports in bounded steps. Nothing of it is stored: a node that starts
// again goes on from its chain.

import type { Clock, Logger } from "../../ports/index.ts";
import { assert, type Hash, type Height } from "../../primitives/index.ts";
import { HEADER_SIZE_BYTES_MAX, type Header } from "../../protocol/index.ts";
import type { ChainAccess, TracedHeader } from "../chainAccess.ts";
import { HEADERS_PER_RESPONSE_MAX } from "../limits.ts";
import type { Peer, PeerLinks } from "../peer.ts";
import type { GetBlock, GetBlockResponse, SyncRequest, SyncResponse } from "../wire/message.ts";
import { BlockImport } from "./blockImport.ts";
import { BodySync, type InvalidBlock } from "./bodySync.ts";
import { BodyWindow, type HeldBlock } from "./bodyWindow.ts";
import { STUCK_MS } from "./bounds.ts";
import { ElapsedTime } from "./elapsedTime.ts";
import { type DeepSplit, HeaderSync } from "./headerSync.ts";
import { InvalidHashes } from "./invalidHashes.ts";
import { Recovery, type RecoveryJobs } from "./recovery.ts";
import { RequestBook } from "./requestBook.ts";
import { type SyncPeer, SyncPeers } from "./syncPeers.ts";
import { SyncProgress } from "./syncProgress.ts";
import { SyncServer } from "./syncServer.ts";

/** What an encoded block has beyond the size that a chain bounds: the length of its header. */
const BLOCK_OVERHEAD_BYTES = 4;

export interface SyncHooks {
  /** A peer has shown a chain with more work that this node does not change to by itself. */
  onDeepSplit(split: DeepSplit): void;
  /** There is nothing more to catch up with, or nobody to do it with. */
  onIdle?(): void;
}

export interface SyncStatus {
  readonly state: "idle" | "headers" | "blocks";
  readonly height: Height;
  /** The height up to which it is known how to catch up; the head's own while idle. */
  readonly targetHeight: Height;
  readonly blocksPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  /** Peers with requests under way. */
  readonly peersUsed: number;
  /** Checked headers whose blocks are not imported yet. */
  readonly headersPending: number;
  /** Blocks held or asked for ahead of the import. */
  readonly blocksAhead: number;
  /** What these have, those under way at the most that they may have. */
  readonly bytesAhead: number;
}

export interface SyncOptions {
  readonly links: PeerLinks;
  readonly chain: ChainAccess;
  readonly jobs: RecoveryJobs;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The chain's parameter. */
  readonly blockSizeBytesMax: number;
  readonly hooks: SyncHooks;
  /** Whether gossip is importing this block right now. */
  readonly isUnderway: (hash: Hash) => boolean;
}

export class Sync {
  private readonly chain: ChainAccess;
  private readonly hooks: SyncHooks;
  private readonly time: ElapsedTime;
  private readonly peers: SyncPeers;
  private readonly requests = new RequestBook();
  private readonly invalidHashes = new InvalidHashes();
  private readonly window: BodyWindow;
  private readonly headerSync: HeaderSync;
  private readonly bodySync: BodySync;
  private readonly recovery: Recovery;
  private readonly blockImport: BlockImport;
  private readonly server: SyncServer;
  private readonly progressLog: SyncProgress;
  /** An event is being looked at; what comes back meanwhile is taken up at its end. */
  private isBusy = false;
  private wasActive = false;
  /** Since when blocks are missing and nobody is asked for any. */
  private stuckSinceMs: number | undefined;

  constructor(options: SyncOptions) {
    const { links, chain, clock, hooks, isUnderway, blockSizeBytesMax } = options;
    this.chain = chain;
    this.hooks = hooks;
    this.time = new ElapsedTime(clock);
    const { requests, invalidHashes } = this;
    const peers = new SyncPeers({ links, chain });
    this.peers = peers;
    this.headerSync = new HeaderSync({
      links,
      chain,
      peers,
      requests,
      invalidHashes,
      isUnderway,
      fullAnswerHeaders: Math.min(HEADERS_PER_RESPONSE_MAX, Math.floor(blockSizeBytesMax / HEADER_SIZE_BYTES_MAX)),
      onDeepSplit: (split) => hooks.onDeepSplit(split),
      onDropped: (headers) => this.onDropped(headers),
    });
    const { headerSync } = this;
    const { pending } = headerSync.headers;
    const answerBytesMax = blockSizeBytesMax + BLOCK_OVERHEAD_BYTES;
    this.window = new BodyWindow({ pending, answerBytesMax });
    const { window } = this;
    const onInvalidBlock = (invalid: InvalidBlock) => this.onInvalidBlock(invalid);
    const shared = { links, chain, peers, requests, headerSync, window, onInvalidBlock };
    this.bodySync = new BodySync({ ...shared, answerBytesMax, isUnderway });
    this.blockImport = new BlockImport({ ...shared, bodySync: this.bodySync });
    this.recovery = new Recovery({
      jobs: options.jobs,
      pending,
      window,
      onBadSignature: (block, index) => this.onBadSignature(block, index),
      onDone: () => this.handle(() => undefined),
    });
    this.server = new SyncServer({ links, chain, peers, blockSizeBytesMax, nowMs: this.time.nowMs() });
    this.progressLog = new SyncProgress(options.logger.module("sync"));
  }

  /** A peer has passed the handshake. */
  onPeerReady(peer: Peer): void {
    this.handle((nowMs) => {
      this.peers.add(peer);
      this.server.onPeerReady(peer.connectionId, nowMs);
    });
  }

  onPeerGone(connectionId: number): void {
    this.handle(() => {
      this.peers.remove(connectionId);
      this.server.onPeerGone(connectionId);
      for (const request of this.requests.removePeer(connectionId)) {
        if (request.kind === "blocks") this.bodySync.onLost(request);
      }
      this.headerSync.onPeerGone(connectionId);
      this.bodySync.onPeerGone(connectionId);
    });
  }

  /** A peer has announced another head. */
  onPeerHead(_peer: Peer): void {
    this.handle(() => undefined);
  }

  /** What was sent to a peer has left the buffer. */
  onPeerDrained(_connectionId: number): void {
    this.handle((nowMs) => this.server.tick(nowMs));
  }

  /** A peer gave a block whose parent is not known. */
  onUnknownParent(peer: Peer, header: Header): void {
    this.handle(() => {
      const known = this.peers.get(peer.connectionId);
      if (known !== undefined && header.height >= this.chain.reorgHeightMin()) known.hasOrphan = true;
    });
  }

  onMessage(peer: Peer, message: GetBlock | GetBlockResponse | SyncRequest | SyncResponse): void {
    this.handle((nowMs) => {
      switch (message.type) {
        case "GetBlock":
        case "SyncRequest":
          return this.server.onRequest(peer.connectionId, message, nowMs);
        case "GetBlockResponse":
          return this.peers.punish(peer.connectionId, "unrequested", "sync asks for no single block");
        case "SyncResponse":
          return this.onResponse(peer.connectionId, message, nowMs);
      }
    });
  }

  private onResponse(connectionId: number, answer: SyncResponse, nowMs: number): void {
    const peer = this.peers.get(connectionId);
    if (peer === undefined) return;
    const { requestId, kind } = answer;
    const taken = this.requests.take({ connectionId, requestId, kind });
    if (taken === undefined) {
      this.peers.punish(connectionId, "unrequested", `an answer to a request ${requestId} that was not made`);
      return;
    }
    const { request: asked, isLate } = taken;
    if (asked.kind === "headers" && answer.kind === "headers") {
      if (answer.headers.length > asked.countMax) {
        this.headerSync.onPeerGone(connectionId);
        this.peers.drop(connectionId, "unrequested", "more headers than were asked for");
        return;
      }
      this.headerSync.onAnswer({ peer, asked, answer, nowMs });
    } else if (asked.kind === "blocks" && answer.kind === "blocks") {
      this.bodySync.onAnswer({ peer, asked, answer, isLate, nowMs });
    }
  }

  /** Time has passed. The host calls this several times a second. */
  tick(): void {
    this.handle((nowMs) => {
      this.server.tick(nowMs);
      this.headerSync.tick(nowMs);
      this.bodySync.tick(nowMs);
      this.watch(nowMs);
    });
  }

  /** Gives up headers for whose blocks nobody is left to ask. */
  private watch(nowMs: number): void {
    const { headerSync } = this;
    const isWaiting = headerSync.headers.pending.count > 0 && this.requests.list().length === 0;
    if (!isWaiting || this.window.blockCount > 0) {
      this.stuckSinceMs = undefined;
      return;
    }
    this.stuckSinceMs ??= nowMs;
    if (this.stuckSinceMs + STUCK_MS > nowMs) return;
    this.stuckSinceMs = undefined;
    headerSync.abandon();
  }

  /** Whether `step` would import something now. */
  hasWork(): boolean {
    return this.blockImport.isReady(this.time.nowMs());
  }

  /** Imports a bounded number of blocks; the host calls it as long as there is work, with other events in between. */
  step(): void {
    this.handle((nowMs) => {
      if (!this.blockImport.isReady(nowMs)) return;
      const count = this.blockImport.step(nowMs);
      this.progressLog.imported(count, nowMs);
    });
  }

  /** Looks at one event, then does what can be done after it. */
  private handle(event: (nowMs: number) => void): void {
    const nowMs = this.time.nowMs();
    const isOuter = !this.isBusy;
    this.isBusy = true;
    event(nowMs);
    if (!isOuter) return;
    this.peers.refresh();
    this.blockImport.shiftKnown();
    this.headerSync.advance(nowMs);
    this.bodySync.advance(nowMs);
    this.recovery.advance();
    this.report(nowMs);
    this.isBusy = false;
    this.peers.tellOffences();
  }

  private report(nowMs: number): void {
    const { goal, isActive } = this.headerSync;
    const { height } = this.chain.head();
    if (goal !== undefined) this.progressLog.update({ goal, height, peerCount: this.peers.list().length, nowMs });
    if (!isActive && this.wasActive) {
      this.progressLog.end(height, nowMs);
      this.hooks.onIdle?.();
    }
    this.wasActive = isActive;
  }

  private onDropped(headers: readonly TracedHeader[]): void {
    for (const { hash } of headers) this.bodySync.forget(hash);
  }

  private onBadSignature(block: HeldBlock, index: number): void {
    const reason = `the signature of transaction ${index} is not its sender's`;
    this.onInvalidBlock({ header: block.header, giverId: block.giverId, reason });
  }

  /** The header commits to everything in its block, so what is wrong with the block is wrong with the header. */
  private onInvalidBlock({ header, giverId, reason }: InvalidBlock): void {
    const { hash } = header;
    const { pending } = this.headerSync.headers;
    const index = pending.indexOf(hash);
    assert(index !== undefined, "an invalid block's header is pending");
    this.invalidHashes.add(hash);
    const guilty = new Set([giverId, this.headerSync.originId]);
    for (const peer of this.peers.list()) {
      const headIndex = pending.indexOf(peer.head.hash);
      if (headIndex !== undefined && headIndex >= index) guilty.add(peer.connectionId);
    }
    this.headerSync.dropFrom(hash);
    for (const connectionId of guilty) {
      if (connectionId !== undefined) this.peers.drop(connectionId, "invalid_block", `block ${hash}: ${reason}`);
    }
  }

  progress(): SyncStatus {
    const nowMs = this.time.nowMs();
    const { height } = this.chain.head();
    const { headerSync } = this;
    return {
      state: !headerSync.isActive ? "idle" : headerSync.mayFetchBlocks() ? "blocks" : "headers",
      height,
      targetHeight: this.progressLog.targetHeight ?? height,
      blocksPerSecond: this.progressLog.blocksPerSecond(nowMs),
      secondsLeft: this.progressLog.secondsLeft(height, nowMs),
      peersUsed: new Set(this.requests.list().map(({ connectionId }) => connectionId)).size,
      headersPending: headerSync.headers.pending.count,
      blocksAhead: this.window.blockCount,
      bytesAhead: this.window.sizeBytes,
    };
  }

  /** Whether no peer that is believed, and answers with what can be taken now, has a better head than this node's. */
  isLevel(): boolean {
    this.peers.refresh();
    const mayLead = (peer: SyncPeer) => peer.unanswered === 0 && peer.earlyAnswers === 0 && this.peers.isAhead(peer);
    return !this.peers.list().some(mayLead);
  }
}
