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
export { DEFAULT_NETWORK_SETTINGS, type NetworkSettings } from "./settings.ts";
export type { BanView, NetworkView, PeerView, SyncProgress } from "./views.ts";
export { createWireCodec } from "./wire/codecTable.ts";
export type { Message, PeerHead } from "./wire/message.ts";
