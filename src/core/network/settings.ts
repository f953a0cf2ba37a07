// What an operator sets of the network, as the core takes it.

import type { Address } from "../primitives/index.ts";

export interface NetworkSettings {
  /** `host:port`, asked first and kept connected. */
  readonly bootstrapPeers: readonly string[];
  /** `host:port` under which others reach this node; undefined when it takes no connections. */
  readonly listenEndpoint: string | undefined;
  /** Connections that this node opens, beside those to its bootstrap peers. */
  readonly outboundMax: number;
  /** Connections that others open. */
  readonly inboundMax: number;
  /** Inbound connections from one IP address. */
  readonly inboundPerAddressMax: number;
  /** Inbound connections from one /16 of IPv4 or /32 of IPv6; private and loopback addresses are no group. */
  readonly inboundPerGroupMax: number;
  /** With entries: only nodes with these keys. */
  readonly allowedNodeKeys: readonly Address[];
}

export const DEFAULT_NETWORK_SETTINGS: NetworkSettings = {
  bootstrapPeers: [],
  listenEndpoint: undefined,
  outboundMax: 8,
  inboundMax: 64,
  inboundPerAddressMax: 8,
  inboundPerGroupMax: 24,
  allowedNodeKeys: [],
};
