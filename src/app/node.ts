// What the API, the wallet and the CLI need of a running node. The composition root gives it: over Workers in the
// executable, over one replica in process in tests.

import type {
  AccountProofView,
  ChainQueries,
  MempoolView,
  NodeStatus,
  PastProofCode,
  PeersReport,
  SenderMempoolView,
  SubmitCode,
} from "../core/node/index.ts";
import type { Address, Hash, Height, Nonce, Result } from "../core/primitives/index.ts";
import type { SignedTransaction } from "../core/protocol/index.ts";

export interface NodeHandle {
  /** Answers from committed state, at once. */
  readonly queries: ChainQueries;
  /** An account as it was after the canonical block at `height`, with a proof against that block's state root. */
  pastAccountProof(options: {
    readonly address: Address;
    readonly height: Height;
  }): Promise<Result<AccountProofView, PastProofCode>>;
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
}
