// Runs an exported function of a contract with `args`, the attached amount going to the contract.

import { hashStruct, type TypedStruct, typeHash } from "../../crypto/index.ts";
import { ADDRESS_SIZE_BYTES, type Address, type Amount, utf8SizeBytes } from "../../primitives/index.ts";
import { ARGS_SIZE_BYTES_MAX, FUNCTION_NAME_SIZE_BYTES_MAX } from "../limits.ts";
import { checkText, dataGas } from "./dataGas.ts";
import { BASE_FIELDS, baseValues, type TransactionBase, type TransactionKind } from "./kind.ts";

export interface Call extends TransactionBase {
  readonly type: "call";
  readonly to: Address;
  readonly amount: Amount;
  /** The export to run. */
  readonly function: string;
  /** JSON text that the function reads. */
  readonly args: string;
}

const struct: TypedStruct = {
  name: "Call",
  fields: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "amount", type: "uint64" },
    { name: "function", type: "string" },
    { name: "args", type: "string" },
    ...BASE_FIELDS,
  ],
};
const structTypeHash = typeHash(struct);

export const callKind: TransactionKind<Call> = {
  type: "call",
  tag: 3,
  struct,
  structHash: (transaction) =>
    hashStruct({
      struct,
      typeHash: structTypeHash,
      values: [
        transaction.from,
        transaction.to,
        transaction.amount,
        transaction.function,
        transaction.args,
        ...baseValues(transaction),
      ],
    }),
  write: (writer, transaction) => {
    writer.hex(transaction.to).u64(transaction.amount).text(transaction.function).text(transaction.args);
  },
  read: (reader, base) => ({
    ...base,
    type: "call",
    to: reader.hex(ADDRESS_SIZE_BYTES) as Address,
    amount: reader.u64() as Amount,
    function: reader.text({ countMax: FUNCTION_NAME_SIZE_BYTES_MAX }),
    args: reader.text({ countMax: ARGS_SIZE_BYTES_MAX }),
  }),
  intrinsicGas: (transaction) =>
    dataGas((utf8SizeBytes(transaction.function) ?? 0) + (utf8SizeBytes(transaction.args) ?? 0)),
  newStateBytes: () => 0,
  outgoing: (transaction) => transaction.amount,
  check: (transaction) => {
    if (transaction.function === "") {
      return { code: "invalid_transaction", message: "function is empty; it names an export of the contract" };
    }
    return (
      checkText({ name: "function", text: transaction.function, sizeBytesMax: FUNCTION_NAME_SIZE_BYTES_MAX }) ??
      checkText({ name: "args", text: transaction.args, sizeBytesMax: ARGS_SIZE_BYTES_MAX })
    );
  },
};
