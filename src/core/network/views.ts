// What the API shows of the network, as plain data that crosses threads.

import type { ConnectionDirection } from "../ports/index.ts";
import type { Address, Hash, Height, TimestampMs } from "../primitives/index.ts";

export interface PeerView {
  readonly connectionId: number;
  readonly nodeKey: Address;
  /** IP address and port of the other end of the connection. */
  readonly address: string;
  readonly port: number;
  readonly direction: ConnectionDirection;
  readonly isBootstrap: boolean;
  /** Where others reach it, by its own word. */
  readonly listenEndpoint: string | undefined;
  /** Its head, by its own word. */
  readonly height: Height;
  readonly headHash: Hash;
  /** Of the last ping; undefined before the first answer. */
  readonly roundTripMs: number | undefined;
  /** Points for offences; at 100 the connection ends and the address is banned. */
  readonly score: number;
  readonly connectedAtMs: TimestampMs;
}

export interface BanView {
  readonly address: string;
  readonly untilMs: TimestampMs;
  readonly reason: string;
}

export interface NetworkView {
  readonly nodeKey: Address;
  readonly listenEndpoint: string | undefined;
  readonly peers: readonly PeerView[];
  readonly bans: readonly BanView[];
}

export interface SyncProgress {
  readonly state: "idle" | "headers" | "blocks";
  readonly height: Height;
  /** The height that is being synced to; the node's own when it is level. */
  readonly targetHeight: Height;
  readonly blocksPerSecond: number;
  readonly secondsLeft: number | undefined;
}
