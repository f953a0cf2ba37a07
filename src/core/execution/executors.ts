// What each kind of transaction does to the state, once its nonce has been taken.

import { EMPTY_BYTES, type Gas } from "../primitives/index.ts";
import { kindOf, type Receipt, type Transaction, type TransactionType, type Transfer } from "../protocol/index.ts";
import { type Checkpoint, credit, debit } from "../state/index.ts";
import type { ExecutionContext } from "./context.ts";
import { executeCall, executeDeploy } from "./contracts.ts";

/** @param before the state before the transaction, its nonce included */
type Executor<Kind extends Transaction> = (
  transaction: Kind,
  context: ExecutionContext,
  before: Checkpoint,
) => Omit<Receipt, "fee">;

function executeTransfer(transaction: Transfer, context: ExecutionContext): Omit<Receipt, "fee"> {
  debit(context.state, transaction.from, transaction.amount);
  credit(context.state, transaction.to, transaction.amount);
  return {
    outcome: "success",
    reason: "none",
    gasUsed: kindOf(transaction).intrinsicGas(transaction),
    gasRefunded: 0 as Gas,
    returnData: EMPTY_BYTES,
    events: [],
    logs: [],
  };
}

// A kind without an executor has its encoding, digest and checks, and is refused as not_yet_enabled by this protocol
// version, in the mempool as in blocks.
const executors: { readonly [Type in TransactionType]?: Executor<Extract<Transaction, { type: Type }>> } = {
  transfer: executeTransfer,
  deploy: executeDeploy,
  call: executeCall,
};

export function executorOf(transaction: Transaction): Executor<Transaction> | undefined {
  return executors[transaction.type as "transfer"] as Executor<Transaction> | undefined;
}

/** Whether this protocol version executes transactions of this kind. */
export function isEnabled(transaction: Transaction): boolean {
  return executorOf(transaction) !== undefined;
}
