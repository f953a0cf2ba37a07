// What a replica checks of a transaction before its mempool does.

import { isEnabled } from "../execution/index.ts";
import type { Refusal } from "../primitives/index.ts";
import type { Transaction } from "../protocol/index.ts";

/** Refuses the kinds that this version of the protocol does not execute. */
export function checkEnabled(transaction: Transaction): Refusal<"not_yet_enabled"> | undefined {
  if (isEnabled(transaction)) return undefined;
  return {
    code: "not_yet_enabled",
    message: `${transaction.type} transactions are well-formed but not yet executed by this version of the protocol`,
    details: { type: transaction.type },
  };
}
