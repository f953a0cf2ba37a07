// The contract of a replica: what the threads and the API see of it.

export { DEFAULT_NETWORK_SETTINGS, type NetworkSettings } from "../network/index.ts";
export { STORAGE_KEY_SIZE_BYTES_MAX } from "../vm/index.ts";
export type { ContractDescription } from "./contractDescriptions.ts";
export {
  ContractViews,
  type Estimate,
  type EstimateCode,
  type ViewCode,
  type ViewRequest,
  type ViewResult,
} from "./contractViews.ts";
export { createEngine, REORG_DEPTH_MAX_DEFAULT } from "./engines.ts";
export type { EventFilter, EventPage, EventPosition } from "./events.ts";
export type { MiningSettings } from "./miner.ts";
export { type PastProofCode, PastProofs } from "./pastProofs.ts";
export { Precheck } from "./precheck.ts";
export {
  type AccountProofView,
  type BlockTransaction,
  type BlockView,
  type ChainQueries,
  createQueries,
  type HeadView,
  type HeightTag,
  type IncludedTransaction,
  type StorageProofView,
  type TransactionProofView,
} from "./queries.ts";
export {
  type Reorganization,
  Replica,
  type ReplicaListener,
  type ReplicaNetworkOptions,
  type ReplicaSettings,
} from "./replica.ts";
export type {
  MempoolEntryView,
  MempoolView,
  NodeStatus,
  PeersReport,
  SenderMempoolView,
  SubmitCode,
  SubmitRefusal,
} from "./status.ts";
