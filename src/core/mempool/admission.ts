// The rules that decide whether a transaction may wait in the mempool, cheapest first. The signature has been verified.

import type { Amount, Height, Nonce, Refusal } from "../primitives/index.ts";
import {
  type ChainParameters,
  checkTransaction,
  costMax,
  kindOf,
  type StaticCheckCode,
  type Transaction,
  type VerifiedTransaction,
} from "../protocol/index.ts";

export type AdmissionCode =
  | StaticCheckCode
  | "already_known"
  | "nonce_too_low"
  | "nonce_too_far"
  | "insufficient_balance"
  | "unknown_sender"
  | "gas_price_too_low"
  | "gas_limit_too_high"
  | "transaction_too_large"
  | "replacement_underpriced"
  | "expired"
  | "quarantined"
  | "mempool_full";

export type AdmissionRefusal = Refusal<AdmissionCode>;

/** What admission needs to know of the sender's account at the head. */
export interface SenderAccount {
  readonly balance: Amount;
  readonly stake: Amount;
  readonly nonce: Nonce;
}

/** A transaction may be this far past the first nonce that is missing. */
const NONCE_GAP_MAX = 64;
/** A header and a body's length prefixes beside the transaction. */
const BLOCK_OVERHEAD_BYTES = 1024;

/** Rules that need the chain's parameters and the head's height. */
export function checkAgainstChain(options: {
  transaction: VerifiedTransaction;
  parameters: ChainParameters;
  height: Height;
}): AdmissionRefusal | undefined {
  const { parameters, height } = options;
  const { transaction, encoded } = options.transaction;
  const refusal = checkTransaction(transaction);
  if (refusal !== undefined) return refusal;
  const sizeBytesMax = parameters.blockSizeBytesMax - BLOCK_OVERHEAD_BYTES;
  if (encoded.length > sizeBytesMax) {
    return {
      code: "transaction_too_large",
      message: `the transaction has ${encoded.length} bytes; a block of this chain takes at most ${sizeBytesMax}`,
      details: { sizeBytes: encoded.length, sizeBytesMax },
    };
  }
  const newStateBytes = kindOf(transaction).newStateBytes(transaction);
  const { newStateBytesMax } = parameters;
  if (newStateBytes > newStateBytesMax) {
    return {
      code: "transaction_too_large",
      message: `the transaction adds ${newStateBytes} bytes to the state; a block of this chain adds at most ${newStateBytesMax}`,
      details: { newStateBytes, newStateBytesMax },
    };
  }
  const { expiry, gasPrice, gasLimit } = transaction;
  if (expiry !== 0 && expiry <= height) {
    return {
      code: "expired",
      message: `expiry is ${expiry} and the head is at ${height}; expiry is the last height that may include it`,
      details: { expiry, height },
    };
  }
  if (gasPrice < parameters.gasPriceMin) {
    return {
      code: "gas_price_too_low",
      message: `gasPrice is ${gasPrice}; this chain takes at least ${parameters.gasPriceMin}`,
      details: { gasPrice, gasPriceMin: parameters.gasPriceMin },
    };
  }
  if (gasLimit > parameters.blockGasLimit) {
    return {
      code: "gas_limit_too_high",
      message: `gasLimit is ${gasLimit}; a block of this chain has ${parameters.blockGasLimit}`,
      details: { gasLimit, blockGasLimit: parameters.blockGasLimit },
    };
  }
  return undefined;
}

/** Rules that need the sender's account and the first nonce that no transaction of it has. */
export function checkAgainstSender(options: {
  transaction: Transaction;
  account: SenderAccount;
  nextNonce: Nonce;
  isAllowListed: boolean;
}): AdmissionRefusal | undefined {
  const { transaction, account, nextNonce, isAllowListed } = options;
  const { nonce, from } = transaction;
  if (nonce < account.nonce) {
    return {
      code: "nonce_too_low",
      message: `nonce is ${nonce}; the account has used it and takes ${nextNonce} next`,
      details: { nonce, accountNonce: account.nonce, nextNonce },
    };
  }
  if (nonce > nextNonce + NONCE_GAP_MAX) {
    return {
      code: "nonce_too_far",
      message: `nonce is ${nonce}; the next is ${nextNonce}, and at most ${NONCE_GAP_MAX} may be left out before it`,
      details: { nonce, nextNonce, gapMax: NONCE_GAP_MAX },
    };
  }
  if (account.balance === 0 && account.stake === 0 && !isAllowListed) {
    return {
      code: "unknown_sender",
      message: `${from} has neither balance nor stake and is not on the chain's allow-list`,
      details: { from },
    };
  }
  const cost = costMax(transaction);
  if (cost === undefined || cost > account.balance) {
    return {
      code: "insufficient_balance",
      message: `amount and highest fee come to ${cost ?? "more than 2^53-1"}; the balance is ${account.balance}`,
      details: cost === undefined ? { balance: account.balance } : { balance: account.balance, cost },
    };
  }
  return undefined;
}
