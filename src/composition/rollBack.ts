// Joins the rollback of a chain to the command that asks for it.

import { EXIT_CODES, type RollbackOptions, type RollbackReport, StartError } from "../app/cli/index.ts";
import { rollBackChain } from "../threads/rollback.ts";
import { databasePathOf } from "./databasePath.ts";
import { EXIT_CODE_OF_FAILURE } from "./failures.ts";

/** @throws StartError where the reason is one that users can mend */
export function rollBack(options: RollbackOptions): RollbackReport {
  const { config, genesis, datadir, height } = options;
  const result = rollBackChain({
    datadir,
    databasePath: databasePathOf(options),
    genesis,
    cacheSizeMb: config.database.cacheSizeMb,
    compression: config.database.compression,
    reorgDepthMax: config.network.maxReorgDepth,
    height,
  });
  if (result.ok) return result.report;
  const { code, message } = result.failure;
  throw new StartError(code === "height_out_of_range" ? EXIT_CODES.usage : EXIT_CODE_OF_FAILURE[code], message);
}
