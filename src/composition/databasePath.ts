// Where a node keeps its chain.

import { resolve } from "node:path";
import type { StartNodeOptions } from "../app/cli/index.ts";

const DATABASE_FILE = "chain.sqlite";

export function databasePathOf({ config, datadir }: StartNodeOptions): string {
  return resolve(datadir, config.database.path, DATABASE_FILE);
}
