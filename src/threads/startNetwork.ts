// Prepares a node's network: its key, the listening socket and the parts that go to the replica's thread.

import { secretKeyToAddress } from "../core/crypto/index.ts";
import { createWireCodec, lineSizeBytesMax, type Message, type NetworkSettings } from "../core/network/index.ts";
import type { Genesis } from "../core/protocol/index.ts";
import { loadNodeKey } from "../io/keys/index.ts";
import { createTcpTransport } from "../io/tcp/index.ts";
import type { NetworkHost } from "./networkHost.ts";
import type { ReplicaThreadOptions } from "./protocol.ts";

export interface NetworkThreadOptions {
  readonly settings: Omit<NetworkSettings, "listenEndpoint">;
  readonly listen: { readonly host: string; readonly port: number };
  /** `host:port` for others, where it is not what the node listens on. */
  readonly advertisedEndpoint: string | undefined;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string } | undefined;
}

export interface StartedNetwork {
  readonly host: NetworkHost;
  /** What the replica's thread needs. */
  readonly replica: NonNullable<ReplicaThreadOptions["network"]>;
}
