// Accounts of the simulations: keys that are made once for all seeds of a process, and signatures by libsecp256k1 where it
// loads, since the many transactions of a seed must not cost more than what is tested.

import { isSecretKey, secretKeyToAddress } from "../../src/core/crypto/index.ts";
import { type Address, type Bytes, bytesToSignature, hexToBytes } from "../../src/core/primitives/index.ts";
import {
  assumeVerified,
  encodeTransaction,
  type SigningDomain,
  signTransaction,
  type Transaction,
  transactionHash,
  type VerifiedTransaction,
} from "../../src/core/protocol/index.ts";

export interface KeyHolder {
  readonly address: Address;
  readonly secretKey: Bytes;
}

const holders: KeyHolder[] = [];

/** The holder of a key of the simulations, by number. */
export function keyHolder(index: number): KeyHolder {
  while (holders.length <= index) {
    const secretKey = new Uint8Array(32).fill(7);
    new DataView(secretKey.buffer).setUint32(0, holders.length + 1);
    if (!isSecretKey(secretKey)) throw new RangeError("a key of the simulations is valid");
    holders.push({ secretKey, address: secretKeyToAddress(secretKey) });
  }
  return holders[index] as KeyHolder;
}

interface NativeSigner {
  ecdsaSign(digest: Bytes, secretKey: Bytes): { readonly signature: Bytes; readonly recid: number };
}

function loadNativeSigner(): NativeSigner | undefined {
  try {
    return require("secp256k1") as NativeSigner;
  } catch {
    return undefined;
  }
}

const nativeSigner = loadNativeSigner();

/** The same signature either way: both are deterministic after RFC 6979, and low in S. */
export function signTransactionBy(
  transaction: Transaction,
  holder: KeyHolder,
  domain: SigningDomain,
): VerifiedTransaction {
  if (nativeSigner === undefined) return signTransaction({ transaction, secretKey: holder.secretKey, domain });
  const hash = transactionHash(transaction, domain);
  const { signature: compact, recid } = nativeSigner.ecdsaSign(hexToBytes(hash), holder.secretKey);
  const bytes = new Uint8Array(65);
  bytes.set(compact);
  bytes[64] = recid;
  const signed = { transaction, signature: bytesToSignature(bytes) };
  return assumeVerified({ signed, hash, encoded: encodeTransaction(signed) });
}
