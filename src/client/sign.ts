// Signing with a secret key that the caller holds, for the chain that `GET /chain/info` describes.

import { secretKeyToAddress } from "../core/crypto/index.ts";
import { accept, type Bytes, type Hash, type Result } from "../core/primitives/index.ts";
import {
  checkTransaction,
  createSigningDomain,
  type StaticCheckCode,
  signTransaction as signWithDomain,
} from "../core/protocol/index.ts";
import { completeTransaction, type TransactionJson, type TransactionRequest, transactionToJson } from "./json/index.ts";

/**
 * Signs a transaction of the key's own account.
 * @param options.genesisHash the salt of the chain's signing domain
 * @param options.request every field of its type but `from`, which follows from the key
 */
export function signTransaction(options: {
  request: Omit<TransactionRequest, "from">;
  secretKey: Bytes;
  genesisHash: Hash;
}): Result<TransactionJson, StaticCheckCode | "missing_field"> {
  const { request, secretKey, genesisHash } = options;
  const completed = completeTransaction({ ...request, from: secretKeyToAddress(secretKey) });
  if (!completed.ok) return completed;
  const transaction = completed.value;
  const refusal = checkTransaction(transaction);
  if (refusal !== undefined) return { ok: false, refusal };
  const signed = signWithDomain({ transaction, secretKey, domain: createSigningDomain(genesisHash) });
  return accept(transactionToJson({ signed, hash: signed.hash }));
}
