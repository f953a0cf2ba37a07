// What a replica checks of a transaction before its mempool does.

import { isEnabled } from "../execution/index.ts";
import type { Height, Refusal } from "../primitives/index.ts";
import type { Transaction } from "../protocol/index.ts";
import type { ModuleCode, VirtualMachine } from "../vm/index.ts";

/** Refuses the kinds that this version of the protocol does not execute. */
export function checkEnabled(transaction: Transaction): Refusal<"not_yet_enabled"> | undefined {
  if (isEnabled(transaction)) return undefined;
  return {
    code: "not_yet_enabled",
    message: `${transaction.type} transactions are well-formed but not yet executed by this version of the protocol`,
    details: { type: transaction.type },
  };
}

/** Refuses a deploy whose module could only fail, so that its sender sees what to change and pays nothing. */
export function checkContract(
  transaction: Transaction,
  context: { machine: VirtualMachine; height: Height },
): Refusal<ModuleCode> | undefined {
  return transaction.type === "deploy" ? context.machine.checkModule(transaction.code, context.height) : undefined;
}
