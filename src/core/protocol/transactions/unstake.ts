// Begins to move an amount from the sender's stake back into its balance.

import { hashStruct, type TypedStruct, typeHash } from "../../crypto/index.ts";
import type { Amount, Gas } from "../../primitives/index.ts";
import { TRANSACTION_GAS } from "../gas.ts";
import { BASE_FIELDS, baseValues, type TransactionBase, type TransactionKind } from "./kind.ts";

export interface Unstake extends TransactionBase {
  readonly type: "unstake";
  readonly amount: Amount;
}

const struct: TypedStruct = {
  name: "Unstake",
  fields: [{ name: "from", type: "address" }, { name: "amount", type: "uint64" }, ...BASE_FIELDS],
};
const structTypeHash = typeHash(struct);

export const unstakeKind: TransactionKind<Unstake> = {
  type: "unstake",
  tag: 5,
  struct,
  structHash: (transaction) =>
    hashStruct({
      struct,
      typeHash: structTypeHash,
      values: [transaction.from, transaction.amount, ...baseValues(transaction)],
    }),
  write: (writer, transaction) => {
    writer.u64(transaction.amount);
  },
  read: (reader, base) => ({ ...base, type: "unstake", amount: reader.u64() as Amount }),
  intrinsicGas: () => TRANSACTION_GAS as Gas,
  newStateBytes: () => 0,
  outgoing: () => 0 as Amount,
  check: (transaction) =>
    transaction.amount === 0
      ? { code: "invalid_transaction", message: "amount is 0; at least 1 is needed" }
      : undefined,
};
