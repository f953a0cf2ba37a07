// The contract of the protocol folder: what is encoded, hashed and signed, and the rules that need nothing else.

export { type Block, type BlockBody, blockSizeBytes, decodeBody, EMPTY_BODY, encodeBody } from "./block.ts";
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
  BLOCK_TRANSACTIONS_MAX,
  HEADER_SIZE_BYTES_MAX,
  MAX_SUPPLY,
  TRANSACTION_SIZE_BYTES_MAX,
  VOTE_SIZE_BYTES_MAX,
} from "./limits.ts";
export {
  type ContractEvent,
  decodeReceipt,
  encodeReceipt,
  encodeReceipts,
  OUTCOMES,
  type Outcome,
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
