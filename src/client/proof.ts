// Checks a node's word about an account against a state root that the caller trusts, by the proof alone.

import { type ProofVerdict, verifyProof } from "../core/merkle/index.ts";
import type { Hash } from "../core/primitives/index.ts";
import { accountKey, encodeAccount } from "../core/state/index.ts";
import type { AccountProofJson } from "./json/index.ts";

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
