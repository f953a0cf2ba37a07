// What the node knows, as the JSON of docs/spec/api.md.

import { explainFailure, readableText } from "../../client/index.ts";
import {
  type AccountJson,
  type AccountProofJson,
  type BlockJson,
  type BlockTransactionJson,
  type ChainInfoJson,
  type ContractViewJson,
  type EstimateJson,
  type EventsJson,
  type HeadJson,
  headerToJson,
  type IncludedTransactionJson,
  type LogJson,
  type MempoolJson,
  type PeersJson,
  type PendingTransactionJson,
  type ReceiptJson,
  type SenderMempoolJson,
  type StorageProofJson,
  type TransactionProofJson,
  transactionToJson,
} from "../../client/json/index.ts";
import type {
  AccountProofView,
  BlockTransaction,
  BlockView,
  ChainQueries,
  Estimate,
  EventPage,
  HeadView,
  IncludedTransaction,
  MempoolView,
  NodeStatus,
  PeersReport,
  SenderMempoolView,
  StorageProofView,
  TransactionProofView,
  ViewResult,
} from "../../core/node/index.ts";
import {
  type Address,
  type Bytes,
  bytesToHex,
  bytesToUtf8,
  type Hash,
  type Height,
} from "../../core/primitives/index.ts";
import {
  type ContractLog,
  EIP712_DOMAIN_NAME,
  EIP712_DOMAIN_VERSION,
  type Receipt,
  type SignedTransaction,
  TRANSACTION_KINDS,
} from "../../core/protocol/index.ts";

import { compactJson } from "../json/index.ts";
import { writeCursor } from "./cursor.ts";

export function viewHead(head: HeadView, queries: ChainQueries): HeadJson {
  return {
    ...headerToJson(head),
    totalWork: head.totalWork.toString(),
    sealDetails: queries.describeSeal(head.header),
  };
}

/** What bytes say that are JSON by the rules of requests, but with any numbers; null where they are none. */
function parseResult(bytes: Bytes): unknown {
  const text = bytesToUtf8(bytes);
  return text !== undefined && compactJson(text).ok ? JSON.parse(text) : null;
}

function viewLog({ address, data }: ContractLog): LogJson {
  return { address, data: bytesToHex(data), text: readableText(data) ?? null };
}

/** What a contract has come to. */
function viewOutcome(run: Pick<Receipt, "outcome" | "reason" | "gasUsed" | "returnData" | "logs">) {
  const { outcome, reason, gasUsed, returnData, logs } = run;
  return {
    outcome,
    reason,
    gasUsed,
    returnData: bytesToHex(returnData),
    result: outcome === "success" ? parseResult(returnData) : null,
    error: explainFailure({ reason, returnData }) ?? null,
    logs: logs.map(viewLog),
  };
}

export function viewReceipt(receipt: Receipt): ReceiptJson {
  return {
    ...viewOutcome(receipt),
    gasRefunded: receipt.gasRefunded,
    fee: receipt.fee,
    events: receipt.events.map(({ address, topics, data }) => ({ address, topics, data: bytesToHex(data) })),
  };
}

export function viewContractView(view: ViewResult): ContractViewJson {
  return { ...viewOutcome(view), blockHeight: view.blockHeight };
}

export function viewEstimate(estimate: Estimate): EstimateJson {
  const { fee: _fee, ...receipt } = viewReceipt(estimate);
  return { ...receipt, blockHeight: estimate.blockHeight, gasLimit: estimate.gasLimit };
}

export function viewEvents({ events, next }: EventPage): EventsJson {
  return {
    events: events.map(({ height, data, ...event }) => ({ ...event, blockHeight: height, data: bytesToHex(data) })),
    next: next === undefined ? null : writeCursor(next),
  };
}

export function viewStorageProof(
  view: StorageProofView,
  { address, key }: { address: Address; key: Bytes },
): StorageProofJson {
  return {
    blockHeight: view.blockHeight,
    blockHash: view.blockHash,
    stateRoot: view.stateRoot,
    address,
    key: bytesToHex(key),
    value: view.value === undefined ? null : bytesToHex(view.value),
    siblings: view.proof.siblings,
    leaf: view.proof.leaf ?? null,
  };
}

export function viewBlockTransaction(held: BlockTransaction): BlockTransactionJson {
  return {
    ...transactionToJson(held),
    blockHeight: held.blockHeight,
    blockHash: held.blockHash,
    index: held.index,
    receipt: held.receipt === undefined ? null : viewReceipt(held.receipt),
  };
}

export function viewIncluded(included: IncludedTransaction, finalizedHeight: Height): IncludedTransactionJson {
  return {
    ...viewBlockTransaction(included),
    receipt: viewReceipt(included.receipt),
    state: included.blockHeight <= finalizedHeight ? "finalized" : "included",
  };
}

export function viewPending(signed: SignedTransaction, hash: Hash): PendingTransactionJson {
  return { ...transactionToJson({ signed, hash }), state: "pending" };
}

export function viewBlock(block: BlockView, queries: ChainQueries): BlockJson {
  return {
    ...viewHead(block, queries),
    canonical: block.isCanonical,
    sizeBytes: block.sizeBytes,
    transactions: block.transactionHashes,
  };
}

export function viewAccount(account: AccountProofView["account"], address: Address): AccountJson {
  const { balance, nonce, stake, codeHash } = account;
  return { address, balance, nonce, stake, codeHash: codeHash ?? null };
}

export function viewAccountProof(view: AccountProofView, address: Address): AccountProofJson {
  return {
    blockHeight: view.blockHeight,
    blockHash: view.blockHash,
    stateRoot: view.stateRoot,
    account: viewAccount(view.account, address),
    siblings: view.proof.siblings,
    leaf: view.proof.leaf ?? null,
  };
}

export function viewSenderMempool(view: SenderMempoolView): SenderMempoolJson {
  return {
    ...view,
    transactions: view.transactions.map((entry) => ({ ...entry, missingNonce: entry.missingNonce ?? null })),
  };
}

export function viewTransactionProof(view: TransactionProofView): TransactionProofJson {
  return { ...view, encoded: bytesToHex(view.encoded) };
}

export function viewMempool(mempool: MempoolView): MempoolJson {
  return {
    ...mempool,
    transactions: mempool.transactions.map((entry) => ({ ...entry, missingNonce: entry.missingNonce ?? null })),
  };
}

// What a wallet signs is the same on every chain but for the domain.
const TYPES: ChainInfoJson["eip712"]["types"] = Object.fromEntries(
  TRANSACTION_KINDS.map(({ struct }) => [struct.name, { [struct.name]: struct.fields }]),
);

export function viewPeers(report: PeersReport | undefined): PeersJson {
  if (report === undefined) return { enabled: false, nodeKey: null, listenEndpoint: null, peers: [], bans: [] };
  return {
    enabled: true,
    nodeKey: report.nodeKey,
    listenEndpoint: report.listenEndpoint ?? null,
    peers: report.peers.map(({ connectionId: _connectionId, listenEndpoint, roundTripMs, ...peer }) => ({
      ...peer,
      listenEndpoint: listenEndpoint ?? null,
      roundTripMs: roundTripMs ?? null,
    })),
    bans: report.bans,
  };
}

function viewSync(status: NodeStatus): ChainInfoJson["sync"] {
  const { sync, peerCount } = status;
  return { ...sync, secondsLeft: sync.secondsLeft ?? null, peerCount };
}

export function viewChainInfo(options: {
  queries: ChainQueries;
  status: NodeStatus;
  walletAddresses: readonly Address[] | undefined;
  version: string;
}): ChainInfoJson {
  const { queries, walletAddresses } = options;
  const { genesis, domain } = queries;
  return {
    name: genesis.chainName,
    genesisHash: domain.genesisHash,
    consensus: genesis.consensus.engine,
    development: genesis.development,
    parameters: {
      ...genesis.parameters,
      difficulty: genesis.consensus.difficulty,
      retarget: genesis.consensus.retarget,
    },
    supply: queries.supply(),
    eip712: {
      domain: { name: EIP712_DOMAIN_NAME, version: EIP712_DOMAIN_VERSION, salt: domain.genesisHash },
      types: TYPES,
    },
    wallet: { enabled: walletAddresses !== undefined, addresses: walletAddresses ?? [] },
    sync: viewSync(options.status),
    version: options.version,
  };
}
