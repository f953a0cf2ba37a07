// Moves an amount from the sender to another account, creating it when absent. A transfer to a contract runs no code.

import { hashStruct, type TypedStruct, typeHash } from "../../crypto/index.ts";
import { ADDRESS_SIZE_BYTES, type Address, type Amount, type Gas } from "../../primitives/index.ts";
import { TRANSACTION_GAS } from "../gas.ts";
import { BASE_FIELDS, baseValues, type TransactionBase, type TransactionKind } from "./kind.ts";

export interface Transfer extends TransactionBase {
  readonly type: "transfer";
  readonly to: Address;
  readonly amount: Amount;
}

const struct: TypedStruct = {
  name: "Transfer",
  fields: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "amount", type: "uint64" },
    ...BASE_FIELDS,
  ],
};
const structTypeHash = typeHash(struct);

export const transferKind: TransactionKind<Transfer> = {
  type: "transfer",
  tag: 1,
  struct,
  structHash: (transaction) =>
    hashStruct({
      struct,
      typeHash: structTypeHash,
      values: [transaction.from, transaction.to, transaction.amount, ...baseValues(transaction)],
    }),
  write: (writer, transaction) => {
    writer.hex(transaction.to).u64(transaction.amount);
  },
  read: (reader, base) => ({
    ...base,
    type: "transfer",
    to: reader.hex(ADDRESS_SIZE_BYTES) as Address,
    amount: reader.u64() as Amount,
  }),
  intrinsicGas: () => TRANSACTION_GAS as Gas,
  newStateBytes: () => 0,
  outgoing: (transaction) => transaction.amount,
  check: () => undefined,
};
