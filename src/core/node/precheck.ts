// Cheap checks against committed state, made before a signature is worth recovering. The replica's admission has the last
// word: what passes here may still be refused there.

import { checkAgainstSender, type SenderAccount } from "../mempool/index.ts";
import type { Address, Nonce } from "../primitives/index.ts";
import { checkTransaction, type Genesis, type SignedTransaction, type Transaction } from "../protocol/index.ts";
import { checkEnabled } from "./admission.ts";
import type { SubmitRefusal } from "./status.ts";

/** About 2 MB. */
const KEPT_ACCOUNTS_MAX = 10_000;
/**
 * An account that was read lets so many transactions pass before it is read anew, since a read after each block costs a
 * fifth of what the main thread does for a transaction. A sender that has become unable to pay meanwhile costs the node
 * no more recoveries than this.
 */
const KEPT_USES_MAX = 64;

/** The accounts at the head, and the genesis. */
export interface PrecheckSource {
  readonly genesis: Genesis;
  account(address: Address): SenderAccount;
}

interface KeptAccount {
  readonly account: SenderAccount;
  usesLeft: number;
}

function checkStatic(transaction: Transaction): SubmitRefusal | undefined {
  return checkTransaction(transaction) ?? checkEnabled(transaction);
}

function checkSender(
  transaction: Transaction,
  { account, genesis }: { account: SenderAccount; genesis: Genesis },
): SubmitRefusal | undefined {
  const hasFunds = account.balance > 0 || account.stake > 0;
  return checkAgainstSender({
    transaction,
    account,
    // What waits in the mempool is not known here, so no nonce is too far ahead.
    nextNonce: Math.max(transaction.nonce, account.nonce) as Nonce,
    // The list may be long, and matters only to those who have nothing.
    isAllowListed: !hasFunds && genesis.allowList.includes(transaction.from),
  });
}

/** Why a transaction can't be included as things stand, by the state of this moment. */
export function precheck({ transaction }: SignedTransaction, source: PrecheckSource): SubmitRefusal | undefined {
  const refusal = checkStatic(transaction);
  if (refusal !== undefined) return refusal;
  return checkSender(transaction, { account: source.account(transaction.from), genesis: source.genesis });
}

export class Precheck {
  private readonly source: PrecheckSource;
  private readonly kept = new Map<Address, KeptAccount>();

  constructor(source: PrecheckSource) {
    this.source = source;
  }

  /** As `precheck`, reading less: a refusal rests on the state at the head, never on an older one. */
  check({ transaction }: SignedTransaction): SubmitRefusal | undefined {
    const refusal = checkStatic(transaction);
    if (refusal !== undefined) return refusal;
    const { from } = transaction;
    const { genesis } = this.source;
    const kept = this.kept.get(from);
    if (kept !== undefined && kept.usesLeft > 0) {
      if (checkSender(transaction, { account: kept.account, genesis }) === undefined) {
        kept.usesLeft--;
        return undefined;
      }
    }
    const account = this.source.account(from);
    if (this.kept.size >= KEPT_ACCOUNTS_MAX) this.kept.clear();
    this.kept.set(from, { account, usesLeft: KEPT_USES_MAX });
    return checkSender(transaction, { account, genesis });
  }
}
