// The contract of the protocol folder: what is encoded, hashed and signed, and the rules that need nothing else.

export { type Block, type BlockBody, blockSizeBytes, decodeBody, EMPTY_BODY, encodeBody } from "./block.ts";
export { contractAddress } from "./contractAddress.ts";
export { decodeBlock, encodeBlock, joinBlock } from "./encodedBlock.ts";
export { costMax, feeOf } from "./fee.ts";
export { TRANSACTION_GAS } from "./gas.ts";
export {
  blockGasLimitMax,
  type ChainParameters,
  checkGenesis,
  DEFAULT_PARAMETERS,
  encodeGenesis,
  type Genesis,
  type GenesisAccount,
  hashGenesis,
  type ProofOfWorkParameters,
} from "./genesis.ts";
export { hashList, proveListItem, verifyListItem } from "./hashList.ts";
export { decodeHeader, encodeHeader, type Header, hashHeader } from "./header.ts";
export {
  ARGS_SIZE_BYTES_MAX,
  BLOCK_TRANSACTIONS_MAX,
  EVENT_DATA_SIZE_BYTES_MAX,
  EVENTS_PER_RECEIPT_MAX,
  HEADER_SIZE_BYTES_MAX,
  LOG_SIZE_BYTES_MAX,
  LOGS_PER_RECEIPT_MAX,
  MAX_SUPPLY,
  MODULE_SIZE_BYTES_MAX,
  RETURN_DATA_SIZE_BYTES_MAX,
  TOPICS_PER_EVENT_MAX,
  TRANSACTION_SIZE_BYTES_MAX,
  VOTE_SIZE_BYTES_MAX,
} from "./limits.ts";
export {
  type ContractEvent,
  type ContractLog,
  decodeReceipt,
  encodeReceipt,
  encodeReceipts,
  OUTCOMES,
  type Outcome,
  outcomeOf,
  REASONS,
  type Reason,
  type Receipt,
  splitReceipts,
} from "./receipt.ts";
export {
  assumeVerified,
  checkTransaction,
  createSigningDomain,
  decodeTransaction,
  EIP712_DOMAIN_NAME,
  EIP712_DOMAIN_VERSION,
  encodeTransaction,
  type SignedTransaction,
  type SigningDomain,
  signTransaction,
  transactionHash,
  type VerifiedTransaction,
  verifyTransaction,
} from "./transaction.ts";
export {
  type Call,
  type Deploy,
  kindOf,
  type Stake,
  type StaticCheckCode,
  TRANSACTION_KINDS,
  type Transaction,
  type TransactionType,
  type Transfer,
  type Unstake,
} from "./transactions/index.ts";
