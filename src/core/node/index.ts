// The contract of a replica: what the threads and the API see of it.

export { createEngine } from "./engines.ts";
export type { MiningSettings } from "./miner.ts";
export { type PastProofCode, PastProofs } from "./pastProofs.ts";
export { Precheck } from "./precheck.ts";
export {
  type AccountProofView,
  type BlockView,
  type ChainQueries,
  createQueries,
  type HeadView,
  type HeightTag,
  type IncludedTransaction,
  type TransactionProofView,
} from "./queries.ts";
export { Replica, type ReplicaListener, type ReplicaSettings } from "./replica.ts";
export type {
  MempoolEntryView,
  MempoolView,
  NodeStatus,
  SenderMempoolView,
  SubmitCode,
  SubmitRefusal,
} from "./status.ts";
