// The connections as plain data, for those who run the node.

import type { ConnectionDirection } from "../../ports/index.ts";
import type { Address, Hash, Height } from "../../primitives/index.ts";
import type { AddressBook } from "./addressBook.ts";
import type { Ban } from "./bans.ts";
import type { Connection } from "./connection.ts";

export interface PeerView {
  readonly connectionId: number;
  readonly nodeKey: Address;
  readonly address: string;
  readonly port: number;
  readonly direction: ConnectionDirection;
  readonly height: Height;
  readonly headHash: Hash;
  /** Undefined before the first pong. */
  readonly roundTripMs: number | undefined;
  /** Points for offences; 100 end the connection. */
  readonly score: number;
  /** Milliseconds since the Unix epoch. */
  readonly connectedAtMs: number;
  /** It has proven its key under a bootstrap endpoint, now or before. */
  readonly isBootstrap: boolean;
  readonly listenEndpoint: string | undefined;
}

export interface ConnectionsView {
  readonly peers: readonly PeerView[];
  readonly bans: readonly Ban[];
  readonly counts: {
    readonly inbound: number;
    readonly outbound: number;
    /** Connections whose handshake is under way. */
    readonly handshaking: number;
    readonly dialling: number;
    /** Learned endpoints. */
    readonly known: number;
  };
}

export function connectionsView(options: {
  connections: readonly Connection[];
  nowMs: number;
  bans: readonly Ban[];
  dialling: number;
  book: AddressBook;
}): ConnectionsView {
  const { connections, nowMs, bans, dialling, book } = options;
  const peers = connections.flatMap((connection): PeerView[] => {
    const { peer, address, port, direction, score, connectedAtMs } = connection;
    if (peer === undefined) return [];
    return [
      {
        connectionId: connection.connectionId,
        nodeKey: peer.nodeKey,
        address,
        port,
        direction,
        height: peer.head.height,
        headHash: peer.head.hash,
        roundTripMs: peer.liveness.roundTripMs,
        score: score.at(nowMs),
        connectedAtMs,
        isBootstrap: connection.isBootstrapDial || book.isBootstrapKey(peer.nodeKey),
        listenEndpoint: peer.listenEndpoint,
      },
    ];
  });
  const inbound = peers.filter((peer) => peer.direction === "inbound").length;
  const counts = {
    inbound,
    outbound: peers.length - inbound,
    handshaking: connections.length - peers.length,
    dialling,
    known: book.count,
  };
  return { peers, bans, counts };
}
