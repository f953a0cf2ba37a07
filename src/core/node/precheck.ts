// Cheap checks against committed state, made before a signature is worth recovering. The replica's admission has the last
// word: what passes here may still be refused there.

import { checkAgainstSender } from "../mempool/index.ts";
import type { Address, Nonce } from "../primitives/index.ts";
import type { SignedTransaction, Transaction } from "../protocol/index.ts";
import { checkTransaction } from "../protocol/index.ts";
import type { Account } from "../state/index.ts";
import { checkEnabled } from "./admission.ts";
import type { ChainQueries } from "./queries.ts";
import type { SubmitRefusal } from "./status.ts";

/** About 2 MB. */
const KEPT_ACCOUNTS_MAX = 10_000;
/**
 * An account that was read lets so many transactions pass before it is read anew, since a read after each block costs a
 * fifth of what the main thread does for a transaction. A sender that has become unable to pay meanwhile costs the node
 * no more recoveries than this.
 */
const KEPT_USES_MAX = 64;

interface KeptAccount {
  readonly account: Account;
  usesLeft: number;
}

export class Precheck {
  private readonly queries: Pick<ChainQueries, "account" | "genesis">;
  private readonly kept = new Map<Address, KeptAccount>();

  constructor(queries: Pick<ChainQueries, "account" | "genesis">) {
    this.queries = queries;
  }

  /** Why a transaction can't be included as things stand; a refusal rests on the state at the head, never on an older one. */
  check({ transaction }: SignedTransaction): SubmitRefusal | undefined {
    const refusal = checkTransaction(transaction) ?? checkEnabled(transaction);
    if (refusal !== undefined) return refusal;
    const { from } = transaction;
    const kept = this.kept.get(from);
    if (kept !== undefined && kept.usesLeft > 0 && this.checkSender(transaction, kept.account) === undefined) {
      kept.usesLeft--;
      return undefined;
    }
    const account = this.queries.account(from);
    if (this.kept.size >= KEPT_ACCOUNTS_MAX) this.kept.clear();
    this.kept.set(from, { account, usesLeft: KEPT_USES_MAX });
    return this.checkSender(transaction, account);
  }

  private checkSender(transaction: Transaction, account: Account): SubmitRefusal | undefined {
    const hasFunds = account.balance > 0 || account.stake > 0;
    return checkAgainstSender({
      transaction,
      account,
      // What waits in the mempool is not known here, so no nonce is too far ahead.
      nextNonce: Math.max(transaction.nonce, account.nonce) as Nonce,
      // The list may be long, and matters only to those who have nothing.
      isAllowListed: !hasFunds && this.queries.genesis.allowList.includes(transaction.from),
    });
  }
}
