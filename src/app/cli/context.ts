// What every command gets, and the words in which commands refuse.

import type { Environment } from "../config/index.ts";
import type { CliDependencies } from "./dependencies.ts";
import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import type { Invocation } from "./parse.ts";

export interface CommandContext {
  readonly invocation: Invocation;
  readonly environment: Environment;
  readonly dependencies: CliDependencies;
}

export type Command = (context: CommandContext) => ExitCode | Promise<ExitCode>;

/** Says what is wrong and answers with the exit code for it. */
export function refuseUsage(dependencies: CliDependencies, message: string): ExitCode {
  dependencies.stderr(`aureon: ${message}\n`);
  return EXIT_CODES.usage;
}

export function failAtRuntime(dependencies: CliDependencies, message: string): ExitCode {
  dependencies.stderr(`aureon: ${message}\n`);
  return EXIT_CODES.runtime;
}
