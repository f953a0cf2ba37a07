// What a replica checks of a transaction before its mempool does.

import { isEnabled } from "../execution/index.ts";
import type { Mempool } from "../mempool/index.ts";
import type { Height, Refusal } from "../primitives/index.ts";
import type { Transaction, VerifiedTransaction } from "../protocol/index.ts";
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
  { hash, transaction }: VerifiedTransaction,
  context: { machine: VirtualMachine; height: Height; pool: Pick<Mempool, "get"> },
): Refusal<ModuleCode> | undefined {
  const { machine, height, pool } = context;
  // What waits has been checked when it came.
  if (transaction.type !== "deploy" || pool.get(hash) !== undefined) return undefined;
  return machine.checkModule(transaction.code, (height + 1) as Height);
}
