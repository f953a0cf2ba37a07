// What sync knows of each peer: how far it is to be believed and asked. A peer that keeps silent rests for longer and
// longer; one that announced what it could not show is not asked again before it announces something else.

import { defined, type Hash } from "../../primitives/index.ts";
import type { ChainAccess } from "../chainAccess.ts";
import type { Offence, Peer, PeerLinks } from "../peer.ts";
import type { PeerHead } from "../wire/message.ts";
import {
  EARLY_DOUBLINGS_MAX,
  EARLY_PAUSE_MS,
  PEER_REQUESTS_MAX,
  PEER_REQUESTS_MIN,
  PEER_REQUESTS_START,
  QUICK_ANSWER_MS,
  UNANSWERED_PAUSE_MS,
  UNANSWERED_PAUSE_MS_MAX,
} from "./bounds.ts";

export interface SyncPeer {
  readonly connectionId: number;
  head: PeerHead;
  isCongested: boolean;
  /** It gave what is invalid; nothing is asked of it any more. */
  isDropped: boolean;
  /** The head that it announced and could not show. */
  falseHead: Hash | undefined;
  /** It is on another chain than the one whose blocks are being fetched; asked again when they are done. */
  isOnOtherChain: boolean;
  /** It gave a block whose parent is not known, so it is asked whatever its head is. */
  hasOrphan: boolean;
  orphanAskedMs: number | undefined;
  /** Requests in a row that it did not answer. */
  unanswered: number;
  pausedUntilMs: number;
  headersPausedUntilMs: number;
  /** Answers in a row whose first new header was early. */
  earlyAnswers: number;
  blocksPausedUntilMs: number;
  /** Requests for blocks that it may have under way. */
  requestsMax: number;
  emptyAnswers: number;
}

export class SyncPeers {
  private readonly links: PeerLinks;
  private readonly chain: ChainAccess;
  private readonly byId = new Map<number, SyncPeer>();
  private readonly offences: { connectionId: number; offence: Offence; reason: string }[] = [];

  constructor(options: { links: PeerLinks; chain: ChainAccess }) {
    this.links = options.links;
    this.chain = options.chain;
  }

  add(peer: Peer): void {
    const { connectionId, head } = peer;
    this.byId.set(connectionId, {
      connectionId,
      head,
      isCongested: peer.isCongested,
      isDropped: false,
      falseHead: undefined,
      isOnOtherChain: false,
      hasOrphan: false,
      orphanAskedMs: undefined,
      unanswered: 0,
      pausedUntilMs: 0,
      headersPausedUntilMs: 0,
      earlyAnswers: 0,
      blocksPausedUntilMs: 0,
      requestsMax: PEER_REQUESTS_START,
      emptyAnswers: 0,
    });
  }

  remove(connectionId: number): void {
    this.byId.delete(connectionId);
  }

  get(connectionId: number): SyncPeer | undefined {
    return this.byId.get(connectionId);
  }

  list(): SyncPeer[] {
    return [...this.byId.values()];
  }

  /** Takes over what the connections say now. */
  refresh(): void {
    for (const peer of this.byId.values()) {
      const linked = this.links.peer(peer.connectionId);
      if (linked === undefined) continue;
      peer.head = linked.head;
      peer.isCongested = linked.isCongested;
    }
  }

  /** Whether the head that it announced is one to catch up with: better than this node's and not shown to be false. */
  isAhead(peer: SyncPeer): boolean {
    const { head } = peer;
    if (peer.isDropped || peer.falseHead === head.hash) return false;
    return this.chain.isBetter(head) && this.chain.header(head.hash) === undefined;
  }

  canAnswer(peer: SyncPeer, nowMs: number): boolean {
    return !peer.isDropped && peer.pausedUntilMs <= nowMs;
  }

  onAnswer(peer: SyncPeer, tookMs: number): void {
    peer.unanswered = 0;
    if (tookMs <= QUICK_ANSWER_MS) peer.requestsMax = Math.min(peer.requestsMax + 1, PEER_REQUESTS_MAX);
  }

  /** Where its next header is ahead of this node's clock, it is asked less and less often until it has one that is not. */
  onHeaders(peer: SyncPeer, options: { isEarly: boolean; hasNews: boolean; nowMs: number }): void {
    const { isEarly, hasNews, nowMs } = options;
    const pauseMs = EARLY_PAUSE_MS * 2 ** Math.min(peer.earlyAnswers, EARLY_DOUBLINGS_MAX);
    if (isEarly) peer.headersPausedUntilMs = nowMs + pauseMs;
    peer.earlyAnswers = isEarly && !hasNews ? peer.earlyAnswers + 1 : 0;
  }

  onUnanswered(peer: SyncPeer, nowMs: number, reason: string): void {
    // Several requests that end at once count as one.
    if (peer.pausedUntilMs <= nowMs) {
      const pauseMs = Math.min(UNANSWERED_PAUSE_MS * 2 ** Math.min(peer.unanswered, 16), UNANSWERED_PAUSE_MS_MAX);
      peer.unanswered++;
      peer.pausedUntilMs = nowMs + pauseMs;
    }
    peer.requestsMax = PEER_REQUESTS_MIN;
    this.punish(peer.connectionId, "unanswered", reason);
  }

  onFalseHead(peer: SyncPeer, reason: string): void {
    if (peer.falseHead === peer.head.hash) return;
    peer.falseHead = peer.head.hash;
    this.punish(peer.connectionId, "false_head", reason);
  }

  /** It broke a rule that no honest node breaks. */
  drop(connectionId: number, offence: Offence, reason: string): void {
    const peer = this.byId.get(connectionId);
    if (peer !== undefined) peer.isDropped = true;
    this.punish(connectionId, offence, reason);
  }

  /** Is told when the event under way is finished: a punishment may end the connection and come back as an event. */
  punish(connectionId: number, offence: Offence, reason: string): void {
    this.offences.push({ connectionId, offence, reason });
  }

  tellOffences(): void {
    while (this.offences.length > 0) {
      const { connectionId, offence, reason } = defined(this.offences.shift(), "an offence is left");
      if (this.links.peer(connectionId) !== undefined) this.links.punish(connectionId, offence, reason);
    }
  }
}
