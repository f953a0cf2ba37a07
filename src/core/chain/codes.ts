// Why a block is not imported. Only some of these say that its hash is invalid for good; a peer's block can also be early,
// known, or carry somebody else's body.

import type { ConsensusCode } from "../consensus/index.ts";
import type { ExecutionCode } from "../execution/index.ts";
import type { Refusal } from "../primitives/index.ts";

export type ImportCode =
  | ConsensusCode
  | ExecutionCode
  | "known_block"
  | "unknown_parent"
  | "invalid_parent"
  | "reorg_too_deep"
  | "side_chain"
  | "invalid_height"
  | "body_mismatch"
  | "block_too_large"
  | "gas_mismatch"
  | "receipts_mismatch"
  | "state_mismatch";

export type ImportRefusal = Refusal<ImportCode>;

/** What depends on this node and its clock, or is about a body in whose place another one may fit the header. */
const PASSING: ReadonlySet<ImportCode> = new Set([
  "known_block",
  "unknown_parent",
  "reorg_too_deep",
  "side_chain",
  "timestamp_ahead",
  "body_mismatch",
  "unexpected_votes",
]);

/** Whether a refusal with this code holds for every block with the hash, everywhere and for good. */
export function isHashInvalid(code: ImportCode): boolean {
  return !PASSING.has(code);
}
