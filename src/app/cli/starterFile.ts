// Writes the configuration of a new chain.

import { resolve } from "node:path";
import { bytesToHash, HASH_SIZE_BYTES, type TimestampMs } from "../../core/primitives/index.ts";
import { renderDevelopmentStarter, renderStarter } from "../config/index.ts";
import type { CliDependencies } from "./dependencies.ts";
import { type FileResult, writeText } from "./files.ts";

export interface StarterFileOptions {
  readonly fileName: string;
  readonly development: boolean;
  /** The usual one where it is undefined. */
  readonly chainName: string | undefined;
  readonly port: number | undefined;
  readonly overwrite: boolean;
}

/** Random entropy and the current time make each chain one of its own. */
export function writeStarterFile(dependencies: CliDependencies, options: StarterFileOptions): FileResult {
  const { development, fileName, overwrite, port } = options;
  const render = development ? renderDevelopmentStarter : renderStarter;
  const text = render({
    chainName: options.chainName ?? (development ? "aureon-dev" : "aureon"),
    timestampMs: dependencies.nowMs() as TimestampMs,
    entropy: bytesToHash(dependencies.randomBytes(HASH_SIZE_BYTES)),
    port,
  });
  return writeText(resolve(dependencies.cwd, fileName), text, { overwrite });
}
