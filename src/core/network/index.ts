// The contract of the network: what a replica builds it from, and what the API shows of it.

export type {
  BlockVerdict,
  ChainAccess,
  HeaderVerdict,
  ImportItem,
  NodeIdentity,
  NoteStore,
  PoolVerdict,
  TracedHeader,
  TransactionPool,
} from "./chainAccess.ts";
export { lineSizeBytesMax } from "./limits.ts";
export { Network, type NetworkPorts } from "./network.ts";
export type { Ban } from "./peers/bans.ts";
export type { PeerView } from "./peers/peersView.ts";
export { DEFAULT_NETWORK_SETTINGS, type NetworkSettings } from "./settings.ts";
export type { NetworkView, SyncProgress } from "./views.ts";
export { createWireCodec } from "./wire/codecTable.ts";
export { isEndpoint } from "./wire/endpoint.ts";
export type { Message, PeerHead } from "./wire/message.ts";
