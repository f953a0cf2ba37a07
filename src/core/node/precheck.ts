// Cheap checks against committed state, made before a signature is worth recovering. The replica's admission has the last
// word: what passes here may still be refused there.

import { checkAgainstSender, type SenderAccount } from "../mempool/index.ts";
import type { Address, Nonce } from "../primitives/index.ts";
import type { Genesis, SignedTransaction } from "../protocol/index.ts";
import { checkTransaction } from "../protocol/index.ts";
import { checkEnabled } from "./admission.ts";
import type { SubmitRefusal } from "./status.ts";

/** The accounts at the head, and the genesis. */
export interface PrecheckSource {
  readonly genesis: Genesis;
  account(address: Address): SenderAccount;
}

export function precheck(signed: SignedTransaction, source: PrecheckSource): SubmitRefusal | undefined {
  const { transaction } = signed;
  const refusal = checkTransaction(transaction) ?? checkEnabled(transaction);
  if (refusal !== undefined) return refusal;
  const account = source.account(transaction.from);
  const hasFunds = account.balance > 0 || account.stake > 0;
  return checkAgainstSender({
    transaction,
    account,
    // What waits in the mempool is not known here, so no nonce is too far ahead.
    nextNonce: Math.max(transaction.nonce, account.nonce) as Nonce,
    // The list may be long, and matters only to those who have nothing.
    isAllowListed: !hasFunds && source.genesis.allowList.includes(transaction.from),
  });
}
