// A connected node after the handshake, and what gossip and sync may do with it.

import type { ConnectionDirection } from "../ports/index.ts";
import type { Address } from "../primitives/index.ts";
import type { Message, PeerHead } from "./wire/message.ts";

export interface Peer {
  readonly connectionId: number;
  readonly direction: ConnectionDirection;
  readonly nodeKey: Address;
  /** IP address of the other end. */
  readonly address: string;
  /** As last announced; the peer's word, not checked. */
  readonly head: PeerHead;
  /** What is sent waits in a full buffer: send only what matters. */
  readonly isCongested: boolean;
}

/** What a peer did wrong; `scoring` gives the points. */
export type Offence =
  | "invalid_block"
  | "invalid_header"
  | "invalid_transaction"
  | "invalid_signature"
  | "unrequested"
  | "unanswered"
  | "false_head"
  | "unexpected_message"
  | "malformed_message"
  | "line_too_long"
  | "line_too_slow"
  | "flood"
  | "too_many_requests"
  | "unknown_parents";

export interface PeerLinks {
  /** Those that have passed the handshake, in the order in which they connected. */
  peers(): readonly Peer[];
  peer(connectionId: number): Peer | undefined;
  send(connectionId: number, message: Message): void;
  broadcast(connectionIds: readonly number[], message: Message): void;
  /** Adds the offence's points; at the limit the connection ends and the address is banned. */
  punish(connectionId: number, offence: Offence, reason: string): void;
  /** A peer has sent something that is new and right; such peers keep their places when these become scarce. */
  noteUseful(connectionId: number): void;
}
