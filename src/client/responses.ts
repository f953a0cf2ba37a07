// The shapes of the node's answers.

import { TRANSACTION_KINDS, type TransactionType } from "../core/protocol/index.ts";
import { contractResponses } from "./contractResponses.ts";
import type {
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
  ReceiptJson,
  SenderMempoolJson,
  SubmitResultJson,
  SubmittedJson,
  SyncJson,
  TransactionJson,
  TransactionProofJson,
  TransactionViewJson,
} from "./json/index.ts";
import { proofFields, receiptFields } from "./receiptShapes.ts";
import {
  address,
  digits,
  flag,
  hash,
  hex,
  list,
  maybe,
  nullable,
  object,
  oneOf,
  record,
  type Shape,
  text,
  uint,
} from "./shape.ts";

const headerFields = {
  height: uint<HeaderJson["height"]>(),
  hash: hash<HeaderJson["hash"]>(),
  parentHash: hash<HeaderJson["hash"]>(),
  timestampMs: uint<HeaderJson["timestampMs"]>(),
  stateRoot: hash<HeaderJson["hash"]>(),
  transactionsRoot: hash<HeaderJson["hash"]>(),
  transactionCount: uint<number>(),
  receiptsRoot: hash<HeaderJson["hash"]>(),
  votesRoot: hash<HeaderJson["hash"]>(),
  evidenceRoot: hash<HeaderJson["hash"]>(),
  proposer: address<HeaderJson["proposer"]>(),
  gasUsed: uint<HeaderJson["gasUsed"]>(),
  seal: hex,
};

const headFields = { ...headerFields, totalWork: digits, sealDetails: record(text) };
const type = oneOf(...(TRANSACTION_KINDS.map((kind) => kind.type) as TransactionType[]));

const transactionFields = {
  type,
  from: address<TransactionJson["from"]>(),
  to: maybe(address<TransactionJson["from"]>()),
  amount: maybe(uint<NonNullable<TransactionJson["amount"]>>()),
  nonce: uint<TransactionJson["nonce"]>(),
  gasLimit: uint<TransactionJson["gasLimit"]>(),
  gasPrice: uint<TransactionJson["gasPrice"]>(),
  expiry: uint<TransactionJson["expiry"]>(),
  code: maybe(hex),
  function: maybe(text),
  args: maybe(text),
  signature: hex as Shape<TransactionJson["signature"]>,
  hash: hash<TransactionJson["hash"]>(),
};

const receipt = object<ReceiptJson>(receiptFields);

const blockTransactionFields = {
  ...transactionFields,
  blockHeight: uint<IncludedTransactionJson["blockHeight"]>(),
  blockHash: hash<IncludedTransactionJson["blockHash"]>(),
  index: uint<number>(),
  receipt: nullable(receipt),
};

const includedTransaction = object<IncludedTransactionJson>({
  ...blockTransactionFields,
  receipt,
  state: oneOf("included", "finalized"),
});

const pendingTransaction = object({ ...transactionFields, state: oneOf("pending") });

const transaction: Shape<TransactionViewJson> = (value, path) => {
  const { state } = object({ state: text })(value, path);
  return (state === "pending" ? pendingTransaction : includedTransaction)(value, path) as TransactionViewJson;
};

const account = object<AccountJson>({
  address: address<AccountJson["address"]>(),
  balance: uint<AccountJson["balance"]>(),
  nonce: uint<AccountJson["nonce"]>(),
  stake: uint<AccountJson["stake"]>(),
  codeHash: nullable(hash<NonNullable<AccountJson["codeHash"]>>()),
});

const accountProof = object<AccountProofJson>({ ...proofFields, account });

const mempoolEntryFields = {
  hash: hash<MempoolEntryJson["hash"]>(),
  type,
  from: address<MempoolEntryJson["from"]>(),
  nonce: uint<MempoolEntryJson["nonce"]>(),
  amount: uint<MempoolEntryJson["amount"]>(),
  gasPrice: uint<MempoolEntryJson["gasPrice"]>(),
  ready: flag,
  missingNonce: nullable(uint<MempoolEntryJson["nonce"]>()),
};

const senderMempool = object<SenderMempoolJson>({
  address: address<SenderMempoolJson["address"]>(),
  balance: uint<SenderMempoolJson["balance"]>(),
  accountNonce: uint<MempoolEntryJson["nonce"]>(),
  nextNonce: uint<MempoolEntryJson["nonce"]>(),
  transactions: list(
    object<SenderMempoolJson["transactions"][number]>({
      ...mempoolEntryFields,
      waitsFor: object<SenderMempoolJson["transactions"][number]["waitsFor"]>({ code: text, message: text }),
    }),
  ),
});

const mempool = object<MempoolJson>({
  count: uint<number>(),
  sizeBytes: uint<number>(),
  countMax: uint<number>(),
  sizeBytesMax: uint<number>(),
  height: uint<MempoolJson["height"]>(),
  transactions: list(object<MempoolEntryJson>(mempoolEntryFields)),
});

const chainInfo = object<ChainInfoJson>({
  name: text,
  genesisHash: hash<ChainInfoJson["genesisHash"]>(),
  consensus: oneOf("pow"),
  development: flag,
  parameters: object<ChainInfoJson["parameters"]>({
    blockTimeMs: uint<number>(),
    blockGasLimit: uint<ChainInfoJson["parameters"]["blockGasLimit"]>(),
    blockSizeBytesMax: uint<number>(),
    newStateBytesMax: uint<number>(),
    blockReward: uint<ChainInfoJson["parameters"]["blockReward"]>(),
    gasPriceMin: uint<ChainInfoJson["parameters"]["gasPriceMin"]>(),
    difficulty: uint<number>(),
    retarget: flag,
  }),
  supply: uint<number>(),
  eip712: object<ChainInfoJson["eip712"]>({
    domain: object<ChainInfoJson["eip712"]["domain"]>({
      name: text,
      version: text,
      salt: hash<ChainInfoJson["genesisHash"]>(),
    }),
    types: record(record(list(object<{ readonly name: string; readonly type: string }>({ name: text, type: text })))),
  }),
  wallet: object<ChainInfoJson["wallet"]>({ enabled: flag, addresses: list(address<AccountJson["address"]>()) }),
  sync: object<SyncJson>({
    state: oneOf("idle", "headers", "blocks"),
    height: uint<SyncJson["height"]>(),
    targetHeight: uint<SyncJson["height"]>(),
    blocksPerSecond: uint<number>(),
    secondsLeft: nullable(uint<number>()),
    peerCount: uint<number>(),
  }),
  version: text,
});

const peers = object<PeersJson>({
  enabled: flag,
  nodeKey: nullable(address<PeerJson["nodeKey"]>()),
  listenEndpoint: nullable(text),
  peers: list(
    object<PeerJson>({
      nodeKey: address<PeerJson["nodeKey"]>(),
      address: text,
      port: uint<number>(),
      direction: oneOf("inbound", "outbound"),
      isBootstrap: flag,
      listenEndpoint: nullable(text),
      height: uint<PeerJson["height"]>(),
      headHash: hash<PeerJson["headHash"]>(),
      roundTripMs: nullable(uint<number>()),
      score: uint<number>(),
      connectedAtMs: uint<number>(),
      bytesIn: uint<number>(),
      bytesOut: uint<number>(),
    }),
  ),
  bans: list(
    object<PeersJson["bans"][number]>({
      address: text,
      untilMs: uint<number>(),
      reason: text,
    }),
  ),
});

const submitResult: Shape<SubmitResultJson> = (value, path) => {
  const { status } = object({ status: oneOf("ok", "error") })(value, path);
  if (status === "ok") return { status, hash: object({ hash: hash<SubmittedJson["hash"]>() })(value, path).hash };
  return { status, ...object({ error: object({ code: text, message: text }) })(value, path) };
};

/** What each route answers with, as a whole body. */
export const responses = {
  ...contractResponses,
  head: object({ head: object<HeadJson>(headFields) }),
  info: object({ chain: chainInfo }),
  block: object({
    block: object<BlockJson>({
      ...headFields,
      canonical: flag,
      sizeBytes: uint<number>(),
      transactions: list(hash<TransactionJson["hash"]>()),
    }),
  }),
  blockTransactions: object<BlockTransactionsJson>({
    transactions: list(object<BlockTransactionJson>(blockTransactionFields)),
    next: nullable(uint<number>()),
  }),
  transaction: object({ tx: transaction }),
  balance: object({ balance: uint<AccountJson["balance"]>() }),
  account: object({ account }),
  accountProof: object({ proof: accountProof }),
  mempool: object({ mempool }),
  senderMempool: object({ mempool: senderMempool }),
  submitted: object<SubmittedJson>({
    hash: hash<SubmittedJson["hash"]>(),
    blockHeight: maybe(uint<NonNullable<SubmittedJson["blockHeight"]>>()),
  }),
  transactionProof: object({
    proof: object<TransactionProofJson>({
      blockHash: hash<TransactionProofJson["blockHash"]>(),
      blockHeight: uint<TransactionProofJson["blockHeight"]>(),
      transactionsRoot: hash<TransactionProofJson["transactionsRoot"]>(),
      index: uint<number>(),
      count: uint<number>(),
      encoded: hex,
      siblings: list(hash<TransactionProofJson["blockHash"]>()),
    }),
  }),
  peers,
  submittedMany: object({ results: list(submitResult) }),
  error: object({ error: object({ code: text, message: text }) }),
} as const;
