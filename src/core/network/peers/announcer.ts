// What this node tells its peers unasked: its head, soon but not for every block of a burst, and a few endpoints of
// further nodes.

import type { Rng, Transport } from "../../ports/index.ts";
import { ENDPOINTS_PER_MESSAGE_MAX } from "../limits.ts";
import type { Message, PeerHead } from "../wire/message.ts";
import type { AddressBook } from "./addressBook.ts";
import { randomBelow } from "./chance.ts";
import type { LivePeer } from "./connection.ts";

/** Between two announcements of heads. */
const ANNOUNCE_INTERVAL_MS = 1_000;
/** A peer hears of endpoints when it has connected, and then every two to three minutes. */
export const ENDPOINTS_INTERVAL_MS = 120_000;
const ENDPOINTS_JITTER_MS = 60_000;
/** Of what a message may hold: a stranger learns the book only slowly. */
export const ENDPOINTS_TOLD_MAX = ENDPOINTS_PER_MESSAGE_MAX / 2;

export class Announcer {
  private readonly transport: Transport<Message>;
  private readonly book: AddressBook;
  private readonly rng: Rng;
  private readonly head: () => PeerHead;
  private announcedAtMs: number | undefined;
  private isPending = false;

  constructor(options: { transport: Transport<Message>; book: AddressBook; rng: Rng; head: () => PeerHead }) {
    this.transport = options.transport;
    this.book = options.book;
    this.rng = options.rng;
    this.head = options.head;
  }

  /** The head has changed: tells all peers now, or when a second has passed since the last time. */
  announce(peers: readonly LivePeer[], nowMs: number): void {
    this.isPending = true;
    this.flush(peers, nowMs);
  }

  tick(peers: readonly LivePeer[], nowMs: number): void {
    this.flush(peers, nowMs);
    for (const peer of peers) {
      if (peer.nextEndpointsAtMs <= nowMs && !peer.isCongested) this.tellEndpoints(peer, { peers, nowMs });
    }
  }

  private flush(peers: readonly LivePeer[], nowMs: number): void {
    const isDue = this.announcedAtMs === undefined || nowMs - this.announcedAtMs >= ANNOUNCE_INTERVAL_MS;
    if (!this.isPending || !isDue) return;
    const head = this.head();
    const unaware = peers.filter((peer) => peer.announcedHash !== head.hash);
    const targets = unaware.filter((peer) => !peer.isCongested);
    // A congested peer is told later, and then of the head of that time.
    this.isPending = targets.length < unaware.length;
    if (targets.length === 0) return;
    this.announcedAtMs = nowMs;
    for (const peer of targets) peer.announcedHash = head.hash;
    const connectionIds = targets.map((peer) => peer.connectionId);
    this.transport.send(connectionIds, { type: "PeerInfo", kind: "status", head, endpoints: [] });
  }

  private tellEndpoints(peer: LivePeer, options: { peers: readonly LivePeer[]; nowMs: number }): void {
    const { peers, nowMs } = options;
    peer.nextEndpointsAtMs = nowMs + ENDPOINTS_INTERVAL_MS + randomBelow(this.rng, ENDPOINTS_JITTER_MS);
    const vouched = peers.flatMap((other) =>
      other === peer || other.listenEndpoint === undefined ? [] : [other.listenEndpoint],
    );
    const sample = this.book.sample({
      rng: this.rng,
      countMax: ENDPOINTS_TOLD_MAX + 1,
      address: peer.address,
      vouched,
    });
    const endpoints = sample.filter((endpoint) => endpoint !== peer.listenEndpoint).slice(0, ENDPOINTS_TOLD_MAX);
    const head = this.head();
    if (endpoints.length === 0 && peer.announcedHash === head.hash) return;
    peer.announcedHash = head.hash;
    this.transport.send([peer.connectionId], { type: "PeerInfo", kind: "status", head, endpoints });
  }
}
