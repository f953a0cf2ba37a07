// Port: connections to other nodes. It carries messages whole and in order, or loses the connection; what they mean is
// the network's business. What happens on a connection reaches the replica as a `TransportEvent`.

import type { Bytes } from "../primitives/index.ts";

export type ConnectionDirection = "inbound" | "outbound";

/** What an adapter finds wrong with the bytes of a peer before there is a message. */
export type LineFault =
  /** A line passes the limit of its length. */
  | "line_too_long"
  /** A line has been under way for too long. */
  | "line_too_slow"
  /** A line is no JSON object, or no message of the protocol. */
  | "malformed_message"
  /** More messages or bytes in a second than a peer may send. */
  | "flood";

export type TransportEvent<Message> =
  | {
      readonly kind: "connected";
      readonly connectionId: number;
      readonly direction: ConnectionDirection;
      /** The other end's IP address, without a port. */
      readonly address: string;
      /** The other end's port. */
      readonly port: number;
      /** With TLS: 32 bytes that both ends know and nobody between them, in one order at both ends; else empty. */
      readonly channelBinding: Bytes;
    }
  /** An attempt of `connect` has failed; there is no further event of this connection. */
  | { readonly kind: "failed"; readonly connectionId: number; readonly reason: string }
  | {
      readonly kind: "message";
      readonly connectionId: number;
      readonly message: Message;
      readonly sizeBytes: number;
    }
  | { readonly kind: "fault"; readonly connectionId: number; readonly fault: LineFault; readonly reason: string }
  /** What was sent waits in a buffer that has grown past its mark, or has been worked off. */
  | { readonly kind: "congestion"; readonly connectionId: number; readonly isCongested: boolean }
  /** The connection has ended, whoever ended it. The last event of a connection. */
  | { readonly kind: "disconnected"; readonly connectionId: number; readonly reason: string };

export interface Transport<Message> {
  /** Starts an attempt to reach `endpoint`, `host:port`, whose name is resolved anew. `connectionId` is even and new. */
  connect(options: { connectionId: number; endpoint: string }): void;
  /** Sends one message to several connections; those that are gone are passed over. */
  send(connectionIds: readonly number[], message: Message): void;
  /** Ends a connection after what was sent to it has left, at the latest after a second. */
  close(connectionId: number): void;
  /** From now on, connections from these IP addresses are not accepted. Replaces the list given before. */
  refuse(addresses: readonly string[]): void;
}
