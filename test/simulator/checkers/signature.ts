// Signatures by docs/spec/transactions.md with noble alone, for the seeds that check each one again. Slow, so it is not for
// every seed: elsewhere a signature is right when its bytes are those that a key's holder made.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { Point, recoverPublicKey } from "@noble/secp256k1";
import type { SeenTransaction } from "./reading.ts";

const text = (value: string) => keccak_256(new TextEncoder().encode(value));
const DOMAIN_TYPE = text("EIP712Domain(string name,string version,bytes32 salt)");
const COMMON_FIELDS = "uint64 nonce,uint64 gasLimit,uint64 gasPrice,uint64 expiry";
const TYPES = {
  transfer: text(`Transfer(address from,address to,uint64 amount,${COMMON_FIELDS})`),
  deploy: text(`Deploy(address from,uint64 amount,bytes code,string args,${COMMON_FIELDS})`),
  call: text(`Call(address from,address to,uint64 amount,string function,string args,${COMMON_FIELDS})`),
};

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.fromHex(parts.map((part) => part.toHex()).join(""));
}

function word(value: string | number): Uint8Array {
  const digits = typeof value === "number" ? value.toString(16) : value.slice(2);
  return Uint8Array.fromHex(digits.padStart(64, "0"));
}

function fieldsOf(transaction: SeenTransaction): Uint8Array[] {
  const [from, amount] = [word(transaction.from), word(transaction.amount)];
  if (transaction.type === "transfer") return [from, word(transaction.to), amount];
  if (transaction.type === "deploy") return [from, amount, keccak_256(transaction.code), text(transaction.args)];
  return [from, word(transaction.to), amount, text(transaction.function), text(transaction.args)];
}

/** Whether the holder of `from`'s key has signed the transaction for the chain with this genesis hash. */
export function isSignedBySender(transaction: SeenTransaction, genesisHash: string): boolean {
  const domain = keccak_256(join(DOMAIN_TYPE, text("Aureon"), text("1"), word(genesisHash)));
  const { type, from, nonce, gasLimit, gasPrice, expiry } = transaction;
  const words = [...fieldsOf(transaction), ...[nonce, gasLimit, gasPrice, expiry].map(word)];
  const digest = keccak_256(join(Uint8Array.of(0x19, 1), domain, keccak_256(join(TYPES[type], ...words))));
  const signature = Uint8Array.fromHex(transaction.signature.slice(2));
  const recovered = join(signature.subarray(64), signature.subarray(0, 64));
  try {
    const publicKey = Point.fromBytes(recoverPublicKey(recovered, digest, { prehash: false })).toBytes(false);
    return `0x${keccak_256(publicKey.subarray(1)).subarray(12).toHex()}` === from;
  } catch {
    return false;
  }
}
