// Why a node could not start, or died, in words for its operator.

import { AssertionError } from "../core/primitives/index.ts";
import { explainStoreFailure, StoreError } from "../io/sqlite/index.ts";
import type { StartFailureCode } from "./protocol.ts";

export interface NodeFailure {
  readonly code: StartFailureCode;
  readonly message: string;
}

/** A failure of the environment; anything else is a fault of ours. */
export function toFailure(error: unknown): NodeFailure {
  const failure = error instanceof StoreError ? error : explainStoreFailure(error);
  if (failure !== undefined) return { code: failure.code, message: failure.message };
  const { code, message } = error as { code?: unknown; message: string };
  // Node's file system errors have names such as EACCES.
  return { code: typeof code === "string" && /^E[A-Z]+$/.test(code) ? "datadir_unusable" : "fault", message };
}

/** As `toFailure`, of a database that was just opened: what an assertion finds wrong there is what was stored. */
export function toOpeningFailure(error: unknown): NodeFailure {
  if (!(error instanceof AssertionError)) return toFailure(error);
  const message = `the database is damaged; this does not hold: ${error.message}`;
  return { code: "database_corrupt", message };
}

/** What block 0 of the store says of the configuration; undefined when they are of one chain. */
export function genesisMismatch(found: string | undefined, expected: string): NodeFailure | undefined {
  if (found === undefined || found === expected) return undefined;
  const message = `the data folder holds the chain ${found}, but the configuration describes ${expected}`;
  return { code: "genesis_mismatch", message };
}

/** @param what is what a trial showed */
export function stackTooSmall(what: string): NodeFailure {
  const message = `this machine gives a thread too small a stack for contracts: ${what}. Raise it (ulimit -s) and start again`;
  return { code: "fault", message };
}

export const INCONSISTENT_STATE: NodeFailure = {
  code: "database_corrupt",
  message: "the stored state is not the one that the last block commits to: the database is damaged",
};
