// What ends a node, as an exit code and words.

import { EXIT_CODES, StartError } from "../app/cli/index.ts";
import type { NodeFailure } from "../threads/failure.ts";

export const EXIT_CODE_OF_FAILURE = {
  datadir_locked: EXIT_CODES.datadirLocked,
  database_corrupt: EXIT_CODES.databaseCorrupt,
  database_newer: EXIT_CODES.databaseCorrupt,
  datadir_unusable: EXIT_CODES.usage,
  disk_full: EXIT_CODES.runtime,
  genesis_mismatch: EXIT_CODES.genesisMismatch,
  network_unavailable: EXIT_CODES.usage,
  fault: EXIT_CODES.runtime,
} as const satisfies Record<NodeFailure["code"], number>;

export function toStartError(failure: NodeFailure): StartError {
  return new StartError(EXIT_CODE_OF_FAILURE[failure.code], failure.message);
}
