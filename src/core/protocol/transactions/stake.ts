// Moves an amount from the sender's balance into its stake.

import { hashStruct, type TypedStruct, typeHash } from "../../crypto/index.ts";
import type { Amount, Gas } from "../../primitives/index.ts";
import { TRANSACTION_GAS } from "../gas.ts";
import { BASE_FIELDS, baseValues, type TransactionBase, type TransactionKind } from "./kind.ts";

export interface Stake extends TransactionBase {
  readonly type: "stake";
  readonly amount: Amount;
}

const struct: TypedStruct = {
  name: "Stake",
  fields: [{ name: "from", type: "address" }, { name: "amount", type: "uint64" }, ...BASE_FIELDS],
};
const structTypeHash = typeHash(struct);

export const stakeKind: TransactionKind<Stake> = {
  type: "stake",
  tag: 4,
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
  read: (reader, base) => ({ ...base, type: "stake", amount: reader.u64() as Amount }),
  intrinsicGas: () => TRANSACTION_GAS as Gas,
  newStateBytes: () => 0,
  outgoing: (transaction) => transaction.amount,
  check: (transaction) =>
    transaction.amount === 0
      ? { code: "invalid_transaction", message: "amount is 0; at least 1 is needed" }
      : undefined,
};
