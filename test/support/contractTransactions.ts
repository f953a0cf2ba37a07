// Deploys and calls for tests of chains and replicas.

import type { Address, Amount, Bytes, Gas, GasPrice, Height, Nonce } from "../../src/core/primitives/index.ts";
import { type Call, type Deploy, kindOf } from "../../src/core/protocol/index.ts";

/** Beside what the bytes of a transaction cost. */
const GAS = 10_000_000;

interface Fields {
  readonly from: Address;
  readonly nonce: number;
  readonly amount?: number;
  readonly gas?: number;
  readonly gasPrice?: number;
  readonly args?: string;
}

function baseOf({ from, nonce, amount = 0, gasPrice = 0, args = "" }: Fields) {
  return {
    from,
    nonce: nonce as Nonce,
    amount: amount as Amount,
    gasLimit: 0 as Gas,
    gasPrice: gasPrice as GasPrice,
    expiry: 0 as Height,
    args,
  };
}

export function deployOf(fields: Fields & { code: Bytes }): Deploy {
  const draft: Deploy = { ...baseOf(fields), type: "deploy", code: fields.code };
  return { ...draft, gasLimit: (kindOf(draft).intrinsicGas(draft) + (fields.gas ?? GAS)) as Gas };
}

export function callOf(fields: Fields & { to: Address; name: string }): Call {
  const draft: Call = { ...baseOf(fields), type: "call", to: fields.to, function: fields.name };
  return { ...draft, gasLimit: (kindOf(draft).intrinsicGas(draft) + (fields.gas ?? GAS)) as Gas };
}
