// Finds out which chain to catch up with: asks the peer with the best announced head for headers, checks them, and keeps
// them pending until their blocks are imported. Nothing is imported before the headers show the work that was announced.

import { defined, type Hash, type Height } from "../../primitives/index.ts";
import type { ChainAccess, TracedHeader } from "../chainAccess.ts";
import { HEADERS_PER_RESPONSE_MAX } from "../limits.ts";
import type { PeerLinks } from "../peer.ts";
import type { HeadersResponse, PeerHead } from "../wire/message.ts";
import {
  DEEP_SPLIT_PAUSE_MS,
  HEADERS_TIMEOUT_MS,
  ORPHAN_PAUSE_MS,
  SHORT_ANSWERS_MAX,
  UNPROVEN_BLOCKS_MAX,
} from "./bounds.ts";
import { forkHeightOf, HeaderChain } from "./headerChain.ts";
import { openSession, type Session } from "./headerSession.ts";
import { readHeaders } from "./headersAnswer.ts";
import type { InvalidHashes } from "./invalidHashes.ts";
import { extendedLocator } from "./locator.ts";
import type { HeadersAsked, RequestBook } from "./requestBook.ts";
import type { SyncPeer, SyncPeers } from "./syncPeers.ts";

/** A chain with more work than this node's that leaves it deeper than this node replaces blocks. */
export interface DeepSplit {
  readonly connectionId: number;
  /** The last block that both have. */
  readonly ancestorHeight: Height;
  readonly tip: PeerHead;
}

export interface HeaderSyncOptions {
  readonly links: PeerLinks;
  readonly chain: ChainAccess;
  readonly peers: SyncPeers;
  readonly requests: RequestBook;
  readonly invalidHashes: InvalidHashes;
  readonly isUnderway: (hash: Hash) => boolean;
  /** As many headers as an answer holds in any case where there are more. */
  readonly fullAnswerHeaders: number;
  readonly onDeepSplit: (split: DeepSplit) => void;
  /** Headers that were pending are not any more, in ascending height. */
  readonly onDropped: (headers: readonly TracedHeader[]) => void;
}

export class HeaderSync {
  readonly headers = new HeaderChain();
  private readonly options: HeaderSyncOptions;
  private session: Session | undefined;
  private asked: HeadersAsked | undefined;

  constructor(options: HeaderSyncOptions) {
    this.options = options;
  }

  get isActive(): boolean {
    return this.session !== undefined;
  }

  /** What is being caught up with: the height at which the announced work is shown, as far as that is known, and the last block before it that the node had. */
  get goal(): { fromHeight: Height; toHeight: Height } | undefined {
    const { session } = this;
    const tip = this.headers.pending.last;
    if (session?.forkHeight === undefined || tip === undefined) return undefined;
    const toHeight = Math.max(session.isProven ? session.provenHeight : 0, tip.header.height);
    return { fromHeight: session.forkHeight, toHeight: toHeight as Height };
  }

  /** The chain of pending headers would be the head, as far as headers can tell. */
  mayFetchBlocks(): boolean {
    const { last } = this.headers.pending;
    const { session } = this;
    if (session === undefined || last === undefined || session.isDeep) return false;
    return session.isProven || this.options.chain.isBetter(last);
  }

  mayImport(): boolean {
    const { session } = this;
    if (session === undefined || !this.mayFetchBlocks()) return false;
    return session.isProven || (session.isEarly && this.headers.pending.count <= UNPROVEN_BLOCKS_MAX);
  }

  /** Asks for what is to be asked for next, if anything. */
  advance(nowMs: number): void {
    if (this.asked !== undefined) return;
    const { session } = this;
    const { tip } = this.headers;
    if (session === undefined) {
      this.start(nowMs);
      return;
    }
    if (tip === undefined && (session.isProven || session.isEarly)) {
      this.abandon();
      this.start(nowMs);
      return;
    }
    const leader = this.options.peers.get(session.leaderId);
    if (leader === undefined || !this.options.peers.canAnswer(leader, nowMs)) {
      this.changeLeader(nowMs);
      return;
    }
    if (leader.headersPausedUntilMs > nowMs) {
      // What is early may never come, so that nobody is kept waiting for it who could be asked.
      if (!session.isProven && this.best(nowMs) !== undefined) this.changeLeader(nowMs);
      return;
    }
    if (session.isProven && this.headers.pending.roomCount < HEADERS_PER_RESPONSE_MAX) return;
    if (this.hasMore(leader, tip)) {
      this.ask(leader, nowMs);
      return;
    }
    if (session.isProven) {
      this.changeLeader(nowMs);
      return;
    }
    // It has shown all, and that is not what it announced before, or not more than this node has.
    leader.falseHead = leader.head.hash;
    this.abandon();
    this.start(nowMs);
  }

  private hasMore(peer: SyncPeer, tip: TracedHeader | undefined): boolean {
    if (peer.isOnOtherChain || peer.falseHead === peer.head.hash) return false;
    return tip === undefined || peer.head.totalWork > tip.totalWork;
  }

  private best(nowMs: number): SyncPeer | undefined {
    const { peers, isUnderway } = this.options;
    const { tip } = this.headers;
    let best: SyncPeer | undefined;
    for (const peer of peers.list()) {
      const canBeAsked = peers.canAnswer(peer, nowMs) && peer.headersPausedUntilMs <= nowMs;
      if (!canBeAsked || !peers.isAhead(peer) || !this.hasMore(peer, tip) || isUnderway(peer.head.hash)) continue;
      if (best === undefined || peer.head.totalWork > best.head.totalWork) best = peer;
    }
    return best;
  }

  private start(nowMs: number): void {
    for (const peer of this.options.peers.list()) peer.isOnOtherChain = false;
    const leader = this.best(nowMs) ?? this.withOrphan(nowMs);
    if (leader === undefined) return;
    leader.hasOrphan = false;
    this.session = openSession(leader);
    this.ask(leader, nowMs);
  }

  private withOrphan(nowMs: number): SyncPeer | undefined {
    const { peers } = this.options;
    const found = peers.list().find((peer) => {
      const hasRested = peer.orphanAskedMs === undefined || peer.orphanAskedMs + ORPHAN_PAUSE_MS <= nowMs;
      return peer.hasOrphan && hasRested && peers.canAnswer(peer, nowMs) && peer.headersPausedUntilMs <= nowMs;
    });
    if (found === undefined) return undefined;
    found.orphanAskedMs = nowMs;
    return found;
  }

  private changeLeader(nowMs: number): void {
    const session = defined(this.session, "a leader is changed in a session");
    const leader = this.best(nowMs);
    if (leader === undefined) {
      if (!session.isProven) this.abandon();
      return;
    }
    session.leaderId = leader.connectionId;
    session.cursor = undefined;
    session.cursorHeight = -1;
    session.shortAnswers = 0;
    if (!session.isProven) session.claim = leader.head;
    this.ask(leader, nowMs);
  }

  private ask(leader: SyncPeer, nowMs: number): void {
    const { links, chain, requests } = this.options;
    const { headers } = this;
    const cursor = this.session?.cursor;
    const probed = headers.isProbing ? defined(headers.tip, "a probe has a tip").hash : undefined;
    const locator = extendedLocator({
      front: [cursor, probed].filter((hash) => hash !== undefined),
      pending: headers.pending,
      chain,
    });
    const { connectionId } = leader;
    const requestId = requests.nextId();
    const countMax = HEADERS_PER_RESPONSE_MAX;
    this.asked = { kind: "headers", requestId, connectionId, sentMs: nowMs, locator: new Set(locator), countMax };
    requests.add(this.asked);
    links.send(connectionId, { type: "SyncRequest", kind: "headers", requestId, locator, countMax });
  }

  onAnswer(options: { peer: SyncPeer; asked: HeadersAsked; answer: HeadersResponse; nowMs: number }): void {
    const { peer, asked, answer, nowMs } = options;
    const { chain, peers, invalidHashes } = this.options;
    // A late answer belongs to what was given up.
    if (asked !== this.asked) return;
    this.asked = undefined;
    const { session } = this;
    if (session === undefined || session.leaderId !== peer.connectionId) return;
    const known = (hash: Hash) => this.headers.get(hash);
    const read = readHeaders({ answer: answer.headers, locator: asked.locator, chain, known, invalidHashes });
    if (typeof read.end === "object") {
      peers.drop(peer.connectionId, "invalid_header", read.end.invalid);
      return;
    }
    if (read.end === "overtaken") return;
    session.isEarly = read.end === "early";
    peers.onHeaders(peer, { isEarly: session.isEarly, hasNews: read.headers.length > 0, nowMs });
    if (read.base === undefined) {
      if (read.end === "all") this.onNothing(peer, session);
      return;
    }
    const { base, headers } = read;
    const leadsOn = headers.length > 0 || this.moveCursor(session, base);
    this.take(session, peer, { base, headers }, nowMs);
    const count = leadsOn ? answer.headers.length : 0;
    if (this.session === session && read.end === "all") this.judge(session, peer, count);
    // An answer that leads to nothing does not make up for those that did not come.
    if (session.isProven) peers.onAnswer(peer, nowMs - asked.sentMs);
  }

  /** An answer held none that is new; false when it does not lead further up than those before it. */
  private moveCursor(session: Session, base: Hash): boolean {
    const { height } = (this.headers.get(base) ?? this.options.chain.header(base))?.header ?? { height: -1 };
    session.cursor = base;
    if (height <= session.cursorHeight) return false;
    session.cursorHeight = height;
    return true;
  }

  private onNothing(peer: SyncPeer, session: Session): void {
    const { peers } = this.options;
    if (peers.isAhead(peer)) peers.onFalseHead(peer, "its headers do not show the work that it announced");
    // Where this node has come to have that head meanwhile, there is nothing more to ask for either.
    peer.falseHead = peer.head.hash;
    if (!session.isProven) this.abandon();
  }

  /** Bounds what a peer may send that does not come to what it announced. @param count of headers that lead on */
  private judge(session: Session, peer: SyncPeer, count: number): void {
    const isFew = count < (session.isProven ? 1 : this.options.fullAnswerHeaders / 2);
    session.shortAnswers = isFew ? session.shortAnswers + 1 : 0;
    const { tip } = this.headers;
    const { claim } = session;
    const isPastClaim = tip !== undefined && tip.header.height >= claim.height && tip.totalWork < claim.totalWork;
    const isShort = session.shortAnswers >= SHORT_ANSWERS_MAX;
    if (!isShort && (session.isProven || !isPastClaim)) return;
    const reason = isShort
      ? "its answers lead on by a few headers"
      : "its headers have less work at the announced height";
    this.options.peers.onFalseHead(peer, reason);
    if (!session.isProven) this.abandon();
  }

  private take(
    session: Session,
    peer: SyncPeer,
    read: { base: Hash; headers: readonly TracedHeader[] },
    nowMs: number,
  ): void {
    const { base, headers } = read;
    const { tip } = this.headers;
    if (headers.length === 0) return;
    session.cursor = undefined;
    const isReady =
      tip === undefined ? this.begin(session, peer, base) : base === tip.hash || this.branch(session, peer, base);
    if (!isReady) return;
    session.originId = peer.connectionId;
    for (const header of headers) {
      const isPastWindow = session.isDeep || this.headers.isProbing || this.headers.pending.roomCount === 0;
      if (isPastWindow && session.isProven) break;
      if (isPastWindow) this.headers.appendProbe(header);
      else if (this.headers.fitsCheckpoint(header)) this.headers.appendPending(header);
      else {
        this.options.peers.onFalseHead(peer, "its headers are not the ones whose work was shown");
        this.abandon();
        return;
      }
    }
    this.prove(session, nowMs);
  }

  /** The chain that follows leaves the kept blocks at `base`. */
  private begin(session: Session, peer: SyncPeer, base: Hash): boolean {
    const { chain } = this.options;
    if (session.isProven && base !== chain.head().hash) {
      session.isProven = false;
      session.claim = peer.head;
    }
    const forkHeight = forkHeightOf(chain, base);
    if (forkHeight === undefined) {
      this.abandon();
      return false;
    }
    session.forkHeight = forkHeight;
    // Nothing is replaced by what follows the head.
    session.isDeep = forkHeight < chain.head().height && forkHeight + 1 < chain.reorgHeightMin();
    return true;
  }

  /** The peer's chain leaves the one of the pending headers at `base`, before its tip. */
  private branch(session: Session, peer: SyncPeer, base: Hash): boolean {
    const { peers, onDropped } = this.options;
    if (session.isProven && session.originId !== peer.connectionId) {
      peer.isOnOtherChain = true;
      return false;
    }
    if (session.isDeep || this.headers.isProbing) {
      // Another peer than the one that began to show its work has shown its own chain, as it should.
      if (session.originId === peer.connectionId)
        peers.onFalseHead(peer, "its chain became another one while it showed its work");
      this.abandon();
      return false;
    }
    session.isProven = false;
    session.claim = peer.head;
    const index = this.headers.pending.indexOf(base);
    onDropped(this.headers.pending.truncate(index === undefined ? 0 : index + 1));
    return index !== undefined || this.begin(session, peer, base);
  }

  private prove(session: Session, nowMs: number): void {
    const { chain } = this.options;
    const tip = defined(this.headers.tip, "headers were taken");
    if (session.isProven || tip.totalWork < session.claim.totalWork || !chain.isBetter(tip)) return;
    if (!session.isDeep) {
      session.isProven = true;
      session.provenHeight = tip.header.height;
      this.headers.endProbe();
      return;
    }
    this.reportDeepSplit(nowMs);
  }

  /** The chain that is being followed would replace more blocks than this node does. */
  reportDeepSplit(nowMs: number): void {
    const { peers, onDeepSplit } = this.options;
    const session = defined(this.session, "a split is found in a session");
    const { hash, header, totalWork } = defined(this.headers.tip, "headers were taken");
    const peer = peers.get(session.originId);
    if (peer !== undefined) {
      peer.falseHead = peer.head.hash;
      peer.headersPausedUntilMs = nowMs + DEEP_SPLIT_PAUSE_MS;
    }
    this.abandon();
    onDeepSplit({
      connectionId: session.originId,
      ancestorHeight: defined(session.forkHeight, "headers were taken"),
      tip: { height: header.height, hash, totalWork },
    });
  }

  /** A pending block is invalid: it and all after it are dropped, and the peer that gave them is not asked again. */
  dropFrom(hash: Hash): void {
    const { session } = this;
    const index = this.headers.pending.indexOf(hash);
    if (session === undefined || index === undefined) return;
    this.options.onDropped(this.headers.pending.truncate(index));
    // The probe, and an answer that is under way, continue what was dropped.
    if (this.headers.isProbing) this.abandon();
    this.giveUpRequest();
  }

  /** Ends the session; what it was to fetch is looked for anew. */
  abandon(): void {
    this.session = undefined;
    this.giveUpRequest();
    this.options.onDropped(this.headers.clear());
  }

  /** The peer that gave the last pending header. */
  get originId(): number | undefined {
    return this.session?.originId;
  }

  private giveUpRequest(): void {
    if (this.asked !== undefined) this.options.requests.giveUp(this.asked);
    this.asked = undefined;
  }

  tick(nowMs: number): void {
    const { asked } = this;
    if (asked === undefined || asked.sentMs + HEADERS_TIMEOUT_MS > nowMs) return;
    this.giveUpRequest();
    const peer = this.options.peers.get(asked.connectionId);
    if (peer !== undefined) this.options.peers.onUnanswered(peer, nowMs, "no headers within the time");
  }

  onPeerGone(connectionId: number): void {
    if (this.asked?.connectionId === connectionId) this.asked = undefined;
  }
}
