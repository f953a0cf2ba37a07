// The contract of the JSON mapping that the API and the client share.

export { hashHeaderJson, headerToJson } from "./header.ts";
export { JsonText } from "./jsonText.ts";
export {
  completeTransaction,
  type FieldNaming,
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
  CalledJson,
  ChainInfoJson,
  ContractJson,
  ContractViewJson,
  DeployedJson,
  EstimateJson,
  EventJson,
  EventsJson,
  HeaderJson,
  HeadJson,
  IncludedTransactionJson,
  LogJson,
  MempoolEntryJson,
  MempoolJson,
  PeerJson,
  PeersJson,
  PendingTransactionJson,
  ReceiptJson,
  SenderMempoolJson,
  StorageProofJson,
  SubmitResultJson,
  SubmittedJson,
  SyncJson,
  TransactionJson,
  TransactionProofJson,
  TransactionViewJson,
} from "./views.ts";
