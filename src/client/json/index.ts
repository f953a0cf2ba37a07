// The contract of the JSON mapping that the API and the client share.

export { hashHeaderJson, headerToJson } from "./header.ts";
export {
  completeTransaction,
  readTransactionFields,
  type TransactionFields,
  type TransactionRequest,
} from "./transactionFields.ts";
export { completeSigned, type TransactionJsonCode, transactionFromJson } from "./transactionFromJson.ts";
export { transactionToJson } from "./transactionToJson.ts";
export type {
  AccountJson,
  AccountProofJson,
  BlockJson,
  BlockTransactionJson,
  BlockTransactionsJson,
  ChainInfoJson,
  HeaderJson,
  HeadJson,
  IncludedTransactionJson,
  MempoolEntryJson,
  MempoolJson,
  PeerJson,
  PeersJson,
  PendingTransactionJson,
  ReceiptJson,
  SenderMempoolJson,
  SubmitResultJson,
  SubmittedJson,
  SyncJson,
  TransactionJson,
  TransactionProofJson,
  TransactionViewJson,
} from "./views.ts";
