// A signed transaction as JSON. The struct that a wallet signs names the fields, so no kind needs code of its own here.

import { type Bytes, bytesToHex, type Hash } from "../../core/primitives/index.ts";
import { kindOf, type SignedTransaction } from "../../core/protocol/index.ts";
import type { TransactionJson } from "./views.ts";

export function transactionToJson(options: { signed: SignedTransaction; hash: Hash }): TransactionJson {
  const { transaction, signature } = options.signed;
  const values = transaction as unknown as Readonly<Record<string, string | number | Bytes>>;
  const json: Record<string, string | number> = { type: transaction.type };
  for (const { name } of kindOf(transaction).struct.fields) {
    const value = values[name] as string | number | Bytes;
    json[name] = value instanceof Uint8Array ? bytesToHex(value) : value;
  }
  json.signature = signature;
  json.hash = options.hash;
  return json as unknown as TransactionJson;
}
