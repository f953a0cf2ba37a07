// The five kinds of transaction, found by their JSON name or by the tag that starts their encoding.

import { type Call, callKind } from "./call.ts";
import { type Deploy, deployKind } from "./deploy.ts";
import type { TransactionBase, TransactionKind } from "./kind.ts";
import { type Stake, stakeKind } from "./stake.ts";
import { type Transfer, transferKind } from "./transfer.ts";
import { type Unstake, unstakeKind } from "./unstake.ts";

export type { StaticCheckCode, TransactionBase, TransactionKind } from "./kind.ts";
export type { Call, Deploy, Stake, Transfer, Unstake };

export type Transaction = Transfer | Deploy | Call | Stake | Unstake;
export type TransactionType = Transaction["type"];

const kinds: { readonly [Type in TransactionType]: TransactionKind<Extract<Transaction, { type: Type }>> } = {
  transfer: transferKind,
  deploy: deployKind,
  call: callKind,
  stake: stakeKind,
  unstake: unstakeKind,
};

export const TRANSACTION_KINDS = Object.values(kinds) as unknown as readonly TransactionKind<TransactionBase>[];

const kindsByTag = new Map(TRANSACTION_KINDS.map((kind) => [kind.tag, kind]));

/** The kind that a transaction belongs to. Its `type` has chosen the kind, so the kind's methods take the transaction. */
export function kindOf(transaction: Transaction): TransactionKind<TransactionBase> {
  return kinds[transaction.type] as unknown as TransactionKind<TransactionBase>;
}

export function kindByTag(tag: number): TransactionKind<TransactionBase> | undefined {
  return kindsByTag.get(tag);
}
