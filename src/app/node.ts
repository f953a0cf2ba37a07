// What the API, the wallet and the CLI need of a running node. The composition root gives it: over Workers in the
// executable, over one replica in process in tests.

import type {
  AccountProofView,
  ChainQueries,
  ContractDescription,
  Estimate,
  EstimateCode,
  MempoolView,
  NodeStatus,
  PastProofCode,
  PeersReport,
  SenderMempoolView,
  StorageProofView,
  SubmitCode,
  ViewCode,
  ViewRequest,
  ViewResult,
} from "../core/node/index.ts";
import type { Address, Bytes, Gas, Hash, Height, Nonce, Result } from "../core/primitives/index.ts";
import type { SignedTransaction, Transaction } from "../core/protocol/index.ts";

export interface NodeHandle {
  /** Answers from committed state, at once. */
  readonly queries: ChainQueries;
  /** An account as it was after the canonical block at `height`, with a proof against that block's state root. */
  pastAccountProof(options: {
    readonly address: Address;
    readonly height: Height;
  }): Promise<Result<AccountProofView, PastProofCode>>;
  /** What a contract kept under a key of its own after the canonical block at `height`, proven as an account is. */
  pastStorageProof(options: {
    readonly address: Address;
    readonly key: Bytes;
    readonly height: Height;
  }): Promise<Result<StorageProofView, PastProofCode>>;
  /** Runs a function of a contract on a committed state, and keeps nothing of it. */
  viewContract(request: ViewRequest): Promise<Result<ViewResult, ViewCode>>;
  /** What a transaction would come to on the head's state; tried with `gasLimit` where that is known. */
  estimate(options: {
    readonly transaction: Transaction;
    readonly gasLimit: Gas | undefined;
  }): Promise<Result<Estimate, EstimateCode>>;
  /** The contract at the head; undefined for an account that is none. */
  contract(address: Address): Promise<ContractDescription | undefined>;
  /** What the replica last reported of itself. */
  status(): NodeStatus;
  /** Checks a transaction and puts it into the mempool. The hash is known whatever the answer. */
  submit(signed: SignedTransaction): Promise<Result<{ readonly hash: Hash }, SubmitCode>>;
  /** A transaction of the mempool. */
  pendingTransaction(hash: Hash): Promise<SignedTransaction | undefined>;
  mempool(options: { countMax: number }): Promise<MempoolView>;
  /** What waits of one sender, and what each waits for. */
  mempoolOf(address: Address): Promise<SenderMempoolView>;
  /** The nodes that this one is connected to; undefined for a node that stays alone. */
  peers(): Promise<PeersReport | undefined>;
  /** The nonce that follows the account's committed ones and those of its transactions in the mempool without a gap. */
  nextNonce(address: Address): Promise<Nonce>;
  /** Resolves when a block has been committed that includes the transaction; undefined after `timeoutMs`. */
  waitForInclusion(hash: Hash, options: { timeoutMs: number }): Promise<{ readonly height: number } | undefined>;
  /** Resolves with true when another block has been committed; with false after `timeoutMs`. */
  waitForBlock(options: { timeoutMs: number }): Promise<boolean>;
}
