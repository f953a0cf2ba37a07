// The contract of a replica: what the threads and the API see of it.

export type {
  AccountProofView,
  BlockView,
  ChainQueries,
  HeadView,
  HeightTag,
  IncludedTransaction,
} from "./queries.ts";
export type { MempoolEntryView, MempoolView, NodeStatus, SubmitCode, SubmitRefusal } from "./status.ts";
