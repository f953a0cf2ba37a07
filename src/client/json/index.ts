// The contract of the JSON mapping that the API and the client share.

export { hashHeaderJson, headerToJson } from "./header.ts";
export {
  completeTransaction,
  DEFAULT_TRANSACTION_TYPE,
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
  ChainInfoJson,
  HeaderJson,
  HeadJson,
  IncludedTransactionJson,
  MempoolEntryJson,
  MempoolJson,
  PendingTransactionJson,
  ReceiptJson,
  SubmittedJson,
  TransactionJson,
  TransactionViewJson,
} from "./views.ts";
