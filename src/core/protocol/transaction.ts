// Transactions whatever their kind: encoding, EIP-712 digest, static checks, signing and recovery.

import { hashDomain, recoverSigner, sign, type TypedField, typedDataDigest } from "../crypto/index.ts";
import {
  ADDRESS_SIZE_BYTES,
  type Address,
  accept,
  type Bytes,
  bytesToHash,
  type Decoded,
  decodeWith,
  type Gas,
  type GasPrice,
  type Hash,
  type Height,
  hexToBytes,
  isAddress,
  isUint,
  type Nonce,
  type Reader,
  type Refusal,
  type Result,
  refuse,
  SIGNATURE_SIZE_BYTES,
  type Signature,
  Writer,
} from "../primitives/index.ts";
import {
  kindByTag,
  kindOf,
  type StaticCheckCode,
  type Transaction,
  type TransactionBase,
} from "./transactions/index.ts";

export interface SignedTransaction {
  readonly transaction: Transaction;
  readonly signature: Signature;
}

declare const verified: unique symbol;

/** A transaction whose signature is known to be its sender's. Only this file makes one. */
export interface VerifiedTransaction extends SignedTransaction {
  readonly hash: Hash;
  /** The canonical encoding, signature included. */
  readonly encoded: Bytes;
  readonly [verified]: true;
}

export const EIP712_DOMAIN_NAME = "Aureon";
export const EIP712_DOMAIN_VERSION = "1";

/** What binds signatures to one chain: the EIP-712 domain whose salt is the genesis hash. */
export interface SigningDomain {
  readonly genesisHash: Hash;
  readonly separator: Bytes;
}

export function createSigningDomain(genesisHash: Hash): SigningDomain {
  const separator = hashDomain({
    name: EIP712_DOMAIN_NAME,
    version: EIP712_DOMAIN_VERSION,
    salt: hexToBytes(genesisHash),
  });
  return { genesisHash, separator };
}

/** The 32 bytes that the sender signs. */
function signingDigest(transaction: Transaction, domain: SigningDomain): Bytes {
  return typedDataDigest({
    domainSeparator: domain.separator,
    structHash: kindOf(transaction).structHash(transaction),
  });
}

/** The transaction's hash: its EIP-712 digest, known before it is signed. */
export function transactionHash(transaction: Transaction, domain: SigningDomain): Hash {
  return bytesToHash(signingDigest(transaction, domain));
}

export function encodeTransaction(signed: SignedTransaction): Bytes {
  const { transaction } = signed;
  const kind = kindOf(transaction);
  const writer = new Writer();
  writer
    .u8(kind.tag)
    .hex(transaction.from)
    .u64(transaction.nonce)
    .u64(transaction.gasLimit)
    .u64(transaction.gasPrice)
    .u64(transaction.expiry);
  kind.write(writer, transaction);
  return writer.hex(signed.signature).finish();
}

function readTransaction(reader: Reader): SignedTransaction {
  const tag = reader.u8();
  const kind = kindByTag(tag);
  reader.expect(kind !== undefined, `there is no transaction kind ${tag}`);
  const base: TransactionBase = {
    from: reader.hex(ADDRESS_SIZE_BYTES) as Address,
    nonce: reader.u64() as Nonce,
    gasLimit: reader.u64() as Gas,
    gasPrice: reader.u64() as GasPrice,
    expiry: reader.u64() as Height,
  };
  // `expect` has refused an unknown tag, and each kind's `read` returns its own type.
  const transaction = kind?.read(reader, base) as Transaction;
  return { transaction, signature: reader.hex(SIGNATURE_SIZE_BYTES) as Signature };
}

export function decodeTransaction(bytes: Bytes): Decoded<SignedTransaction> {
  return decodeWith(bytes, readTransaction);
}

const FIELD_CHECKS: Record<TypedField["type"], { isValid: (value: unknown) => boolean; expected: string }> = {
  address: { isValid: isAddress, expected: "an address of 20 bytes in lower-case hex" },
  uint64: { isValid: isUint, expected: "an integer from 0 to 2^53-1" },
  string: { isValid: (value) => typeof value === "string", expected: "text" },
  bytes: { isValid: (value) => value instanceof Uint8Array, expected: "bytes" },
};

/** The rules that need nothing but the transaction itself; the signature is not looked at. */
export function checkTransaction(transaction: Transaction): Refusal<StaticCheckCode> | undefined {
  const kind = kindOf(transaction);
  for (const { name, type } of kind.struct.fields) {
    const { isValid, expected } = FIELD_CHECKS[type];
    if (!isValid((transaction as unknown as Record<string, unknown>)[name])) {
      return { code: "invalid_transaction", message: `${name} is not ${expected}`, details: { field: name } };
    }
  }
  // The account's nonce becomes one more, which must stay a safe integer.
  if (transaction.nonce === Number.MAX_SAFE_INTEGER) {
    return { code: "invalid_transaction", message: "nonce is 2^53-1; the account could not count any further" };
  }
  const refusal = kind.check(transaction);
  if (refusal !== undefined) return refusal;
  const gasNeeded = kind.intrinsicGas(transaction);
  if (transaction.gasLimit < gasNeeded) {
    return {
      code: "gas_limit_too_low",
      message: `gasLimit is ${transaction.gasLimit}; this transaction needs at least ${gasNeeded}`,
      details: { gasLimit: transaction.gasLimit, gasNeeded },
    };
  }
  return undefined;
}

/** Recovers the signer and compares it with `from`. */
export function verifyTransaction(
  signed: SignedTransaction,
  domain: SigningDomain,
): Result<VerifiedTransaction, "invalid_signature"> {
  const digest = signingDigest(signed.transaction, domain);
  const signer = recoverSigner({ digest, signature: signed.signature });
  if (signer !== signed.transaction.from) {
    return refuse(
      "invalid_signature",
      signer === undefined
        ? "the signature is not a canonical one (low S, parity 0 or 1) of any key"
        : `the signature over this chain's typed data is by ${signer}, not by ${signed.transaction.from}`,
      signer === undefined ? { from: signed.transaction.from } : { from: signed.transaction.from, signer },
    );
  }
  return accept(assumeVerified({ signed, hash: bytesToHash(digest), encoded: encodeTransaction(signed) }));
}

/** Takes the word of another thread of this node that `verifyTransaction` accepted the transaction. */
export function assumeVerified(options: {
  signed: SignedTransaction;
  hash: Hash;
  encoded: Bytes;
}): VerifiedTransaction {
  const { signed, hash, encoded } = options;
  return { transaction: signed.transaction, signature: signed.signature, hash, encoded } as VerifiedTransaction;
}

/** Signs with the key of `from`. */
export function signTransaction(options: {
  transaction: Transaction;
  secretKey: Bytes;
  domain: SigningDomain;
}): VerifiedTransaction {
  const { transaction, secretKey, domain } = options;
  const digest = signingDigest(transaction, domain);
  const signed = { transaction, signature: sign({ digest, secretKey }) };
  return assumeVerified({ signed, hash: bytesToHash(digest), encoded: encodeTransaction(signed) });
}
