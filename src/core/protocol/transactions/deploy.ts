// Puts a WASM module on the chain and runs its `init` with `args`, the attached amount going to the new account.

import { hashStruct, type TypedStruct, typeHash } from "../../crypto/index.ts";
import { type Amount, type Bytes, type Gas, utf8SizeBytes } from "../../primitives/index.ts";
import { MODULE_GAS_PER_BYTE } from "../gas.ts";
import { ARGS_SIZE_BYTES_MAX, MODULE_SIZE_BYTES_MAX } from "../limits.ts";
import { checkText, dataGas } from "./dataGas.ts";
import { BASE_FIELDS, baseValues, type TransactionBase, type TransactionKind } from "./kind.ts";

/** Beside the module: its key, and key and value of the contract's account (docs/spec/state.md). */
const DEPLOYED_OVERHEAD_BYTES = 33 + 21 + 57;

export interface Deploy extends TransactionBase {
  readonly type: "deploy";
  readonly amount: Amount;
  /** The WASM module. */
  readonly code: Bytes;
  /** JSON text that the contract's `init` reads. */
  readonly args: string;
}

const struct: TypedStruct = {
  name: "Deploy",
  fields: [
    { name: "from", type: "address" },
    { name: "amount", type: "uint64" },
    { name: "code", type: "bytes" },
    { name: "args", type: "string" },
    ...BASE_FIELDS,
  ],
};
const structTypeHash = typeHash(struct);

export const deployKind: TransactionKind<Deploy> = {
  type: "deploy",
  tag: 2,
  struct,
  structHash: (transaction) =>
    hashStruct({
      struct,
      typeHash: structTypeHash,
      values: [transaction.from, transaction.amount, transaction.code, transaction.args, ...baseValues(transaction)],
    }),
  write: (writer, transaction) => {
    writer.u64(transaction.amount).bytes(transaction.code).text(transaction.args);
  },
  read: (reader, base) => ({
    ...base,
    type: "deploy",
    amount: reader.u64() as Amount,
    code: reader.bytes({ countMax: MODULE_SIZE_BYTES_MAX }),
    args: reader.text({ countMax: ARGS_SIZE_BYTES_MAX }),
  }),
  intrinsicGas: ({ code, args }) =>
    (dataGas(code.length + (utf8SizeBytes(args) ?? 0)) + MODULE_GAS_PER_BYTE * code.length) as Gas,
  newStateBytes: ({ code }) => DEPLOYED_OVERHEAD_BYTES + code.length,
  outgoing: (transaction) => transaction.amount,
  check: (transaction) => {
    const sizeBytes = transaction.code.length;
    if (sizeBytes === 0 || sizeBytes > MODULE_SIZE_BYTES_MAX) {
      return {
        code: "invalid_transaction",
        message: `code has ${sizeBytes} bytes; 1 to ${MODULE_SIZE_BYTES_MAX} are allowed`,
        details: { sizeBytes, sizeBytesMax: MODULE_SIZE_BYTES_MAX },
      };
    }
    return checkText({ name: "args", text: transaction.args, sizeBytesMax: ARGS_SIZE_BYTES_MAX });
  },
};
