// Fetches the blocks of pending headers: ranges from several peers at once, each block checked against its header when it
// comes. A range that a peer is slow with, or does not have, is asked of another.

import type { Bytes, Hash } from "../../primitives/index.ts";
import { decodeBlock, decodeTransaction, hashHeader, type SignedTransaction } from "../../protocol/index.ts";
import type { ChainAccess, TracedHeader } from "../chainAccess.ts";
import { BLOCKS_PER_REQUEST_MAX } from "../limits.ts";
import type { PeerLinks } from "../peer.ts";
import type { BlocksResponse } from "../wire/message.ts";
import type { BodyWindow } from "./bodyWindow.ts";
import {
  ANSWER_BYTES_AIM,
  BLOCK_BYTES_GUESS,
  BODY_TIMEOUT_MS,
  EMPTY_ANSWER_PAUSE_MS,
  EMPTY_ANSWERS_MAX,
  PEER_REQUESTS_MIN,
  SLOW_ANSWER_MS_MIN,
  SLOW_ANSWER_TIMES,
} from "./bounds.ts";
import type { HeaderSync } from "./headerSync.ts";
import type { BlocksAsked, RequestBook } from "./requestBook.ts";
import type { SyncPeer, SyncPeers } from "./syncPeers.ts";

export interface InvalidBlock {
  readonly header: TracedHeader;
  /** The peer that gave it, where no honest node keeps such a block. */
  readonly giverId: number | undefined;
  readonly reason: string;
}

export interface BodySyncOptions {
  readonly links: PeerLinks;
  readonly chain: ChainAccess;
  readonly peers: SyncPeers;
  readonly requests: RequestBook;
  readonly headerSync: HeaderSync;
  readonly window: BodyWindow;
  /** What an answer may have at most. */
  readonly answerBytesMax: number;
  readonly isUnderway: (hash: Hash) => boolean;
  /** No other block fits this header, so the header is invalid. */
  readonly onInvalidBlock: (invalid: InvalidBlock) => void;
}

/** Of averages that move: what came last counts as a quarter. */
function moved(average: number | undefined, latest: number): number {
  return average === undefined ? latest : Math.floor((3 * average + latest) / 4);
}

export class BodySync {
  private readonly options: BodySyncOptions;
  private blockBytes: number | undefined;
  private answerMs: number | undefined;
  /** Peers that said they do not have a block; only of pending headers. */
  private readonly lackedBy = new Map<Hash, Set<number>>();

  constructor(options: BodySyncOptions) {
    this.options = options;
  }

  /** Sends the requests that may be sent. */
  advance(nowMs: number): void {
    const { headerSync, window, requests, peers } = this.options;
    for (const request of requests.list()) {
      if (request.kind === "blocks" && peers.get(request.connectionId)?.isDropped) this.giveUp(request);
    }
    if (!headerSync.mayFetchBlocks()) return;
    // Ends: each request takes blocks out of those that are missing.
    for (;;) {
      const firstMissing = window.firstMissing();
      const index = this.nextWanted(firstMissing);
      if (index === undefined || !window.hasRoom({ isFirstMissing: index === firstMissing })) return;
      const header = headerSync.headers.pending.at(index) as TracedHeader;
      const peer = this.pick(header, nowMs);
      if (peer === undefined) return;
      this.ask(peer, index, nowMs);
    }
  }

  private isWanted(hash: Hash): boolean {
    return this.options.window.get(hash) === undefined && !this.options.isUnderway(hash);
  }

  private nextWanted(from: number): number | undefined {
    const { pending } = this.options.headerSync.headers;
    for (let index = from; index < this.options.window.reach; index++) {
      if (this.isWanted((pending.at(index) as TracedHeader).hash)) return index;
    }
    return undefined;
  }

  /** Whether a peer may have a block, by its announced head and by what it answered. */
  private mayHave(peer: SyncPeer, { hash, header }: TracedHeader): boolean {
    if (peer.isDropped || this.lackedBy.get(hash)?.has(peer.connectionId)) return false;
    if (peer.connectionId === this.options.headerSync.originId) return true;
    return peer.head.height >= header.height && peer.falseHead !== peer.head.hash;
  }

  private pick(header: TracedHeader, nowMs: number, exceptId?: number): SyncPeer | undefined {
    const { peers, requests } = this.options;
    let best: { peer: SyncPeer; count: number } | undefined;
    for (const peer of peers.list()) {
      const isReady = peers.canAnswer(peer, nowMs) && peer.blocksPausedUntilMs <= nowMs && !peer.isCongested;
      if (!isReady || !this.mayHave(peer, header) || peer.connectionId === exceptId) continue;
      const count = requests.blocksCountOf(peer.connectionId);
      if (count >= peer.requestsMax) continue;
      const isBetter =
        best === undefined || count < best.count || (count === best.count && peer.requestsMax > best.peer.requestsMax);
      if (isBetter) best = { peer, count };
    }
    return best?.peer;
  }

  private ask(peer: SyncPeer, from: number, nowMs: number): void {
    const { links, requests, headerSync, window, answerBytesMax } = this.options;
    const { connectionId } = peer;
    const aimBytes = Math.min(ANSWER_BYTES_AIM, answerBytesMax);
    const fitting = Math.floor(aimBytes / Math.max(this.blockBytes ?? BLOCK_BYTES_GUESS, 1));
    const countMax = Math.min(Math.max(fitting, 1), BLOCKS_PER_REQUEST_MAX);
    const hashes: Hash[] = [];
    for (let index = from; index < window.reach && hashes.length < countMax; index++) {
      const header = headerSync.headers.pending.at(index) as TracedHeader;
      if (!this.isWanted(header.hash) || !this.mayHave(peer, header)) break;
      hashes.push(header.hash);
    }
    const requestId = requests.nextId();
    const request: BlocksAsked = { kind: "blocks", requestId, connectionId, sentMs: nowMs, hashes };
    requests.add(request);
    window.ask(request);
    links.send(connectionId, { type: "SyncRequest", kind: "blocks", requestId, hashes });
  }

  onAnswer(options: {
    peer: SyncPeer;
    asked: BlocksAsked;
    answer: BlocksResponse;
    isLate: boolean;
    nowMs: number;
  }): void {
    const { peer, asked, answer, isLate, nowMs } = options;
    const { peers, window, answerBytesMax } = this.options;
    const { blocks } = answer;
    if (!isLate) window.endRequest(asked);
    if (peer.isDropped) return;
    const sizeBytes = blocks.reduce((sum, block) => sum + block.length, 0);
    if (blocks.length > asked.hashes.length || sizeBytes > answerBytesMax) {
      peers.drop(peer.connectionId, "unrequested", "more blocks or bytes than were asked for");
      return;
    }
    if (blocks.length === 0) {
      this.onEmpty(peer, asked, nowMs);
      return;
    }
    if (!isLate) {
      const tookMs = nowMs - asked.sentMs;
      peers.onAnswer(peer, tookMs);
      this.answerMs = moved(this.answerMs, tookMs);
    }
    peer.emptyAnswers = 0;
    this.blockBytes = moved(this.blockBytes, Math.ceil(sizeBytes / blocks.length));
    for (const [index, encoded] of blocks.entries()) {
      const hash = asked.hashes[index] as Hash;
      const hasRoom = !isLate || window.sizeBytes + encoded.length <= window.lateBytesMax;
      if (hasRoom && !this.take(peer, hash, encoded)) return;
    }
  }

  /** @returns false when the block is not good, and what came with it is not looked at */
  private take(peer: SyncPeer, hash: Hash, encoded: Bytes): boolean {
    const { chain, peers, headerSync, window, onInvalidBlock } = this.options;
    const giverId = peer.connectionId;
    const header = headerSync.headers.pending.get(hash);
    // Another peer has been quicker, or the header has been dropped.
    if (header === undefined || window.held(hash) !== undefined) return true;
    const decoded = decodeBlock(encoded);
    if (!decoded.ok || hashHeader(decoded.value.header) !== hash) {
      peers.drop(giverId, "invalid_block", `what it gave for block ${hash} is another block, or none`);
      return false;
    }
    const block = decoded.value;
    const verdict = chain.checkBody(block);
    if (verdict !== undefined && !verdict.isHashInvalid) {
      peers.drop(giverId, "invalid_block", `block ${hash}: ${verdict.message}`);
      return false;
    }
    const signed = verdict === undefined ? decodeTransactions(block.body.transactions) : undefined;
    if (signed === undefined) {
      // The header commits to this body, so there is no other one that would do.
      const reason = verdict?.message ?? "a transaction does not decode";
      onInvalidBlock({ header, giverId, reason });
      return false;
    }
    window.hold({
      kind: "held",
      header,
      block,
      signed,
      sizeBytes: encoded.length,
      giverId,
      isRecovering: false,
      transactions: undefined,
    });
    return true;
  }

  private onEmpty(peer: SyncPeer, asked: BlocksAsked, nowMs: number): void {
    const { peers, headerSync } = this.options;
    const hash = asked.hashes[0] as Hash;
    // Several requests that were under way together count as one.
    if (peer.blocksPausedUntilMs <= nowMs) {
      peer.emptyAnswers++;
      peer.blocksPausedUntilMs = nowMs + EMPTY_ANSWER_PAUSE_MS;
      if (peer.emptyAnswers > EMPTY_ANSWERS_MAX) {
        peers.punish(peer.connectionId, "unanswered", "it has none of the blocks up to the head that it announced");
      }
    }
    peer.requestsMax = PEER_REQUESTS_MIN;
    const header = headerSync.headers.pending.get(hash);
    if (header === undefined) return;
    const lacking = this.lackedBy.get(hash) ?? new Set();
    this.lackedBy.set(hash, lacking.add(peer.connectionId));
    if (peers.list().some((other) => this.mayHave(other, header))) return;
    const { originId } = headerSync;
    const origin = originId === undefined ? undefined : peers.get(originId);
    if (origin !== undefined) peers.onFalseHead(origin, `nobody has block ${hash}, whose header it gave`);
    headerSync.dropFrom(hash);
  }

  /** The headers are not pending any more. */
  forget(hash: Hash): void {
    this.lackedBy.delete(hash);
    this.options.window.drop(hash);
  }

  /** The first pending header's block is imported. */
  shift(hash: Hash): void {
    this.lackedBy.delete(hash);
    this.options.window.shift(hash);
  }

  tick(nowMs: number): void {
    const { requests, peers } = this.options;
    for (const request of requests.list()) {
      if (request.kind !== "blocks" || request.sentMs + BODY_TIMEOUT_MS > nowMs) continue;
      this.giveUp(request);
      const peer = peers.get(request.connectionId);
      if (peer !== undefined) peers.onUnanswered(peer, nowMs, "no blocks within the time");
    }
    this.passOverSlow(nowMs);
  }

  /** Asks another peer for what the import waits for, when one is free and the one that was asked is slow. */
  private passOverSlow(nowMs: number): void {
    const { window, headerSync, peers } = this.options;
    const header = headerSync.headers.pending.at(window.firstMissing());
    const slot = header === undefined ? undefined : window.get(header.hash);
    if (header === undefined || slot?.kind !== "asked") return;
    const { request } = slot;
    const slowMs = Math.max(SLOW_ANSWER_MS_MIN, SLOW_ANSWER_TIMES * (this.answerMs ?? 0));
    if (request.sentMs + slowMs > nowMs) return;
    if (this.pick(header, nowMs, request.connectionId) === undefined) return;
    this.giveUp(request);
    const slow = peers.get(request.connectionId);
    if (slow === undefined) return;
    slow.requestsMax = PEER_REQUESTS_MIN;
    slow.blocksPausedUntilMs = nowMs + slowMs;
  }

  private giveUp(request: BlocksAsked): void {
    this.options.requests.giveUp(request);
    this.options.window.endRequest(request);
  }

  /** The connection is gone with the request. */
  onLost(request: BlocksAsked): void {
    this.options.window.endRequest(request);
  }

  onPeerGone(connectionId: number): void {
    for (const lacking of this.lackedBy.values()) lacking.delete(connectionId);
  }
}

/** Undefined when one of them does not decode. */
function decodeTransactions(encoded: readonly Bytes[]): SignedTransaction[] | undefined {
  const signed: SignedTransaction[] = [];
  for (const bytes of encoded) {
    const decoded = decodeTransaction(bytes);
    if (!decoded.ok) return undefined;
    signed.push(decoded.value);
  }
  return signed;
}
