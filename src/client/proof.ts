// Checks a node's word about an account, a contract's value or a transaction against a root that the caller trusts, by the proof alone.

import { type ProofVerdict, verifyProof } from "../core/merkle/index.ts";
import { type Hash, hexToBytes } from "../core/primitives/index.ts";
import { decodeTransaction, type SignedTransaction, verifyListItem } from "../core/protocol/index.ts";
import { accountKey, encodeAccount, storageKey } from "../core/state/index.ts";
import type { AccountProofJson, StorageProofJson, TransactionProofJson } from "./json/index.ts";

/**
 * @param options.stateRoot from a header that the caller trusts; `proof.stateRoot` is only what the node says
 * @returns "present" when the account is exactly as given, "absent" when there is none and all its fields are zero
 */
export function verifyAccountProof(options: { proof: AccountProofJson; stateRoot: Hash }): ProofVerdict {
  const { account, siblings, leaf } = options.proof;
  const value = encodeAccount({
    balance: account.balance,
    nonce: account.nonce,
    stake: account.stake,
    codeHash: account.codeHash ?? undefined,
  });
  return verifyProof({
    root: options.stateRoot,
    key: accountKey(account.address),
    value,
    proof: { siblings, leaf: leaf ?? undefined },
  });
}

/**
 * @param options.stateRoot as of `verifyAccountProof`
 * @returns "present" when the contract keeps just this value under the key, "absent" when it keeps none
 */
export function verifyStorageProof(options: { proof: StorageProofJson; stateRoot: Hash }): ProofVerdict {
  const { address, key, value, siblings, leaf } = options.proof;
  return verifyProof({
    root: options.stateRoot,
    key: storageKey(address, hexToBytes(key)),
    value: value === null ? undefined : hexToBytes(value),
    proof: { siblings, leaf: leaf ?? undefined },
  });
}

/**
 * @param options.transactionsRoot from a header that the caller trusts; `proof.transactionsRoot` is only what the node says
 * @returns the transaction that the block holds at the proof's place; undefined when the proof does not show that
 */
export function verifyTransactionProof(options: {
  proof: TransactionProofJson;
  transactionsRoot: Hash;
}): SignedTransaction | undefined {
  const { index, count, siblings, encoded } = options.proof;
  const item = hexToBytes(encoded);
  if (!verifyListItem({ root: options.transactionsRoot, item, index, count, siblings })) return undefined;
  const decoded = decodeTransaction(item);
  return decoded.ok ? decoded.value : undefined;
}
