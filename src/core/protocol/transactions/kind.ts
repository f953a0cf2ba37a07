// What every kind of transaction declares about itself. Shared code goes through this interface and never asks which kind
// it has before it.

import type { TypedStruct, TypedValue } from "../../crypto/index.ts";
import type { Address, Amount, Gas, GasPrice, Height, Nonce, Reader, Refusal, Writer } from "../../primitives/index.ts";

/** The fields that all kinds have. */
export interface TransactionBase {
  readonly from: Address;
  readonly nonce: Nonce;
  /** The most gas that the sender pays for. */
  readonly gasLimit: Gas;
  readonly gasPrice: GasPrice;
  /** The last height at which the transaction is valid; 0 for no end. */
  readonly expiry: Height;
}

export type StaticCheckCode = "invalid_transaction" | "gas_limit_too_low";

export interface TransactionKind<Transaction extends TransactionBase> {
  /** The name in JSON. */
  readonly type: string;
  /** The first byte of the encoding. */
  readonly tag: number;
  /** What a wallet signs, apart from the signature's own encoding. */
  readonly struct: TypedStruct;
  readonly structHash: (transaction: Transaction) => Uint8Array;
  /** Writes the fields beyond the base. */
  readonly write: (writer: Writer, transaction: Transaction) => void;
  /** Reads the fields beyond the base. */
  readonly read: (reader: Reader, base: TransactionBase) => Transaction;
  /** Gas charged before anything runs. */
  readonly intrinsicGas: (transaction: Transaction) => Gas;
  /** Bytes of keys and values that it adds to the state if it succeeds and nothing of it is there yet. */
  readonly newStateBytes: (transaction: Transaction) => number;
  /** What the transaction takes from the sender besides the fee. */
  readonly outgoing: (transaction: Transaction) => Amount;
  /** Rules that need nothing but the transaction. */
  readonly check: (transaction: Transaction) => Refusal<StaticCheckCode> | undefined;
}

/** The fields that every struct ends with, in the order that is signed. */
export const BASE_FIELDS = [
  { name: "nonce", type: "uint64" },
  { name: "gasLimit", type: "uint64" },
  { name: "gasPrice", type: "uint64" },
  { name: "expiry", type: "uint64" },
] as const;

export function baseValues(transaction: TransactionBase): readonly TypedValue[] {
  return [transaction.nonce, transaction.gasLimit, transaction.gasPrice, transaction.expiry];
}
