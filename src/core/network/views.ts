// What the API shows of the network, as plain data that crosses threads.

import type { Address, Height } from "../primitives/index.ts";
import type { ConnectionsView } from "./peers/peersView.ts";

export interface NetworkView extends ConnectionsView {
  readonly nodeKey: Address;
  /** Where others reach this node. */
  readonly listenEndpoint: string | undefined;
}

export interface SyncProgress {
  readonly state: "idle" | "headers" | "blocks";
  readonly height: Height;
  /** The height that is being synced to; the node's own when it is level. */
  readonly targetHeight: Height;
  readonly blocksPerSecond: number;
  readonly secondsLeft: number | undefined;
}
