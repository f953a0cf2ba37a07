// A signed transaction from JSON that has been parsed already. Whether the signature is the sender's is not looked at.

import { type Result, refuse } from "../../core/primitives/index.ts";
import { type SignedTransaction, type SigningDomain, transactionHash } from "../../core/protocol/index.ts";
import {
  completeTransaction,
  type FieldCode,
  readTransactionFields,
  type TransactionFields,
} from "./transactionFields.ts";

export type TransactionJsonCode = FieldCode | "hash_mismatch";

/** Refuses when a field or the signature is missing, or a given hash is not the transaction's. */
export function completeSigned(
  fields: TransactionFields,
  domain: SigningDomain,
): Result<SignedTransaction, "missing_field" | "hash_mismatch"> {
  const completed = completeTransaction(fields.request);
  if (!completed.ok) return completed;
  const { signature, hash: given } = fields;
  if (signature === undefined) return refuse("missing_field", "signature is missing", { field: "signature" });
  const transaction = completed.value;
  if (given !== undefined) {
    const hash = transactionHash(transaction, domain);
    if (hash !== given) {
      const message = `hash is ${given}, but on this chain the transaction's is ${hash}`;
      return refuse("hash_mismatch", message, { given, hash });
    }
  }
  return { ok: true, value: { transaction, signature } };
}

export function transactionFromJson(
  json: unknown,
  domain: SigningDomain,
): Result<SignedTransaction, TransactionJsonCode> {
  const fields = readTransactionFields(json);
  return fields.ok ? completeSigned(fields.value, domain) : fields;
}
