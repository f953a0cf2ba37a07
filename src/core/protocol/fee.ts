// Fees: gas times price, in micro-units, rounded up to whole units of the token.

import { type Amount, type Gas, type GasPrice, mulDivCeil, UINT_MAX } from "../primitives/index.ts";
import { GAS_PRICE_DIVISOR } from "./gas.ts";
import { kindOf, type Transaction } from "./transactions/index.ts";

/** ceil(gas x price / 1,000,000); undefined when that passes 2^53-1, which no account could pay. */
export function feeOf(options: { gas: Gas; price: GasPrice }): Amount | undefined {
  const { gas, price } = options;
  if (BigInt(gas) * BigInt(price) > BigInt(UINT_MAX) * BigInt(GAS_PRICE_DIVISOR)) return undefined;
  return mulDivCeil({ left: gas, right: price, divisor: GAS_PRICE_DIVISOR }) as Amount;
}

/** The most that a transaction can take from its sender; undefined when it passes 2^53-1. */
export function costMax(transaction: Transaction): Amount | undefined {
  const fee = feeOf({ gas: transaction.gasLimit, price: transaction.gasPrice });
  if (fee === undefined) return undefined;
  const sum = fee + kindOf(transaction).outgoing(transaction);
  return Number.isSafeInteger(sum) ? (sum as Amount) : undefined;
}
