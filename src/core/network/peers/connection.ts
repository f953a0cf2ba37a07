// One connection as the peer manager keeps it, and the peer that it becomes after the handshake.

import type { ConnectionDirection } from "../../ports/index.ts";
import type { Address, Hash } from "../../primitives/index.ts";
import type { Peer } from "../peer.ts";
import type { PeerHead } from "../wire/message.ts";
import type { Handshake } from "./handshake.ts";
import { Liveness } from "./liveness.ts";
import { RateWindow } from "./rateWindow.ts";
import type { Score } from "./scoring.ts";

const WINDOW_MS = 60_000;
/** Seven times what a node of this version sends. */
const PINGS_PER_MINUTE_MAX = 30;
/** A node announces heads at most once a second, and endpoints now and then. */
const STATUSES_PER_MINUTE_MAX = 90;

export class LivePeer implements Peer {
  readonly connectionId: number;
  readonly direction: ConnectionDirection;
  readonly nodeKey: Address;
  readonly address: string;
  readonly listenEndpoint: string | undefined;
  head: PeerHead;
  isCongested = false;
  /** The head that it was last told of. */
  announcedHash: Hash | undefined;
  nextEndpointsAtMs: number;
  /** When the other end opened a second connection. */
  supersededAtMs: number | undefined;
  /** When it last told something new. */
  usefulAtMs: number | undefined;
  readonly liveness: Liveness;
  readonly pings = new RateWindow({ countMax: PINGS_PER_MINUTE_MAX, windowMs: WINDOW_MS });
  readonly statuses = new RateWindow({ countMax: STATUSES_PER_MINUTE_MAX, windowMs: WINDOW_MS });

  constructor(options: {
    connection: Pick<Connection, "connectionId" | "direction" | "address">;
    nodeKey: Address;
    listenEndpoint: string | undefined;
    head: PeerHead;
    nowMs: number;
  }) {
    this.connectionId = options.connection.connectionId;
    this.direction = options.connection.direction;
    this.address = options.connection.address;
    this.nodeKey = options.nodeKey;
    this.listenEndpoint = options.listenEndpoint;
    this.head = options.head;
    this.nextEndpointsAtMs = options.nowMs;
    this.liveness = new Liveness(options.nowMs);
  }
}

export interface Connection {
  readonly connectionId: number;
  readonly direction: ConnectionDirection;
  readonly address: string;
  readonly port: number;
  /** The endpoint that this node dialled; undefined for connections that others opened. */
  readonly endpoint: string | undefined;
  /** This node opened it, to a bootstrap peer. */
  readonly isBootstrapDial: boolean;
  /** By steady time. */
  readonly openedAtMs: number;
  /** By the time of day. */
  readonly connectedAtMs: number;
  readonly handshake: Handshake;
  readonly score: Score;
  /** Once the other end has proven its key. */
  nodeKey: Address | undefined;
  peer: LivePeer | undefined;
}
