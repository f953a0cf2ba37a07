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
  | "side_chain"
  | "invalid_height"
  | "body_mismatch"
  | "block_too_large"
  | "gas_mismatch"
  | "receipts_mismatch"
  | "state_mismatch";

export type ImportRefusal = Refusal<ImportCode>;
